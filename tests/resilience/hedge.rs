use happysim::prelude::*;
use happysim::report::{HandlerReport, Report};
use suite::scripted::{
    Backend, Caller, Fate, Flaky, Job, answers_after, assert_times, assert_within, at, effort,
    fails_after,
};

topology! {
    /// A hedge before a backend without a queue.
    Hedged {
        param count: u64 = 1;
        param time: Distribution = exp(100ms);
        param delay: Duration = 100ms;
        param hedges: usize = 1;
        source users: Arrivals::constant(Rate::per_second(10.0)).limit(count) emits Job;
        node hedge: Hedge { delay: delay, max_hedges: hedges };
        node backend: Flaky { time: time, failure: Chance::default() };
        users -> hedge -> backend;
    }
}

/// Mean, median, 99 % and 99.9 % of the latency, and hedges by request.
fn shape(report: &Report, count: u64) -> [f64; 5] {
    let requests: &HandlerReport = report.node("hedge").requests();
    assert_eq!(requests.ok, count);
    let latency = requests.latency.as_ref().expect("all were answered");
    let hedges = report.node("hedge").metric("hedges").as_f64() / count as f64;
    let [mean, p50, p99, p999] =
        [latency.mean, latency.p50, latency.p99, latency.p999].map(Duration::as_secs_f64);
    [mean, p50, p99, p999, hedges]
}

#[track_caller]
fn assert_shape(params: HedgedParams, full: u64, expected: [f64; 5]) {
    let (count, wider) = effort(full);
    let report = Hedged::new(HedgedParams { count, ..params }).seed(2).run();
    let found = shape(&report.expect("a run without errors"), count);
    let names = ["mean", "p50", "p99", "p999", "hedges"];
    for (index, tolerance) in [0.01, 0.02, 0.03, 0.06, 0.01].into_iter().enumerate() {
        assert_within(names[index], found[index], expected[index], tolerance * wider);
    }
}

#[test]
fn res_hedge_exp_v() {
    let expected =
        [0.081_606_027_94, 0.069_314_718_06, 0.280_258_509_3, 0.395_387_763_9, 0.367_879_441_2];
    assert_shape(default(), 51_000, expected);
}

#[test]
fn without_hedges_the_tail_is_as_it_was() {
    let (count, wider) = effort(51_000);
    let params = HedgedParams { count, hedges: 0, ..default() };
    let report = Hedged::new(params).seed(2).run().expect("a run without errors");
    let [_, _, p99, _, hedges] = shape(&report, count);
    assert_within("p99", p99, 0.460_517_018_6, 0.03 * wider);
    assert_within("none", hedges + 1.0, 1.0, 0.0);
}

#[test]
fn res_hedge_uni_v() {
    let time = Distribution::uniform(Duration::ZERO..seconds(1)).expect("a valid distribution");
    let params = HedgedParams { time, delay: millis(400), ..default() };
    let expected = [0.464, 0.465_153_077_2, 0.976_393_202_3, 0.997_515_453_7, 0.6];
    assert_shape(params, 17_000, expected);
}

topology! {
    /// Up to two hedges, 100 ms apart, before a backend with a plan.
    Planned {
        param plan: fn(u64, u64, Instant) -> Fate =
            (|_, _, _| answers_after(millis(350))) as fn(u64, u64, Instant) -> Fate;
        param giving_up: GivingUp = abandon;
        param budget: Option<Budget> = None;
        param arrivals: Arrivals = at(&[0.0]);
        source users: arrivals emits Job = |arrival| Job { number: arrival.number };
        node caller: Caller;
        node hedge: Hedge {
            delay: 100ms, max_hedges: 2, giving_up: giving_up, budget: budget,
        };
        node backend: Backend { plan: plan };
        users -> caller -> hedge -> backend;
    }
}

fn planned(params: PlannedParams) -> Simulation<Planned> {
    let mut simulation = Planned::new(params).build().expect("valid parameters");
    simulation.run().expect("a run without errors");
    simulation
}

#[test]
fn a_hedge_is_sent_after_each_delay_and_losers_run_on() {
    let simulation = planned(default());
    let backend = &simulation.backend.replicas[0];
    assert_times(&backend.times(), &[0.0, 0.1, 0.2]);
    assert_times(&[simulation.caller.replicas[0].done[0].ended], &[0.35]);
    let finished: Vec<f64> = backend.finished.iter().map(|(_, at)| *at).collect();
    assert_times(&finished, &[0.35, 0.45, 0.55]);
    let report = simulation.report();
    assert_eq!(report.node("hedge").metric("rescued").as_count(), Some(0));
    assert_eq!(report.node("backend").requests().ok, 3);
    assert!(report.node("hedge").is_conserved() && report.node("backend").is_conserved());
}

