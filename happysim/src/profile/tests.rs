//! Profiles against exact values, against numbers found the long way round, and at their limits.

#![allow(clippy::float_cmp)] // Exact values are the point.

use super::*;
use crate::engine::random::Random;
use crate::quantity::{Bytes, Probability, Rate};
use crate::time::{Duration, millis, minutes, nanos, seconds};

fn at(seconds: f64) -> Instant {
    Instant::from_secs_f64(seconds)
}

fn number() -> ProfileBuilder<f64> {
    Profile::builder()
}

#[track_caller]
fn assert_near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found} instead of {expected}");
}

#[test]
fn values_at_given_times() {
    let ramp = number().ramp_from(10.0, 50.0, seconds(20)).build().unwrap();
    let sine = Sine { mean: 100.0, amplitude: 40.0, period: minutes(1), phase: Duration::ZERO };
    let sine = number().sine_open(sine).build().unwrap();
    let steps = number().hold_open(5.0).step(8.0, at(10.0)).step(2.0, at(30.0)).build().unwrap();
    let spike = number().hold_open(1.0).spike(20.0, at(4.0), millis(500)).build().unwrap();
    let expected = [
        (&ramp, [10.0, 18.0, 18.5, 30.0, 40.0, 50.0, 50.0, 50.0]),
        (
            &sine,
            [
                100.0,
                116.269_465_723_032_01,
                117.220_443_872_331_8,
                134.641_016_151_377_56,
                140.0,
                134.641_016_151_377_56,
                100.0,
                60.0,
            ],
        ),
        (&steps, [5.0, 5.0, 5.0, 8.0, 8.0, 8.0, 2.0, 2.0]),
        (&spike, [1.0, 20.0, 20.0, 1.0, 1.0, 1.0, 1.0, 1.0]),
    ];
    for (profile, values) in expected {
        for (time, value) in [0.0, 4.0, 4.25, 10.0, 15.0, 20.0, 30.0, 45.0].into_iter().zip(values)
        {
            assert_near(profile.value(at(time)), value, 1e-9);
        }
    }
}

/// Against all values, nanosecond by nanosecond.
#[test]
fn the_largest_value_from_an_instant_on() {
    let sine = |mean: usize, amplitude: usize, period: u64| {
        let period = nanos(period);
        Sine { mean, amplitude, period, phase: nanos(2) }
    };
    let whole = || Profile::<usize>::builder();
    let once = whole().hold(4, nanos(3)).ramp(9, nanos(7)).hold(2, nanos(5)).ramp(6, nanos(4));
    let once = once.hold_open(3).build().unwrap();
    let wave = whole().sine(sine(40, 30, 13), nanos(30)).hold_open(5).build().unwrap();
    let endless = whole().sine_open(sine(40, 30, 7)).build().unwrap();
    let cycle = whole()
        .hold(50, nanos(4))
        .repeat_forever(
            whole().ramp_from(2, 7, nanos(5)).hold(1, nanos(4)).sine(sine(5, 4, 9), nanos(8)),
        )
        .build()
        .unwrap();
    for profile in [once, wave, endless, cycle] {
        let value = |nanos| profile.value(Instant::from_nanos(nanos));
        for from in 0..60 {
            let expected = (from..from + 60).map(value).max().unwrap();
            let found = profile.largest_from(Instant::from_nanos(from));
            assert_eq!(found, expected, "from {from}: {profile:?}");
        }
    }
    assert_eq!(Varying::Constant(7_usize).largest_from(at(3.0)), 7);
}

/// The rate is 1 + 0.2 t for 10 s, so the k-th unit of area is full at t + 0.1 t^2 = k.
#[test]
fn evenly_spaced_arrivals_on_a_ramp() {
    let ramp = Profile::builder()
        .ramp_from(Rate::per_second(1.0), Rate::per_second(3.0), seconds(10))
        .build()
        .unwrap();
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
    let mut cursor = ramp.cursor(Instant::ZERO);
    for (index, expected) in expected.into_iter().enumerate() {
        let area = (index + 1) as f64;
        assert_near(ramp.inverse_integral(area).unwrap().as_secs_f64(), expected, 1e-9);
        assert_near(cursor.advance(1.0).unwrap().as_secs_f64(), expected, 1e-9);
    }
}

