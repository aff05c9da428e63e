//! Which backend each strategy chooses.

use super::support::{Backend, Job, Users, jobs, steady};
use happysim::prelude::*;

topology! {
    /// Three backends behind a balancer with any strategy.
    Three<S: Strategy> {
        param script: Vec<(f64, Job)> = Vec::new();
        param strategy: S = S::default();
        param weights: Weights = Weights::default();

        node users: Users { script: script };
        node lb: LoadBalancer<S> { strategy: strategy, weights: weights, key: |job| job.key };
        node api[3]: Backend {};
        users -> lb -> api[*];
    }
}

/// The backend of each job, as letters.
fn choices<S: Strategy>(params: ThreeParams<S>) -> String {
    choices_with(5, params)
}

fn choices_with<S: Strategy>(seed: u64, params: ThreeParams<S>) -> String {
    let count = params.script.len();
    let mut simulation = Three::new(params).seed(seed).build().unwrap();
    simulation.run().unwrap();
    let report = simulation.report();
    assert!(report.node("lb").is_conserved());
    let mut letters = vec!['?'; count];
    for (backend, letter) in ['a', 'b', 'c'].into_iter().enumerate() {
        for &(number, _) in &simulation.api.replicas[backend].jobs {
            letters[number as usize] = letter;
        }
    }
    let sent: u64 = simulation.lb.replicas[0].sent_to.iter().sum();
    assert_eq!(sent, count as u64);
    letters.into_iter().collect()
}

fn with<S: Strategy>(script: Vec<(f64, Job)>) -> ThreeParams<S> {
    ThreeParams { script, ..default() }
}

/// Weights as a parameter of the test's topology.
fn weights<const N: usize>(weights: [f64; N]) -> Weights {
    Weights::new(weights.map(Varying::Constant))
}

#[test]
fn round_robin_takes_turns() {
    assert_eq!(choices::<RoundRobin>(with(steady(7, 0.1))), "abcabca");
}

/// LB-SWRR-v and LB-SWRR2-v.
#[test]
fn smooth_weighted_round_robin_spreads_the_turns() {
    let params = with::<WeightedRoundRobin>(steady(14, 0.1));
    let weighted = ThreeParams { weights: weights([5.0, 1.0, 1.0]), ..params.clone() };
    assert_eq!(choices(weighted), "aabacaaaabacaa");
    let weighted = ThreeParams { weights: weights([4.0, 2.0, 1.0]), ..params.clone() };
    assert_eq!(choices(weighted), "abacabaabacaba");
    assert_eq!(choices(params), "abcabcabcabcab");
}

#[test]
fn weights_may_be_profiles() {
    let rising = Varying::from(profile! { hold 0.0 for 2500ms; hold 1.0 });
    let weights = Weights::new([1.0.into(), rising.clone(), rising]);
    let params = with::<WeightedRoundRobin>(steady(8, 0.1));
    assert_eq!(choices(ThreeParams { weights, ..params }), "aaaabcab");
}

/// LB-LEAST-v.
#[test]
fn least_connections_counts_requests_in_flight() {
    let times = [
        (0.0, 5.0),
        (0.1, 1.0),
        (0.2, 0.5),
        (0.3, 4.0),
        (0.9, 1.0),
        (1.2, 3.0),
        (1.5, 2.0),
        (2.1, 1.0),
    ];
    assert_eq!(choices::<LeastConnections>(with(jobs(&times))), "abcacbbc");
}

#[test]
fn ties_go_to_the_first_the_next_or_any() {
    let idle = || steady(600, 0.1);
    assert_eq!(choices::<LeastConnections>(with(idle())), "a".repeat(600));
    let strategy = LeastConnections::ties(Ties::RoundRobin);
    assert_eq!(choices(ThreeParams { strategy, ..with(idle()) }), "abc".repeat(200));
    let strategy = LeastConnections::ties(Ties::Random);
    let any = choices(ThreeParams { strategy, ..with(idle()) });
    // 200 each, four standard deviations are 46.
    for letter in ['a', 'b', 'c'] {
        let count = any.chars().filter(|&other| other == letter).count();
        assert!(count.abs_diff(200) <= 46, "{letter}: {count}");
    }
}

#[test]
fn weighted_least_connections_divides_by_the_weight() {
    // All stay in flight: 0/2 0/1 0/1 -> a; 1/2 0 0 -> b; then c; then 1/2 1 1 -> a; all 1 -> a.
    let script = jobs(&[(0.0, 9.0), (0.1, 9.0), (0.2, 9.0), (0.3, 9.0), (0.4, 9.0), (0.5, 9.0)]);
    let params = with::<WeightedLeastConnections>(script);
    assert_eq!(choices(ThreeParams { weights: weights([2.0, 1.0, 1.0]), ..params }), "abcaab");
    let script = jobs(&[(0.0, 9.0), (0.1, 9.0), (0.2, 9.0)]);
    let params = with::<WeightedLeastConnections>(script);
    assert_eq!(choices(ThreeParams { weights: weights([0.0, 1.0, 0.0]), ..params }), "bbb");
}