#[test]
fn a_faster_hedge_wins() {
    let plan: fn(u64, u64, Instant) -> Fate =
        |_, before, _| answers_after(if before == 1 { millis(50) } else { seconds(5) });
    let simulation = planned(PlannedParams { plan, ..default() });
    assert_times(&[simulation.caller.replicas[0].done[0].ended], &[0.15]);
    assert_times(&simulation.backend.replicas[0].times(), &[0.0, 0.1]);
    let report = simulation.report();
    assert_eq!(report.node("hedge").metric("rescued").as_count(), Some(1));
}

#[test]
fn a_reply_at_the_instant_of_the_hedge_is_in_time() {
    let plan: fn(u64, u64, Instant) -> Fate = |_, _, _| answers_after(millis(100));
    let simulation = planned(PlannedParams { plan, ..default() });
    assert_times(&simulation.backend.replicas[0].times(), &[0.0]);
}

#[test]
fn a_failure_is_no_answer_while_others_are_under_way() {
    // The first fails at 0.15 s; the hedges keep their times; the second answers at 0.3 s.
    let plan: fn(u64, u64, Instant) -> Fate = |_, before, _| match before {
        0 => fails_after(millis(150)),
        1 => answers_after(millis(200)),
        _ => answers_after(seconds(1)),
    };
    let simulation = planned(PlannedParams { plan, ..default() });
    let done = simulation.caller.replicas[0].done[0];
    assert_eq!(done.outcome, Ok(()));
    assert_times(&[done.ended], &[0.3]);
    assert_times(&simulation.backend.replicas[0].times(), &[0.0, 0.1, 0.2]);
}

#[test]
fn when_all_have_failed_the_caller_is_told_at_once() {
    let plan: fn(u64, u64, Instant) -> Fate = |_, _, _| fails_after(millis(130));
    let simulation = planned(PlannedParams { plan, ..default() });
    // 0.13 s: the first failed, the second is under way; 0.23 s: it failed, the third, sent at
    // 0.2 s, is under way; 0.33 s: none is left.
    let done = simulation.caller.replicas[0].done[0];
    assert_eq!((done.outcome, done.number), (Err(Failure::Crashed), 0));
    assert_times(&[done.ended], &[0.33]);

    let plan: fn(u64, u64, Instant) -> Fate = |_, _, _| fails_after(millis(30));
    let simulation = planned(PlannedParams { plan, ..default() });
    assert_times(&[simulation.caller.replicas[0].done[0].ended], &[0.03]);
    assert_times(&simulation.backend.replicas[0].times(), &[0.0]);
}

#[test]
fn cancelled_losers_do_not_run_on() {
    let simulation = planned(PlannedParams { giving_up: GivingUp::Cancel, ..default() });
    let backend = &simulation.backend.replicas[0];
    assert_eq!(backend.finished.len(), 1);
    let report = simulation.report();
    let backend = report.node("backend").requests();
    assert_eq!((backend.ok, backend.failed_for("cancelled"), backend.in_flight), (1, 2, 0));
}

#[test]
fn a_budget_limits_hedges_to_a_share_of_the_requests() {
    let times: Vec<f64> = (0..50).map(f64::from).collect();
    let simulation = planned(PlannedParams {
        arrivals: at(&times),
        budget: Some(Budget::new(Probability::new(0.2), 1_usize)),
        ..default()
    });
    let report = simulation.report();
    let hedge = report.node("hedge");
    // One in reserve, then one for five requests: each request would like two.
    assert_eq!(hedge.metric("hedges").as_count(), Some(1 + 49 / 5));
    assert_eq!(hedge.metric("over budget").as_count(), Some(100 - (1 + 49 / 5)));
}

