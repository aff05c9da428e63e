//! Arrival processes against their laws, and what stops or skips them.

use super::*;
use crate::profile::Profile;
use crate::time::{millis, seconds};

fn at(seconds: f64) -> Instant {
    Instant::from_secs_f64(seconds)
}

fn per_second(events: f64) -> Rate {
    Rate::per_second(events)
}

fn bound(mut arrivals: Arrivals, seed: u64) -> Arrivals {
    arrivals.bind_stream(Random::new(seed, "users", "arrivals"));
    arrivals
}

fn ramp(from: f64, to: f64) -> Profile<Rate> {
    Profile::builder()
        .ramp_from(per_second(from), per_second(to), seconds(10))
        .hold_open(per_second(0.0))
        .build()
        .unwrap()
}

fn instants(arrivals: Arrivals, count: usize) -> Vec<f64> {
    arrivals.take(count).map(Instant::as_secs_f64).collect()
}

/// How many of `arrivals` fall between neighbouring edges.
fn counts_between(arrivals: Arrivals, edges: &[f64]) -> Vec<f64> {
    let mut counts = vec![0.0; edges.len() - 1];
    for instant in arrivals.until(at(edges[edges.len() - 1])) {
        let bin = edges.partition_point(|edge| at(*edge) <= instant);
        if let Some(count) = counts.get_mut(bin.wrapping_sub(1)) {
            *count += 1.0;
        }
    }
    counts
}

const REPLICATIONS: u32 = 400;

/// Mean and index of dispersion (variance over mean) of each bin over the replications, and the
/// correlation of the first two bins.
fn replicate(arrivals: &Arrivals, edges: &[f64]) -> (Vec<f64>, Vec<f64>, f64) {
    let runs: Vec<Vec<f64>> = (0..u64::from(REPLICATIONS))
        .map(|seed| counts_between(bound(arrivals.clone(), seed), edges))
        .collect();
    let replications = f64::from(REPLICATIONS);
    let average = |value: &dyn Fn(&[f64]) -> f64| -> f64 {
        runs.iter().map(|run| value(run)).sum::<f64>() / replications
    };
    let bins = edges.len() - 1;
    let means: Vec<f64> = (0..bins).map(|bin| average(&|run| run[bin])).collect();
    let covariance = |a: usize, b: usize| average(&|run| (run[a] - means[a]) * (run[b] - means[b]));
    let dispersions = (0..bins).map(|bin| covariance(bin, bin) / means[bin]).collect();
    let second = 1.min(bins - 1);
    let scale = libm::sqrt(covariance(0, 0) * covariance(second, second));
    (means.clone(), dispersions, covariance(0, second) / scale)
}

fn assert_poisson_counts(arrivals: &Arrivals, edges: &[f64], expected: &[f64]) {
    let (means, dispersions, correlation) = replicate(arrivals, edges);
    let replications = f64::from(REPLICATIONS);
    for (mean, expected) in means.iter().zip(expected) {
        let bound = 4.0 * libm::sqrt(expected / replications);
        assert!((mean - expected).abs() <= bound, "{means:?} instead of {expected:?}");
    }
    for dispersion in dispersions {
        assert!((dispersion - 1.0).abs() <= 4.0 * libm::sqrt(2.0 / replications), "{dispersion}");
    }
    assert!(correlation.abs() <= 4.0 / libm::sqrt(replications), "{correlation}");
}

#[test]
fn evenly_spaced_arrivals_follow_the_integral_of_a_ramp() {
    let expected = [
        0.916_079_783_1,
        1.708_203_932,
        2.416_198_487,
        3.062_257_748,
        3.660_254_038,
        4.219_544_457,
        4.746_794_345,
        5.246_950_766,
        5.723_805_295,
        6.180_339_887,
        6.618_950_039,
        7.041_594_579,
        7.449_899_598,
        7.845_232_579,
        8.228_756_555,
        8.601_470_509,
        8.964_240_044,
        9.317_821_063,
        9.662_878_299,
        10.0,
    ];
    let rate = Profile::builder()
        .ramp_from(per_second(1.0), per_second(3.0), seconds(10))
        .build()
        .unwrap();
    for (found, expected) in instants(Arrivals::constant(rate), 20).into_iter().zip(expected) {
        assert!((found - expected).abs() < 1e-6, "{found} instead of {expected}");
    }
}