#[test]
fn areas_of_stretches_are_exact() {
    let steps = Profile::builder()
        .hold(Rate::per_second(20.0), seconds(10))
        .hold(Rate::per_second(100.0), seconds(5))
        .hold_open(Rate::per_second(5.0))
        .build()
        .unwrap();
    let areas = [10.0, 15.0, 30.0].map(|time| steps.integral(at(time)));
    assert_eq!(areas, [200.0, 700.0, 775.0]);
    assert_eq!(steps.mean(at(10.0), at(15.0)), 100.0);
    assert_eq!(steps.mean(at(12.0), at(12.0)), 100.0);
    let ramp = number().ramp_from(5.0, 35.0, seconds(10)).build().unwrap();
    let bins = [0.0, 2.0, 4.0, 6.0, 8.0].map(|from| 2.0 * ramp.mean(at(from), at(from + 2.0)));
    for (bin, expected) in bins.into_iter().zip([16.0, 28.0, 40.0, 52.0, 64.0]) {
        assert_near(bin, expected, 1e-12);
    }
}

/// M(t)/M/infinity with rate 50 + 30 sin(2 pi t / 20) and mean service 2 s: the expected number
/// in the system by integrating the rate against the survival function (Eick, Massey, Whitt 1993).
#[test]
fn a_sine_drives_the_known_infinite_server() {
    let sine = Sine {
        mean: Rate::per_second(50.0),
        amplitude: Rate::per_second(30.0),
        period: seconds(20),
        phase: Duration::ZERO,
    };
    let profile = Profile::builder().sine_open(sine).build().unwrap();
    for (time, expected) in [(1.0, 43.327_980_67), (5.0, 137.027_553_6), (35.0, 56.982_590_15)] {
        let pieces = 200_000;
        let step = time / f64::from(pieces);
        let busy: f64 = (0..pieces)
            .map(|piece| {
                let then = (f64::from(piece) + 0.5) * step;
                profile.base_value(at(then)) * libm::exp(-(time - then) / 2.0) * step
            })
            .sum();
        assert_near(busy, expected, 1e-5);
    }
}

/// A profile of nonnegative numbers, with every kind of segment, sometimes endless.
fn random_profile(random: &mut Random) -> Profile<f64> {
    let mut builder = number().hold(random.uniform() * 9.0, millis(1 + random.below(3000)));
    for _ in 0..random.below(6) {
        builder = random_segment(builder, random);
    }
    match random.below(3) {
        0 => builder.stay(seconds(1)).repeat_forever(random_segment(number(), random)),
        1 => builder.sine_open(random_sine(random)),
        _ => builder.ramp(random.uniform() * 4.0, seconds(2)),
    }
    .build()
    .unwrap()
}

fn random_sine(random: &mut Random) -> Sine<f64> {
    let mean = 0.01 + random.uniform() * 5.0;
    // Often exactly the mean: a rate that touches zero is the hard case of the inverse.
    let amplitude = if random.chance(0.5) { mean } else { mean * random.uniform() };
    let period = millis(1 + random.below(4000));
    Sine { mean, amplitude, period, phase: millis(random.below(9000)) }
}

fn random_segment(builder: ProfileBuilder<f64>, random: &mut Random) -> ProfileBuilder<f64> {
    let length = millis(1 + random.below(3000));
    let level = random.uniform() * 9.0;
    match random.below(5) {
        0 => builder.hold(level, length),
        1 => builder.hold(0.0, length),
        2 => builder.ramp_from(level, random.uniform() * 9.0, length),
        3 => builder.ramp_from(level, 0.0, length),
        _ => builder.sine(random_sine(random), length),
    }
}