#[test]
fn a_cancelled_loser_frees_its_permit_and_its_place_in_the_queue_at_that_instant() {
    topology! {
        /// Two replicas' worth of bulkheads: hedges go through a door with one place and one
        /// waiter, the first attempts too.
        Door {
            param giving_up: GivingUp = cancel;
            source users: at(&[0.0, 0.65, 0.66]) emits Job = |arrival| Job { number: arrival.number };
            node caller: Caller;
            node hedge: Hedge { delay: 200ms, max_hedges: 2, giving_up: giving_up };
            // The first attempt holds the only inner place from 0 s on and would hold it for 10 s,
            // the first hedge fills a place of the outer wall and the only waiting place of the
            // inner one; the second hedge finds the queue full.
            node outer: Bulkhead { max_concurrent: 3, max_wait_queue: 0 };
            node slow: Bulkhead { max_concurrent: 1, max_wait_queue: 1 };
            node backend: Backend {
                plan: |_, before, _| answers_after(if before == 0 { seconds(10) } else { millis(50) }),
            };
            users -> caller -> timeout(600ms, giving_up) -> hedge -> outer -> slow -> backend;
        }
    }
    let run = |giving_up| {
        let mut simulation = Door::new(DoorParams { giving_up }).build().expect("valid parameters");
        simulation.run().expect("a run without errors");
        simulation
    };

    let simulation = run(GivingUp::Cancel);
    // The timeout cancels the hedge at 0.6 s, the hedge both of its attempts: the place and the
    // waiting place are free when the next request comes.
    assert_times(&simulation.backend.replicas[0].times(), &[0.0, 0.65, 0.7]);
    let report = simulation.report();
    assert_eq!(report.node("slow").requests().failed_for("cancelled"), 2);
    assert_eq!(report.node("slow").requests().failed_for("queue full"), 1);
    assert_eq!(report.node("caller").requests().ok, 2);
    for node in report.all_nodes() {
        assert!(node.is_conserved(), "{}", node.path);
        assert!(node.handlers.iter().all(|handler| handler.in_flight == 0), "{}", node.path);
    }

    // Abandoned, they block the door until the first is done.
    let simulation = run(GivingUp::Abandon);
    assert_times(&simulation.backend.replicas[0].times(), &[0.0, 10.0]);
}

#[test]
fn a_loser_frees_its_permit_at_the_instant_of_the_win() {
    topology! {
        /// Two attempts of each request through one wall with two places.
        Race {
            param giving_up: GivingUp = cancel;
            source users: at(&[0.0]) emits Job = |arrival| Job { number: arrival.number };
            source others: at(&[0.05, 0.06]) emits Job = |arrival| Job { number: 10 + arrival.number };
            node hedge: Hedge { delay: 10ms, giving_up: giving_up };
            node wall: Bulkhead { max_concurrent: 2, max_wait_queue: None };
            node backend: Backend {
                plan: |number, before, _| {
                    answers_after(if number < 10 && before == 1 { millis(90) } else { seconds(5) })
                },
            };
            users -> hedge -> wall -> backend;
            others -> wall;
        }
    }
    let run = |giving_up| {
        let mut simulation = Race::new(RaceParams { giving_up }).build().expect("valid parameters");
        simulation.run().expect("a run without errors");
        simulation.backend.replicas[0].came.clone()
    };
    // The hedge, sent at 0.01 s, wins at 0.1 s, and its place goes to the first who waits; the
    // loser's place goes to the second at that very instant, not 4.9 s later.
    let numbers = |came: &[(u64, f64)]| came.iter().map(|(number, _)| *number).collect::<Vec<_>>();
    let times = |came: &[(u64, f64)]| came.iter().map(|(_, at)| *at).collect::<Vec<_>>();
    let came = run(GivingUp::Cancel);
    assert_eq!(numbers(&came), [0, 0, 10, 11]);
    assert_times(&times(&came), &[0.0, 0.01, 0.1, 0.1]);
    assert_times(&times(&run(GivingUp::Abandon)), &[0.0, 0.01, 0.1, 5.0]);
}

