use happysim::prelude::*;
use suite::scripted::{
    Backend, Caller, Fate, Flaky, Job, answers_after, assert_times, assert_within, at, effort,
    fails_after,
};

topology! {
    /// One client in front of a backend with a plan.
    Single {
        param arrivals: Arrivals = at(&[0.0]);
        param retry: RetryPolicy = no_retry;
        param budget: Option<Budget> = None;
        param plan: fn(u64, u64, Instant) -> Fate =
            (|_, _, _| fails_after(millis(100))) as fn(u64, u64, Instant) -> Fate;

        source users: arrivals emits Job = |arrival| Job { number: arrival.number };
        node caller: Caller;
        node client: Client { retry: retry, budget: budget };
        node backend: Backend { plan: plan };

        users -> caller -> client -> backend;
    }
}

fn single(params: SingleParams) -> Simulation<Single> {
    let mut simulation = Single::new(params).build().expect("valid parameters");
    simulation.run().expect("a run without errors");
    simulation
}

fn built(policy: happysim::components::client::RetryPolicyBuilder) -> RetryPolicy {
    policy.build().expect("a valid policy")
}

#[test]
fn cl_fixed_v() {
    let retry = built(RetryPolicy::fixed(4, seconds(1)));
    let simulation = single(SingleParams { retry, ..default() });
    assert_times(&simulation.backend.replicas[0].times(), &[0.0, 1.1, 2.2, 3.3]);
    let done = simulation.caller.replicas[0].done[0];
    assert_times(&[done.ended], &[3.4]);
    assert_eq!(done.outcome, Err(Failure::Crashed));

    let report = simulation.report();
    let client = report.node("client");
    assert_eq!(client.requests().arrived, 1, "a request");
    assert_eq!(client.metric("attempts").as_count(), Some(4));
    assert_eq!(client.metric("retries").as_count(), Some(3));
    assert_eq!(client.requests().failed, 1, "an outcome");
    assert!(client.is_conserved() && report.node("backend").is_conserved());
}

#[test]
fn cl_exp_v() {
    let retry = built(RetryPolicy::exponential(6, millis(100)..seconds(1)));
    let plan: fn(u64, u64, Instant) -> Fate = |_, _, _| fails_after(millis(50));
    let simulation = single(SingleParams { retry, plan, ..default() });
    let sent = [0.0, 0.15, 0.4, 0.85, 1.7, 2.75];
    assert_times(&simulation.backend.replicas[0].times(), &sent);
    assert_times(&[simulation.caller.replicas[0].done[0].ended], &[2.8]);
}

#[test]
fn a_success_ends_the_attempts() {
    let retry = built(RetryPolicy::fixed(5, seconds(1)));
    let plan: fn(u64, u64, Instant) -> Fate =
        |_, before, _| if before < 2 { fails_after(millis(100)) } else { answers_after(millis(5)) };
    let simulation = single(SingleParams { retry, plan, ..default() });
    let done = simulation.caller.replicas[0].done[0];
    assert_times(&[done.ended], &[2.205]);
    assert_eq!(done.outcome, Ok(()));
    assert_eq!(simulation.report().node("client").requests().ok, 1);
}

#[test]
fn only_chosen_failures_are_retried() {
    let retry = RetryPolicy::fixed(3, millis(10)).only_if(|failure| failure != Failure::Crashed);
    let simulation = single(SingleParams { retry: built(retry), ..default() });
    assert_eq!(simulation.backend.replicas[0].times().len(), 1);
}

#[test]
fn the_parameters_of_a_policy_may_be_profiles() {
    // The delay doubles at 1 s.
    let delay = profile! { hold 200ms for 1s; hold 400ms };
    let retry = built(RetryPolicy::fixed(5, delay));
    let simulation = single(SingleParams { retry, ..default() });
    assert_times(&simulation.backend.replicas[0].times(), &[0.0, 0.3, 0.6, 0.9, 1.4]);

    let attempts = profile! { hold 5 for 1s; hold 2 };
    let retry = built(RetryPolicy::fixed(attempts, millis(400)));
    let simulation = single(SingleParams { retry, ..default() });
    // Failures at 0.1, 0.6 and 1.1 s: after the third, two are the most.
    assert_times(&simulation.backend.replicas[0].times(), &[0.0, 0.5, 1.0]);
}

#[test]
fn a_budget_limits_retries_to_a_share_of_the_requests() {
    // 100 requests, every one fails; half a token each, two in reserve at first.
    let times: Vec<f64> = (0..100).map(|second| f64::from(second) * 10.0).collect();
    let retry = built(RetryPolicy::fixed(4, seconds(1)));
    let budget = Some(Budget::new(Probability::new(0.5), 2_usize));
    let simulation = single(SingleParams { arrivals: at(&times), retry, budget, ..default() });
    let report = simulation.report();
    let client = report.node("client");
    // The full bucket gives 2 retries to the first request; after that one for two requests.
    assert_eq!(client.metric("retries").as_count(), Some(2 + 99 / 2));
    assert_eq!(client.metric("attempts").as_count(), Some(100 + 2 + 99 / 2));
    assert_eq!(client.metric("over budget").as_count(), Some(100));
}