#[test]
fn the_inverse_undoes_the_integral() {
    let mut random = Random::new(1, "profile", "inverse");
    for _ in 0..400 {
        let profile = random_profile(&mut random);
        let mut cursor = profile.cursor(Instant::ZERO);
        let mut area = 0.0;
        for _ in 0..50 {
            let more = random.uniform() * 5.0;
            area += more;
            let inverse = profile.inverse_integral(area);
            let walked = cursor.advance(more);
            let Some(instant) = inverse else {
                assert_eq!(walked, None, "{profile:?} at {area}");
                break;
            };
            // Half a nanosecond off, at a rate of at most 10/s.
            assert_near(profile.integral(instant), area, 1e-8 * (1.0 + area));
            let walked = walked.unwrap();
            // Where the rate is near zero the area says little about the time.
            assert_near(profile.integral(walked), area, 1e-8 * (1.0 + area));
            if instant > Instant::ZERO + nanos(10) {
                let earlier = Instant::from_nanos(instant.as_nanos() - 10);
                assert!(
                    profile.integral(earlier) <= area + 1e-9 * area,
                    "not the first: {profile:?}"
                );
            }
        }
    }
}

/// Where an f64 tells apart no less than 15 ps, and a rate of almost nothing at night.
#[test]
fn a_daily_rhythm_is_inverted_to_the_nanosecond() {
    let day = Duration::from_secs(86_400);
    let rate = Rate::per_second;
    for amplitude in [50.0, 99.999, 100.0] {
        let sine =
            Sine { mean: rate(100.0), amplitude: rate(amplitude), period: day, phase: day / 4 };
        let profile = Profile::builder().sine_open(sine).build().unwrap();
        for percent in 0..300 {
            // Up to three days; at noon, half past a day, the rate is at its smallest.
            let instant = Instant::ZERO + day / 100 * percent;
            let slow = profile.base_value(instant) < 1.0;
            let found = profile.inverse_integral(profile.integral(instant)).unwrap();
            let off = found.as_nanos().abs_diff(instant.as_nanos());
            // The area itself is known to one part in 2^53 of 2.6e7.
            assert!(off <= 2 || slow, "{off} ns off at {instant}");
            assert_near(profile.integral(found), profile.integral(instant), 1e-6);
        }
    }
}

#[test]
fn the_integral_is_the_sum_of_the_values() {
    let mut random = Random::new(2, "profile", "integral");
    for _ in 0..20 {
        let profile = random_profile(&mut random);
        let end = 1.0 + random.uniform() * 20.0;
        let pieces = 100_000;
        let step = end / f64::from(pieces);
        let sum: f64 =
            (0..pieces).map(|piece| profile.base_value(at((f64::from(piece) + 0.5) * step))).sum();
        // A jump within a piece is off by at most its height times half the piece.
        assert_near(profile.integral(at(end)), sum * step, 0.02);
    }
}

#[test]
fn values_stay_within_the_extremes_and_jump_only_where_they_say() {
    let mut random = Random::new(3, "profile", "range");
    for _ in 0..100 {
        let profile = random_profile(&mut random);
        let (min, max) = (profile.min(), profile.max());
        let mut change = profile.next_change(Instant::ZERO);
        let mut before = profile.base_value(Instant::ZERO);
        for tick in 1..20_000 {
            let now = Instant::ZERO + millis(tick);
            let value = profile.base_value(now);
            assert!((min..=max).contains(&value), "{value} outside {min}..{max}");
            if change.is_some_and(|change| change <= now) {
                while change.is_some_and(|change| change <= now) {
                    change = profile.next_change(change.unwrap());
                }
            } else {
                // 9 in a millisecond is the steepest ramp; the fastest sine swings by 10.
                let steepest = 0.011 / 0.001;
                assert!((value - before).abs() < steepest, "a jump at {now} in {profile:?}");
            }
            before = value;
        }
    }
}