#[test]
fn power_of_two_choices_never_takes_the_one_that_is_busier_than_both() {
    // One backend has a long request; of any two different ones an idle one is taken.
    let mut seen = std::collections::BTreeSet::new();
    for seed in 1..=12 {
        let mut script = steady(300, 0.5);
        script[0].1.takes = seconds(1_000);
        let letters = choices_with::<PowerOfTwoChoices>(seed, with(script));
        let busy = letters.chars().next().unwrap();
        seen.insert(busy);
        assert!(!letters[1..].contains(busy), "{letters}");
        // The idle ones are drawn alike: 149.5 each, four standard deviations are 35.
        for other in ['a', 'b', 'c'].into_iter().filter(|&other| other != busy) {
            let count = letters.chars().filter(|&letter| letter == other).count();
            assert!(count.abs_diff(150) <= 35, "{letters}");
        }
    }
    assert_eq!(seen.len(), 3);
}

#[test]
fn random_treats_all_alike() {
    let letters = choices::<Random>(with(steady(3_000, 0.1)));
    for letter in ['a', 'b', 'c'] {
        let count = letters.chars().filter(|&other| other == letter).count();
        assert!(count.abs_diff(1_000) <= 104, "{letter}: {count}");
    }
}

/// Wide awake, then `a` answers slowly once.
#[test]
fn least_response_time_follows_peaks_at_once_and_forgets_them_slowly() {
    // Each is tried once; then it is the lowest average, faded by its age over 10 s: at 16 s `a`'s
    // 0.2 s of 0.2 s is 0.041 s and `b`'s 0.1 s of 12.1 s is 0.068 s; at 20 s `b` is at 0.045 s
    // and has its peak of 2 s, after which it is out of the question; at 28 s `c`'s 0.3 s of
    // 8.3 s is 0.042 s and `a`'s 0.109 s of 24.1 s is 0.074 s.
    let lengths = [0.2, 0.1, 0.3, 0.1, 0.1, 2.0];
    let mut times: Vec<(f64, f64)> =
        lengths.iter().enumerate().map(|(k, &length)| (4.0 * k as f64, length)).collect();
    times.extend((6..9).map(|k| (4.0 * f64::from(k), 0.1)));
    let letters = choices::<LeastResponseTime>(with(jobs(&times)));
    assert_eq!(letters, "abcbabaca");
}

#[test]
fn least_response_time_tries_an_unknown_backend_with_one_request_only() {
    let times = [(0.0, 9.0), (0.1, 9.0), (0.2, 9.0), (0.3, 9.0), (0.4, 9.0)];
    assert_eq!(choices::<LeastResponseTime>(with(jobs(&times))), "abcab");
}

#[test]
fn least_response_time_is_not_attracted_by_fast_refusals() {
    topology! {
        Unfair {
            node users: Users { script: steady(20, 0.5) };
            node lb: LoadBalancer<LeastResponseTime>;
            node api[2]: Backend { refuses: if replica == 0 { 1.0 } else { 0.0 } };
            users -> lb -> api[*];
        }
    }
    let mut simulation = Unfair::new(default()).build().unwrap();
    simulation.run().unwrap();
    // Its refusal counts as 1 s, which has faded below the 0.5 s of the other after 8 s, twice.
    assert_eq!(simulation.lb.replicas[0].sent_to, [3, 17]);
}

#[test]
fn least_response_time_comes_back_to_a_backend_that_has_recovered() {
    topology! {
        /// The first backend is fast, but for the second second.
        Slow {
            param strategy: LeastResponseTime = LeastResponseTime::default();
            source users: constant(20/s).limit(1_200);
            node lb: LoadBalancer<LeastResponseTime> { strategy: strategy };
            node api[2]: Server {
                concurrency: 50,
                service: match replica {
                    0 => profile! { hold 10ms for 1s; hold 2s for 1s; hold 10ms },
                    _ => profile! { hold 11ms },
                },
            };
            users -> lb -> api[*];
        }
    }
    let sent_by = |simulation: &mut Simulation<Slow>, second: u64| {
        simulation.run_until(Instant::ZERO + seconds(second)).unwrap();
        simulation.lb.replicas[0].sent_to[0]
    };
    // What took 2 s looks like 11 ms after 10 s * ln(2 / 0.011) = 52 s. One request shows that it
    // is over.
    let mut simulation = Slow::new(default()).build().unwrap();
    let before = sent_by(&mut simulation, 50);
    assert_eq!(sent_by(&mut simulation, 53), before);
    assert!(sent_by(&mut simulation, 60) > before);
}

/// A strategy of the user's own: always the last.
#[derive(Clone, Debug, Default)]
struct Last;

impl Strategy for Last {
    fn choose(
        &mut self,
        backends: &happysim::components::load_balancer::Backends<'_>,
        _random: &mut Random,
    ) -> usize {
        *backends.available().last().unwrap()
    }
}

#[test]
fn users_write_their_own_strategies() {
    assert_eq!(choices::<Last>(with(steady(3, 0.1))), "ccc");
}