#[test]
fn wrong_policies_are_refused_with_their_values() {
    topology! {
        Refused {
            param attempts: usize = 3;
            param first: Duration = 1s;
            param multiplier: f64 = 2.0;
            param spread: f64 = 0.5;
            source users: at(&[0.0]) emits Job;
            node none: Client { retry: fixed(attempts, 1s) };
            node upside: Client { retry: exponential(3, first..1s, full_jitter) };
            node shrinking: Client { retry: exponential(3, 1s..2s, no_jitter).multiplier(multiplier) };
            node negative: Client { retry: exponential(3, 1s..2s, proportional_jitter(spread)) };
            node backend: Backend { plan: |_, _, _| answers_after(millis(1)) };
            users -> none -> upside -> shrinking -> negative -> backend;
        }
    }
    let error = Refused::new(RefusedParams {
        attempts: 0,
        first: seconds(2),
        multiplier: 0.5,
        spread: -0.5,
    });
    let error = error.build();
    let error = error.expect_err("four wrong parameters").to_string();
    for part in ["none", "upside", "shrinking", "negative", "`retry`", "attempts", "0.5", "-0.5"] {
        assert!(error.contains(part), "`{part}` is missing: {error}");
    }
}

#[test]
fn cl_layers_v() {
    topology! {
        Layers {
            source users: at(&[0.0]) emits Job;
            #[allow(happysim::retry_amplification, reason = "that is what is counted")]
            node first: Client { retry: fixed(3, 0s) };
            node second: Client { retry: fixed(3, 0s) };
            node third: Client { retry: fixed(3, 0s) };
            node backend: Backend { plan: |_, _, _| fails_after(millis(1)) };
            users -> first -> second -> third -> backend;
        }
    }
    let report = Layers::new(default()).run().expect("a run without errors");
    let arrived = |node: &str| report.node(node).requests().arrived;
    assert_eq!([arrived("second"), arrived("third"), arrived("backend")], [3, 9, 27]);
}

#[test]
fn cl_amp_v() {
    topology! {
        Amplified {
            param count: u64 = 400_000;
            source users: Arrivals::constant(Rate::per_second(1000.0)).limit(count) emits Job;
            node client: Client { retry: fixed(3, 0s) };
            node backend: Flaky { time: 1ms, failure: Chance::new(Probability::new(0.3)) };
            users -> client -> backend;
        }
    }
    let (count, wider) = effort(400_000);
    let report = Amplified::new(AmplifiedParams { count }).seed(3).run();
    let report = report.expect("a run without errors");
    let attempts = report.node("backend").requests().arrived as f64 / count as f64;
    let failed = report.node("client").requests().failed as f64 / count as f64;
    assert!((attempts - 1.39).abs() < 0.004_088_520_515 * wider, "{attempts}");
    assert!((failed - 0.027).abs() < 0.001_025_104_873 * wider, "{failed}");
    assert!(report.node("client").is_conserved());
}

/// The delays between the attempts of each request, by retry.
fn delays(came: &[(u64, f64)], requests: u64) -> Vec<Vec<f64>> {
    let mut last: Vec<Option<f64>> = vec![None; requests as usize];
    let mut retries: Vec<usize> = vec![0; requests as usize];
    let mut delays: Vec<Vec<f64>> = Vec::new();
    for (number, at) in came {
        let number = *number as usize;
        if let Some(before) = last[number] {
            let retry = retries[number];
            delays.resize_with(delays.len().max(retry + 1), Vec::new);
            delays[retry].push(at - before);
            retries[number] += 1;
        }
        last[number] = Some(*at);
    }
    delays
}

topology! {
    /// Every request fails at once; many are under way at the same time.
    Delayed {
        param count: u64 = 400_000;
        param retry: RetryPolicy = no_retry;
        source users: Arrivals::constant(Rate::per_second(10_000.0)).limit(count)
            emits Job = |arrival| Job { number: arrival.number };
        node client: Client { retry: retry };
        node backend: Backend { plan: |_, _, _| fails_after(Duration::ZERO) };
        users -> client -> backend;
    }
}

