use happysim::prelude::*;
use suite::scripted::{
    Backend, Caller, Flaky, Job, assert_times, assert_within, at, effort, fails_after,
};

topology! {
    Doubled {
        param count: u64 = 1;
        source users: Arrivals::constant(Rate::per_second(100.0)).limit(count) emits Job;
        node safe: Fallback;
        node primary: Flaky { time: 100ms, failure: Chance::new(Probability::new(0.2)) };
        node second: Flaky { time: 300ms, failure: Chance::new(Probability::new(0.05)) };
        users -> safe;
        safe.primary -> primary;
        safe.fallback -> second;
    }
}

#[test]
fn res_fallback_v() {
    let (count, wider) = effort(400_000);
    let report = Doubled::new(DoubledParams { count }).seed(4).run().expect("a run");
    let safe = report.node("safe");
    let used = safe.metric("fallbacks").as_f64() / count as f64;
    let failed = safe.requests().failed as f64 / count as f64;
    assert_within("used", used, 0.2, 0.01 * wider);
    assert_within("failed", failed, 0.01, 0.03 * wider);
    let requests = safe.requests();
    let sum = |latency: &Option<happysim::report::LatencyReport>| {
        latency.as_ref().map_or(0.0, |it| it.mean.as_secs_f64() * it.count as f64)
    };
    let mean = (sum(&requests.latency) + sum(&requests.failed_latency)) / count as f64;
    assert_within("latency", mean, 0.16, 0.01 * wider);
    assert!(safe.is_conserved());
}

#[test]
fn a_value_replaces_chosen_failures_only() {
    topology! {
        Valued {
            source users: at(&[0.0, 1.0]) emits Job = |arrival| Job { number: arrival.number };
            node caller: Caller;
            node backend: Backend {
                plan: |number, _, _| match number {
                    0 => fails_after(millis(100)),
                    _ => (millis(200), Err(Failure::Application("no"))),
                },
            };
            users -> caller -> FallbackValue {
                value: |_| (), falls_back: |failure| failure == Failure::Crashed,
            } -> backend;
        }
    }
    let mut simulation = Valued::new(default()).build().expect("valid parameters");
    simulation.run().expect("a run without errors");
    let done = &simulation.caller.replicas[0].done;
    assert_eq!(done[0].outcome, Ok(()));
    assert_eq!(done[1].outcome, Err(Failure::Application("no")));
    assert_times(&[done[0].ended, done[1].ended], &[0.1, 1.2]);
}