#[test]
fn a_constant_rate_does_not_drift() {
    let mut arrivals = Arrivals::constant(per_second(3.0));
    assert_eq!(arrivals.nth(2_999_999), Some(at(1e6)));
    let expected: Vec<Instant> = (1..=5).map(|k| at(0.1 * f64::from(k))).collect();
    let found: Vec<Instant> = Arrivals::constant(per_second(10.0)).take(5).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_piecewise_rate_gives_poisson_counts() {
    let rate = Profile::builder()
        .hold(per_second(20.0), seconds(10))
        .hold(per_second(100.0), seconds(5))
        .hold(per_second(5.0), seconds(15))
        .hold_open(per_second(0.0))
        .build()
        .unwrap();
    let arrivals = Arrivals::poisson(rate);
    assert_poisson_counts(&arrivals, &[0.0, 10.0, 15.0, 30.0], &[200.0, 500.0, 75.0]);
    assert_eq!(bound(arrivals, 1).filter(|instant| *instant > at(30.0)).count(), 0);
}

#[test]
fn a_ramp_gives_poisson_counts() {
    let edges = [0.0, 2.0, 4.0, 6.0, 8.0, 10.0];
    let expected = [16.0, 28.0, 40.0, 52.0, 64.0];
    assert_poisson_counts(&Arrivals::poisson(ramp(5.0, 35.0)), &edges, &expected);
}

#[test]
fn a_constant_rate_gives_poisson_counts() {
    let arrivals = Arrivals::poisson(per_second(20.0));
    assert_poisson_counts(&arrivals, &[0.0, 3.0, 10.0], &[60.0, 140.0]);
}

#[test]
fn gaps_of_a_renewal_process_add_up() {
    let regular = Arrivals::renewal(millis(250));
    assert_eq!(instants(regular.clone(), 3), [0.25, 0.5, 0.75]);
    assert_eq!(regular.mean_rate_at(Instant::ZERO), Some(4.0));

    let erlang = Distribution::erlang(4, millis(100)).unwrap();
    let count = bound(Arrivals::renewal(erlang), 1).until(at(1000.0)).count();
    // In the long run the variance is that of 1/4 of a Poisson count: 4 standard deviations.
    assert!(count.abs_diff(10_000) <= 200, "{count}");
}

fn two_moods() -> Arrivals {
    let calm = ModulatedState::new(per_second(10.0), seconds(3));
    let busy = ModulatedState::new(per_second(100.0), seconds(1));
    Arrivals::markov_modulated([calm, busy], &[vec![0.0, 1.0], vec![1.0, 0.0]]).unwrap()
}

#[test]
fn two_states_have_the_counts_of_their_formula() {
    // Rates a, b; leaving rates r, s: the mean rate is (a s + b r) / (r + s), and the index of
    // dispersion tends to 1 + 2 r s (a - b)^2 / ((r + s)^2 (a s + b r)) (Fischer and
    // Meier-Hellstern, "The Markov-modulated Poisson process (MMPP) cookbook", 1993).
    let (a, b, r, s) = (10.0_f64, 100.0, 1.0 / 3.0, 1.0);
    let mean = (a * s + b * r) / (r + s);
    let dispersion = 1.0 + 2.0 * r * s * (a - b) * (a - b) / ((r + s) * (r + s) * (a * s + b * r));
    let arrivals = two_moods();
    assert!((arrivals.mean_rate_at(Instant::ZERO).unwrap() - mean).abs() < 1e-9);

    let (means, dispersions, _) = replicate(&arrivals, &[100.0, 400.0]);
    let expected = 300.0 * mean;
    let replications = f64::from(REPLICATIONS);
    let bound = 4.0 * libm::sqrt(expected * dispersion / replications);
    assert!((means[0] - expected).abs() < bound, "{} instead of {expected}", means[0]);
    let bound = 4.0 * libm::sqrt(2.0 / replications);
    assert!((dispersions[0] / dispersion - 1.0).abs() < bound, "{dispersions:?} {dispersion}");
}

#[test]
fn three_states_spend_their_time_as_the_chain_says() {
    let state = |rate, holding| ModulatedState::new(per_second(rate), millis(holding));
    let states = [state(5.0, 100), state(50.0, 200), state(500.0, 50)];
    let matrix = [vec![0.2, 0.5, 0.3], vec![0.0, 0.0, 1.0], vec![0.6, 0.4, 0.0]];
    let arrivals = Arrivals::markov_modulated(states, &matrix).unwrap();
    // By hand: for one visit to the first state, what leaves it (0.8) comes back from the third
    // (0.6 of its visits), and the second is reached from the first and the third.
    let (first, second) = (1.0_f64, 0.5 + 0.4 * (0.8 / 0.6));
    let third = 0.8 / 0.6;
    let time = first * 0.1 + second * 0.2 + third * 0.05;
    let mean = (first * 0.1 * 5.0 + second * 0.2 * 50.0 + third * 0.05 * 500.0) / time;
    let found = arrivals.mean_rate_at(Instant::ZERO).unwrap();
    assert!((found / mean - 1.0).abs() < 1e-12, "{found} instead of {mean}");
    let count = bound(arrivals, 3).until(at(10_000.0)).count() as f64;
    assert!((count / 10_000.0 / mean - 1.0).abs() < 0.02, "{count}");
}

#[test]
fn changes_of_state_neither_add_nor_lose_arrivals() {
    // Both states have the same rate, which ends: whatever the chain does, it is Poisson.
    let rate = Profile::builder()
        .hold(per_second(1000.0), millis(10))
        .hold_open(per_second(0.0))
        .build()
        .unwrap();
    let state = || ModulatedState::new(rate.clone(), millis(1));
    let matrix = [vec![0.0, 1.0], vec![1.0, 0.0]];
    let arrivals = Arrivals::markov_modulated([state(), state()], &matrix).unwrap();
    assert_poisson_counts(&arrivals, &[0.0, 0.005, 0.01], &[5.0, 5.0]);
}

#[test]
fn a_chain_that_falls_apart_is_refused() {
    let state = || ModulatedState::new(per_second(1.0), seconds(1));
    let refused = |matrix: &[Vec<f64>]| {
        Arrivals::markov_modulated([state(), state()], matrix).unwrap_err().to_string()
    };
    assert_eq!(
        refused(&[vec![1.0, 0.0], vec![1.0, 0.0]]),
        "`state` of a Markov-modulated Poisson process is 1: it must be reachable from every \
         other state, and they from it"
    );
    assert_eq!(
        refused(&[vec![0.0, 1.0], vec![0.5, 0.4]]),
        "`sum of row` number 1 of a Markov-modulated Poisson process is 0.9: it must be 1"
    );
    assert!(refused(&[vec![0.0, 1.0]]).contains("`number of rows`"));
    assert!(refused(&[vec![0.0, 1.0], vec![1.0]]).contains("`length of row` number 1"));
}

#[test]
fn batches_come_together_and_leave_the_instants_alone() {
    let single = bound(Arrivals::poisson(per_second(10.0)), 5);
    let sizes = Distribution::empirical([(1, 1.0), (3, 1.0)]).unwrap();
    let mut batched = bound(Arrivals::poisson(per_second(10.0)).in_batches(sizes), 5).limit(100);
    assert_eq!(batched.mean_rate_at(Instant::ZERO), Some(20.0));
    assert_eq!(batched.batch_size(), 0);

    let (mut total, mut found) = (0, Vec::new());
    while let Some(instant) = batched.next() {
        assert!((1..=3).contains(&batched.batch_size()));
        total += batched.batch_size();
        found.push(instant);
    }
    assert_eq!(total, 100);
    assert_eq!(found, single.take(found.len()).collect::<Vec<_>>());
}

#[test]
fn ends_hold() {
    let every_second = || Arrivals::constant(per_second(1.0));
    assert_eq!(every_second().until(at(5.0)).count(), 5);
    assert_eq!(every_second().until(at(4.999)).count(), 4);
    assert_eq!(every_second().limit(7).count(), 7);
    assert_eq!(every_second().limit(0).next(), None);
    assert_eq!(every_second().until(at(5.0)).until(at(9.0)).limit(9).count(), 5);
    let mut ended = every_second().until(at(1.0));
    assert_eq!([ended.next(), ended.next(), ended.next()], [Some(at(1.0)), None, None]);
}

#[test]
fn a_rate_of_zero_has_no_arrivals() {
    assert_eq!(Arrivals::constant(per_second(0.0)).next(), None);
    assert_eq!(bound(Arrivals::poisson(per_second(0.0)), 1).next(), None);
    assert_eq!(bound(Arrivals::poisson(per_second(1e-30)), 1).next(), None);
    let silent = ModulatedState::new(per_second(0.0), seconds(1));
    let silence = Arrivals::markov_modulated([silent], &[vec![1.0]]).unwrap();
    assert_eq!(bound(silence, 1).next(), None);
}

#[test]
fn a_replay_gives_what_was_recorded() {
    let record = [at(1.0), at(1.0), at(2.5)];
    let replay = Arrivals::replay(record).unwrap();
    assert_eq!(replay.mean_rate_at(Instant::ZERO), None);
    assert_eq!(replay.collect::<Vec<_>>(), record);
    assert_eq!(
        Arrivals::replay([at(1.0), at(0.5)]).unwrap_err().to_string(),
        "`time` number 1 of a replay of arrivals is 0.5: it must be at least the one before"
    );
}

#[test]
fn a_late_start_leaves_out_what_came_before() {
    let after_skip = |mut arrivals: Arrivals, start: f64| {
        arrivals.skip_to(at(start));
        arrivals.next().unwrap()
    };
    let every_second = || Arrivals::constant(per_second(1.0));
    assert_eq!(after_skip(every_second(), 0.0), at(1.0));
    assert_eq!(after_skip(every_second(), 7.5), at(8.0));
    assert_eq!(after_skip(every_second(), 7.0), at(7.0));
    assert_eq!(after_skip(Arrivals::constant(Profile::constant(per_second(1.0))), 7.5), at(8.0));
    assert_eq!(after_skip(Arrivals::constant(Profile::constant(per_second(1.0))), 7.0), at(7.0));
    assert_eq!(after_skip(Arrivals::renewal(seconds(1)), 7.5), at(8.5));
    assert_eq!(after_skip(Arrivals::replay([at(1.0), at(9.0)]).unwrap(), 7.5), at(9.0));

    let mut poisson = Arrivals::poisson(ramp(5.0, 35.0));
    poisson.skip_to(at(4.0));
    assert_poisson_counts(&poisson, &[4.0, 6.0, 8.0], &[40.0, 52.0]);
    let mut moods = bound(two_moods(), 2);
    moods.skip_to(at(1000.0));
    assert!(moods.next().unwrap() >= at(1000.0));
    // Never backwards.
    let mut later = every_second();
    assert_eq!(later.nth(8), Some(at(9.0)));
    later.skip_to(at(3.0));
    assert_eq!(later.next(), Some(at(10.0)));
}

#[test]
#[should_panic(expected = "a Poisson process has no stream of random numbers")]
fn without_a_stream_it_says_so() {
    Arrivals::poisson(per_second(1.0)).next();
}