/// Every instant at which a count changes, found by looking at each nanosecond.
#[test]
fn counts_change_where_a_search_through_all_times_finds_it() {
    let mut random = Random::new(4, "profile", "changes");
    for _ in 0..200 {
        let mut body = Profile::<u64>::builder();
        for _ in 0..=random.below(3) {
            let length = nanos(1 + random.below(400));
            let (one, other) = (random.below(20), random.below(20));
            let amplitude = random.below(one + 1);
            let period = nanos(100 + random.below(900));
            let phase = nanos(random.below(2000));
            let sine = Sine { mean: one, amplitude, period, phase };
            body = match random.below(3) {
                0 => body.hold(one, length),
                1 => body.ramp_from(one, other, length),
                _ => body.sine(sine, length),
            };
        }
        let profile = match random.below(2) {
            0 => body,
            _ => Profile::builder().hold(7, nanos(50)).repeat_forever(body),
        }
        .build()
        .unwrap();
        let values: Vec<u64> =
            (0..5000).map(|nanos| profile.value(Instant::from_nanos(nanos))).collect();
        let brute: Vec<u64> =
            (1..values.len()).filter(|&n| values[n] != values[n - 1]).map(|n| n as u64).collect();
        let mut found = Vec::new();
        let mut after = Instant::ZERO;
        while let Some(next) = profile.next_change(after).filter(|next| next.as_nanos() < 5000) {
            found.push(next.as_nanos());
            after = next;
        }
        assert_eq!(found, brute, "{profile:?}");
    }
}

#[test]
fn a_ramp_of_a_count_is_a_staircase() {
    let limit = Profile::builder().hold(2_usize, seconds(10)).ramp(4, seconds(4)).build().unwrap();
    let mut changes = Vec::new();
    let mut after = Instant::ZERO;
    while let Some(next) = limit.next_change(after) {
        changes.push((next.as_secs_f64(), limit.value(next)));
        after = next;
    }
    assert_eq!(changes, [(11.0, 3), (13.0, 4)]);
    let size = Profile::builder().ramp_from(Bytes(0), Bytes(1), nanos(10)).build().unwrap();
    assert_eq!(size.next_change(Instant::ZERO), Some(Instant::from_nanos(5)));
}

#[test]
fn smooth_profiles_never_change_suddenly() {
    let rate = |events| Rate::per_second(events);
    let ramp = Profile::builder().hold(rate(1.0), seconds(1)).ramp(rate(9.0), seconds(2)).build();
    assert_eq!(ramp.unwrap().next_change(Instant::ZERO), None);
    let saw = Profile::builder()
        .repeat_forever(Profile::builder().ramp_from(rate(0.0), rate(9.0), seconds(2)))
        .build()
        .unwrap();
    assert_eq!(saw.next_change(at(1.0)), Some(at(2.0)));
    assert_eq!(saw.next_change(at(2.0)), Some(at(4.0)));
}

#[test]
fn a_repeated_part_starts_from_the_value_reached() {
    let body = || number().ramp(10.0, seconds(1)).ramp(0.0, seconds(1));
    for profile in [
        number().hold(5.0, seconds(1)).repeat_forever(body()).build().unwrap(),
        number().hold(5.0, seconds(1)).repeat(4, body()).build().unwrap(),
    ] {
        let values = [1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 7.5].map(|time| profile.value(at(time)));
        assert_eq!(values, [5.0, 7.5, 10.0, 5.0, 0.0, 5.0, 5.0]);
        assert_eq!(profile.integral(at(9.0)), 5.0 + 12.5 + 3.0 * 10.0);
        assert_eq!(profile.inverse_integral(5.0 + 12.5 + 10.0), Some(at(5.0)));
    }
}