fn drawn(count: u64, policy: happysim::components::client::RetryPolicyBuilder) -> Vec<Vec<f64>> {
    let params = DelayedParams { count, retry: built(policy) };
    let mut simulation = Delayed::new(params).seed(11).build().expect("valid parameters");
    simulation.run().expect("a run without errors");
    delays(&simulation.backend.replicas[0].came, count)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn bounds(values: &[f64]) -> (f64, f64) {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    (low, values.iter().copied().fold(0.0, f64::max))
}

#[test]
fn cl_decorr_v() {
    let (count, wider) = effort(400_000);
    let delays = drawn(count, RetryPolicy::decorrelated(7, millis(100)..seconds(1000)));
    let expected = [0.2, 0.35, 0.575, 0.9125, 1.41875, 2.178_125];
    assert_eq!(delays.len(), expected.len());
    for (delays, expected) in delays.iter().zip(expected) {
        assert_eq!(delays.len() as u64, count);
        assert_within("mean delay", mean(delays), expected, 0.02 * wider);
    }
    let (low, high) = bounds(&delays[0]);
    assert!((0.1 - 1e-6..0.1001).contains(&low) && (0.2999..0.3 + 1e-6).contains(&high));
}

#[test]
fn decorrelated_delays_are_capped() {
    let delays = drawn(2_000, RetryPolicy::decorrelated(7, millis(100)..millis(250)));
    for delays in &delays {
        let (low, high) = bounds(delays);
        assert!(low >= 0.1 - 1e-6 && high <= 0.25 + 1e-6, "{low} to {high}");
    }
}

#[test]
fn cl_expjit_v() {
    let (count, wider) = effort(400_000);
    let policy = RetryPolicy::exponential(5, millis(200)..seconds(5));
    let delays = drawn(count, policy.jitter(Jitter::Proportional(0.5.into())));
    let expected = [(0.25, 0.2, 0.3), (0.5, 0.4, 0.6), (1.0, 0.8, 1.2), (2.0, 1.6, 2.4)];
    assert_eq!(delays.len(), expected.len());
    for (delays, (expected, lowest, highest)) in delays.iter().zip(expected) {
        assert_within("mean delay", mean(delays), expected, 0.01 * wider);
        let (low, high) = bounds(delays);
        assert!(low >= lowest - 1e-6 && high <= highest + 1e-6, "{low} to {high}");
    }
}

#[test]
fn full_and_equal_jitter_fill_their_ranges_up_to_the_cap() {
    let policy = || RetryPolicy::exponential(4, millis(100)..millis(150));
    // Undisturbed: 100, 150, 150 ms. The standard error of a mean of 20,000 is 0.3 ms at most.
    let full = drawn(20_000, policy().jitter(Jitter::Full));
    let equal = drawn(20_000, policy().jitter(Jitter::Equal));
    for (retry, undisturbed) in [0.1, 0.15, 0.15].into_iter().enumerate() {
        let (low, high) = bounds(&full[retry]);
        assert!(low < 0.001 && high <= undisturbed + 1e-6 && high > undisturbed - 0.001);
        assert_within("full", mean(&full[retry]), undisturbed / 2.0, 0.03);
        let (low, high) = bounds(&equal[retry]);
        assert!(low >= undisturbed / 2.0 - 1e-6 && high <= undisturbed + 1e-6);
        assert_within("equal", mean(&equal[retry]), undisturbed * 0.75, 0.01);
    }
    let capped = drawn(2_000, policy().jitter(Jitter::Proportional(1.0.into())));
    assert!(bounds(&capped[2]).1 <= 0.15 + 1e-6, "no jitter goes beyond the cap");
}

#[test]
fn a_proportional_jitter_may_be_a_profile() {
    let arrivals = at(&[0.0, 30.0]);
    topology! {
        Calming {
            param arrivals: Arrivals = at(&[0.0]);
            source users: arrivals emits Job = |arrival| Job { number: arrival.number };
            node client: Client {
                retry: exponential(3, 1s..10s, proportional_jitter(profile! { hold 0.0 for 10s; hold 0.5 }))
            };
            node backend: Backend { plan: |_, _, _| fails_after(Duration::ZERO) };
            users -> client -> backend;
        }
    }
    let mut simulation = Calming::new(CalmingParams { arrivals }).build().expect("valid");
    simulation.run().expect("a run without errors");
    let came = simulation.backend.replicas[0].times();
    assert_times(&came[..4], &[0.0, 1.0, 3.0, 30.0]);
    assert!(came[4] > 31.0 && came[4] < 31.5, "{came:?}");
    assert!(came[5] - came[4] > 2.0 && came[5] - came[4] < 3.0, "{came:?}");
}

#[test]
fn a_profile_of_a_jitter_is_nowhere_negative() {
    let falling = profile! { hold 0.5 for 1s; hold -0.25 };
    let policy = RetryPolicy::exponential(3, seconds(1)..seconds(2));
    let refused = policy.jitter(Jitter::Proportional(falling.into())).build();
    let refused = refused.expect_err("a negative jitter");
    assert_eq!(refused.value, "a profile that reaches -0.25");
}