#[test]
fn a_loser_frees_its_place_in_a_full_queue_at_the_instant_of_the_win() {
    topology! {
        /// The first attempt is served at once, the hedge waits in the only place of a queue.
        Crowd {
            param giving_up: GivingUp = cancel;
            source users: at(&[0.01]) emits Job;
            source long: at(&[0.0]) emits Job;
            source next: at(&[0.109_999_999, 0.110_000_001]) emits Job = |arrival| Job { number: arrival.number };
            node hedge: Hedge { delay: 50ms, giving_up: giving_up };
            node lb: LoadBalancer;
            node caller: Caller;
            node server[2]: Server<Job> {
                service: if replica == 0 { millis(100) } else { seconds(5) }, queue_capacity: 1,
            };
            users -> hedge -> lb -> server[*];
            long -> server[1];
            next -> caller -> server[1];
        }
    }
    let run = |giving_up| {
        let mut simulation = Crowd::new(CrowdParams { giving_up }).build().expect("valid");
        simulation.run().expect("a run without errors");
        let done = simulation.caller.replicas[0].done.clone();
        let refused = Err(Failure::Rejected(Rejection::QueueFull));
        done.iter()
            .filter(|done| done.outcome == refused)
            .map(|done| done.number)
            .collect::<Vec<_>>()
    };
    // The first attempt wins at 0.11 s: one nanosecond before, the queue is full.
    assert_eq!(run(GivingUp::Cancel), [0]);
    assert_eq!(run(GivingUp::Abandon), [0, 1]);
}

topology! {
    /// A hedge whose delay follows the latencies.
    Running {
        source users: Arrivals::constant(Rate::per_second(100.0)).limit(20_000) emits Job;
        node hedge: Hedge { delay: percentile(90, 10s) };
        node backend: Flaky {
            time: uniform(0s..100ms), failure: Chance::default(),
        };
        users -> hedge -> backend;
    }
}

#[test]
fn a_running_percentile_finds_the_delay() {
    let mut simulation = Running::new(default()).seed(8).build().expect("valid parameters");
    simulation.run_for(seconds(9)).expect("a run without errors");
    let hedges = |simulation: &Simulation<Running>| {
        simulation.report().node("hedge").metric("hedges").as_f64()
    };
    assert_within("none within 10 s", hedges(&simulation) + 1.0, 1.0, 0.0);
    simulation.run().expect("a run without errors");
    // One in ten of the 19,000 that follow the first thousand is slower than the percentile;
    // 19 estimates of a percentile have 0.0022 standard error of the fraction together.
    assert_within("hedges", hedges(&simulation) / 19_000.0, 0.1, 0.1);
}

topology! {
    /// One request every 100 ms; the first attempt of every tenth is lost, all else takes 10 ms.
    Lossy {
        param delay: HedgeDelay = percentile(95, 50ms);
        source users: Arrivals::constant(Rate::per_second(10.0)).limit(10_000)
            emits Job = |arrival| Job { number: arrival.number };
        node caller: Caller;
        node hedge: Hedge { delay: delay };
        node backend: Backend {
            plan: |number, _, now| {
                let is_first = now.as_nanos() % 100_000_000 == 0;
                if number % 10 == 0 && is_first {
                    (Duration::ZERO, Err(Failure::Lost))
                } else {
                    answers_after(millis(10))
                }
            },
        };
        users -> caller -> hedge -> backend;
    }
}

// More are lost than the percentile leaves, and no first attempt is as slow as the delay.
#[test]
fn losses_do_not_drive_a_running_percentile_up() {
    let mut simulation = Lossy::new(default()).build().expect("valid parameters");
    simulation.run().expect("a run without errors");
    let report = simulation.report();
    assert_eq!(report.node("hedge").requests().ok, 10_000);
    assert_eq!(report.node("hedge").metric("hedges").as_count(), Some(1_000));
    let slow = simulation.caller.replicas[0].done.iter().filter(|done| done.number % 10 == 0);
    let times: Vec<f64> = slow.map(|done| done.ended - done.sent).collect();
    assert_times(&times, &[0.06; 1_000]);
}

// The 85th percentile leaves more than the lost ones: the delay is what the others take.
#[test]
fn where_fewer_are_lost_the_percentile_is_that_of_those_that_were_answered() {
    let delay = happysim::dsl::percentile(85, millis(50)).expect("a percentile");
    let mut simulation = Lossy::new(LossyParams { delay }).build().expect("valid parameters");
    simulation.run().expect("a run without errors");
    let done = &simulation.caller.replicas[0].done;
    let late = |number: u64| {
        let done = done.iter().find(|done| done.number == number).expect("all were answered");
        done.ended - done.sent
    };
    // 50 ms until the first thousand were answered; 10 ms from then on, up to the three digits of the
    // histogram.
    assert_times(&[late(990), late(9_990) - late(1_010)], &[0.06, 0.0]);
    assert!(late(1_010) >= 0.02 && late(1_010) < 0.020_01, "{}", late(1_010));
}