#[test]
fn times_within_a_repeated_part_count_from_its_pass() {
    let pass = Profile::builder().hold_open(1_u32).spike(20, at(4.0), seconds(1)).stay(seconds(5));
    let profile = Profile::builder().hold(3, seconds(100)).repeat_forever(pass).build().unwrap();
    let values =
        [99.0, 103.9, 104.0, 105.0, 113.9, 114.0, 115.0].map(|time| profile.value(at(time)));
    assert_eq!(values, [3, 1, 20, 1, 1, 20, 1]);
}

#[test]
fn what_never_comes_is_none() {
    let ends = number().hold(2.0, seconds(3)).hold_open(0.0).build().unwrap();
    assert_eq!(ends.inverse_integral(6.0), Some(at(3.0)));
    assert_eq!(ends.inverse_integral(6.1), None);
    assert_eq!(ends.inverse_integral(f64::NAN), None);
    assert_eq!(ends.inverse_integral(-1.0), Some(Instant::ZERO));
    let silent = number().repeat_forever(number().hold(0.0, seconds(1))).build().unwrap();
    assert_eq!(silent.inverse_integral(1e-9), None);
    assert_eq!(silent.cursor(at(0.5)).advance(1e-9), None);
    assert_eq!(silent.next_change(Instant::ZERO), None);
    let slow = number().hold_open(1e-9).build().unwrap();
    assert_eq!(slow.inverse_integral(100.0), None, "3000 years");
}

#[test]
fn plateaus_without_area_are_not_waited_for() {
    let gap = number().hold(1.0, seconds(2)).hold(0.0, seconds(5)).hold_open(1.0).build().unwrap();
    assert_eq!(gap.inverse_integral(2.0), Some(at(2.0)));
    assert_eq!(gap.inverse_integral(3.0), Some(at(8.0)));
    let mut cursor = gap.cursor(at(1.5));
    assert_eq!(cursor.advance(0.5), Some(at(2.0)));
    assert_eq!(cursor.advance(1.0), Some(at(8.0)));
}

#[test]
fn constants_are_recognised_whatever_their_segments() {
    assert!(Profile::constant(Bytes(5)).is_constant());
    assert!(number().hold(1.0, seconds(1)).ramp(1.0, seconds(1)).build().unwrap().is_constant());
    assert!(!number().hold(1.0, seconds(1)).hold_open(2.0).build().unwrap().is_constant());
}

#[test]
#[should_panic(expected = "negative values (down to -2) has no inverse")]
fn a_falling_integral_has_no_inverse() {
    let _ = number().hold(1.0, seconds(1)).hold_open(-2.0).build().unwrap().inverse_integral(1.0);
}

#[test]
fn what_makes_no_sense_is_refused_with_its_segment() {
    let sine = |mean, amplitude, period| Sine { mean, amplitude, period, phase: seconds(1) };
    let one = seconds(1);
    let cases = [
        (number(), "invalid profile: it has no segment: write at least `hold` and a value"),
        (number().stay(one), "segment 1: there is no value yet that could hold"),
        (number().ramp(1.0, one), "segment 1: there is no value yet to start from"),
        (number().step(1.0, at(1.0)), "segment 1: there is no value before this step"),
        (number().hold(1.0, Duration::ZERO), "segment 1: its length is 0"),
        (number().hold(f64::NAN, one), "segment 1: NaN is not a number: it must be finite"),
        (number().hold(1.0, one).ramp(2.0, Duration::ZERO), "segment 2: a ramp needs time"),
        (number().hold_open(1.0).hold(2.0, one), "segment 2: this hold is never reached"),
        (number().sine(sine(1.0, 1.0, Duration::ZERO), one), "the period of a sine must be"),
        (number().sine(sine(1.0, -1.0, one), one), "the amplitude -1 is negative"),
        (number().sine_open(sine(1.0, 1.0, one)).spike(1.0, at(1.0), one), "not on a sine"),
        (number().hold(1.0, one).step(2.0, at(3.0)), "what happens between 1s and this step at 3s"),
        (number().hold(1.0, one).step(2.0, at(0.5)), "this step at 500ms is earlier than 1s"),
        (number().hold_open(1.0).step(2.0, at(0.0)), "leaves no time to the segment before"),
        (
            number().hold_open(1.0).step(2.0, at(1.0)).step(3.0, at(1.0)),
            "segment 3: this step at 1s is not later than the step before",
        ),
        (
            number().hold(1.0, one).repeat(0, number().stay(one)),
            "segment 2: a part that is repeated 0",
        ),
        (number().hold(1.0, one).repeat(2, number()), "segment 2: there is nothing to repeat"),
        (number().repeat(2, number().hold_open(1.0)), "segment 1.1: this hold is the last"),
        (
            number().hold(1.0, one).repeat_forever(number().stay(one).step(2.0, at(1.0))),
            "segment 2.2: this step is the last of a repeated part and takes no time",
        ),
        (
            number().repeat_forever(number().hold(1.0, one)).hold(1.0, one),
            "segment 2: it is never reached, because the part before repeats for ever",
        ),
        (
            number().repeat(2, number().repeat_forever(number().hold(1.0, one))),
            "segment 1.1: an endless repetition cannot be repeated",
        ),
        (number().repeat(u64::MAX, number().hold(1.0, nanos(1))), "more than 100000 segments"),
        (
            number().hold(1.0, Duration::MAX).stay(one),
            "segment 2: it ends after more than 584 years",
        ),
    ];
    for (builder, expected) in cases {
        let error = builder.build().unwrap_err().to_string();
        assert!(error.contains(expected), "{error:?} instead of {expected:?}");
    }
    let loss = Sine {
        mean: Probability::new(0.1),
        amplitude: Probability::new(0.2),
        period: one,
        phase: Duration::ZERO,
    };
    let error = Profile::builder().sine_open(loss).build().unwrap_err();
    assert_eq!(error.segment(), [1]);
    assert!(
        error
            .problem()
            .ends_with("but a probability must be from 0 to 1: write a smaller amplitude")
    );
}

#[test]
fn a_spike_may_follow_at_once_and_a_step_may_end_it() {
    let profile = number()
        .hold(1.0, seconds(2))
        .spike(9.0, at(2.0), seconds(1))
        .step(4.0, at(3.0))
        .spike(9.0, at(3.0), seconds(1))
        .ramp(0.0, seconds(4))
        .build()
        .unwrap();
    let values = [1.0, 2.0, 3.0, 4.0, 6.0, 9.0].map(|time| profile.value(at(time)));
    assert_eq!(values, [1.0, 9.0, 9.0, 4.0, 2.0, 0.0]);
}

#[test]
fn an_open_sine_is_ended_by_a_step_and_leaves_its_area() {
    let sine = Sine { mean: 2.0, amplitude: 1.0, period: seconds(4), phase: seconds(1) };
    let profile = number().sine_open(sine).step(5.0, at(8.0)).build().unwrap();
    assert_near(profile.value(at(0.0)), 3.0, 1e-12);
    assert_near(profile.value(at(2.0)), 1.0, 1e-12);
    assert_near(profile.integral(at(9.0)), 16.0 + 5.0, 1e-12);
    assert_eq!(profile.next_change(Instant::ZERO), Some(at(8.0)));
}

#[test]
fn the_end_of_time_is_part_of_it() {
    let sine = Sine { mean: 2_u64, amplitude: 1, period: seconds(4), phase: seconds(1) };
    let profile = Profile::builder().sine_open(sine).build().unwrap();
    let _ = profile.value(Instant::MAX);
    assert_eq!(profile.next_change(Instant::MAX), None);
    let saw = number().repeat_forever(number().ramp_from(0.0, 1.0, seconds(3))).build().unwrap();
    assert_eq!(saw.next_change(Instant::MAX), None);
    let _ = saw.value(Instant::MAX);
}
