//! `profile!` as users write it: exact values, areas and times.

#![allow(clippy::float_cmp)] // Exact values are the point.

use happysim::profile;
use happysim::profile::{Profile, Varying};
use happysim::quantity::{Bandwidth, Bytes, Probability, Rate};
use happysim::time::{Duration, Instant, millis, minutes, seconds};

fn at(seconds: f64) -> Instant {
    Instant::from_secs_f64(seconds)
}

fn values<Q: happysim::quantity::Quantity>(profile: &Profile<Q>, times: &[f64]) -> Vec<f64> {
    times.iter().map(|&time| profile.base_value(at(time))).collect()
}

#[test]
fn load_rises_to_a_parameter_and_stays() {
    let peak = Rate::per_second(400.0);
    let load = profile! { hold 50/s for 30s; ramp to peak over 60s; hold };
    assert_eq!(values(&load, &[0.0, 30.0, 60.0, 90.0, 1e6]), [50.0, 50.0, 225.0, 400.0, 400.0]);
    assert_eq!(load.integral(at(100.0)), 1500.0 + 13_500.0 + 4000.0);
    assert_eq!(load.next_change(Instant::ZERO), None);
}

#[test]
fn loss_comes_and_goes_at_exact_times() {
    let loss = profile! { hold 0% for 60s; hold 5% for 30s; hold 0% };
    assert_eq!(loss.value(at(59.999_999_999)), Probability::new(0.0));
    assert_eq!(loss.value(at(60.0)), Probability::new(0.05));
    assert_eq!(loss.value(at(90.0)), Probability::new(0.0));
    assert_eq!(loss.next_change(Instant::ZERO), Some(at(60.0)));
    assert_eq!(loss.next_change(at(60.0)), Some(at(90.0)));
    assert_eq!(loss.next_change(at(90.0)), None);
}

#[test]
fn the_values_of_every_statement() {
    let times = [0.0, 4.0, 4.25, 10.0, 15.0, 20.0, 30.0, 45.0];
    let ramp: Profile<f64> = profile! { ramp from 10 to 50 over 20s };
    assert_eq!(values(&ramp, &times), [10.0, 18.0, 18.5, 30.0, 40.0, 50.0, 50.0, 50.0]);
    let steps: Profile<f64> = profile! { hold 5; step to 8 at 10s; step to 2 at 30s };
    assert_eq!(values(&steps, &times), [5.0, 5.0, 5.0, 8.0, 8.0, 8.0, 2.0, 2.0]);
    let spike: Profile<f64> = profile! { hold 1; spike to 20 at 4s for 500ms };
    assert_eq!(values(&spike, &times), [1.0, 20.0, 20.0, 1.0, 1.0, 1.0, 1.0, 1.0]);
    let sine: Profile<f64> = profile! { sine mean 100 amplitude 40 period 1min };
    let expected =
        [100.0, 116.269_465_7, 117.220_443_9, 134.641_016_2, 140.0, 134.641_016_2, 100.0, 60.0];
    for (value, expected) in values(&sine, &times).into_iter().zip(expected) {
        assert!((value - expected).abs() < 1e-7, "{value} instead of {expected}");
    }
}

#[test]
fn a_phase_is_a_time_into_the_period() {
    let wave = profile! { sine mean 50/s amplitude 30/s period 20s phase 5s for 10s };
    let found = values(&wave, &[0.0, 5.0, 10.0, 99.0]);
    for (value, expected) in found.into_iter().zip([80.0, 50.0, 20.0, 20.0]) {
        assert!((value - expected).abs() < 1e-12, "{value} instead of {expected}");
    }
}

#[test]
fn repetitions_are_passes_one_after_the_other() {
    let thrice = profile! {
        hold 1/s for 10s;
        repeat 3 times { ramp to 5/s over 1s; hold for 1s; ramp to 1/s over 1s }
        hold 0/s
    };
    assert_eq!(values(&thrice, &[10.5, 11.5, 13.5, 18.5, 19.0]), [3.0, 5.0, 3.0, 3.0, 0.0]);
    assert_eq!(thrice.integral(at(100.0)), 10.0 + 3.0 * 11.0);
    let count = 2_usize;
    let twice = profile! { repeat (count + 1) times { hold 2 for 1s; hold 4 for 1s }; hold 9 };
    assert_eq!(values::<f64>(&twice, &[5.5, 6.0]), [4.0, 9.0]);
    let days = profile! { repeat { hold 10/s for 8h; hold 100/s for 16h } };
    assert_eq!(days.value(at(86_400.0 * 300.0 + 3600.0 * 8.0)), Rate::per_second(100.0));
    assert_eq!(days.mean(Instant::ZERO, at(864_000.0)), 70.0);
}

#[test]
fn times_in_a_repetition_count_from_the_pass() {
    let spiky: Profile<u64> = profile! {
        hold 3 for 100s;
        repeat { hold 1; spike to 20 at 4s for 1s; hold for 5s }
    };
    let found = values(&spiky, &[99.0, 103.9, 104.0, 105.0, 113.9, 114.0, 115.0]);
    assert_eq!(found, [3.0, 1.0, 20.0, 1.0, 1.0, 20.0, 1.0]);
}

#[test]
fn plain_numbers_fit_every_quantity() {
    let workers: Profile<usize> = profile! { hold 2 for 10s; hold 4 };
    assert_eq!((workers.value(at(9.0)), workers.value(at(10.0))), (2, 4));
    let factor: Profile<f64> = profile! { hold -0.5 for 10s; hold 4 };
    assert_eq!(factor.value(at(9.0)), -0.5);
    let chance: Profile<Probability> = profile! { hold 0.25 };
    assert_eq!(chance.value(at(0.0)), Probability::new(0.25));
    let limit: Varying<u32> = profile! { hold 8; step to 12 at 10s }.into();
    assert_eq!((limit.at(at(9.0)), limit.at(at(10.0))), (8, 12));
    assert_eq!(limit.next_change(at(0.0)), Some(at(10.0)));
}

#[test]
fn every_unit_makes_its_quantity() {
    let latency = profile! { hold 20ms for 1min; ramp to 1.5s over 500ms };
    assert_eq!(latency.value(at(0.0)), millis(20));
    assert_eq!(latency.value(at(61.0)), millis(1500));
    let line = profile! { hold 10Gbps for 1h; hold 1.5Mbps };
    assert_eq!(line.value(at(3600.0)), Bandwidth::bits_per_second(1.5e6));
    let size = profile! { hold 64KiB for 1d; hold 1kB };
    assert_eq!(size.value(at(0.0)), Bytes(65_536));
    let slow = profile! { hold 30/min };
    assert_eq!(slow.value(at(0.0)), Rate::per_second(0.5));
}

struct Params {
    peak: Rate,
    rise: Duration,
    to: [Rate; 2],
}

#[test]
fn values_and_times_are_expressions() {
    let params =
        Params { peak: Rate::per_second(9.0), rise: seconds(4), to: [Rate::per_second(3.0); 2] };
    let mut evaluated = 0;
    let mut once = || {
        evaluated += 1;
        seconds(1)
    };
    let load = profile! {
        hold params.to[1] for params.rise * 2;
        ramp to params.peak over (params.rise + 1s);
        repeat 5 times { hold 1/s for once(); }
        hold if params.rise > 3s { params.peak } else { 0/s } for minutes(1);
        step to 0/s at 78s
    };
    assert_eq!(evaluated, 1, "each expression is evaluated once");
    assert_eq!(values(&load, &[8.0, 13.0, 18.0, 77.0, 78.0]), [3.0, 1.0, 9.0, 9.0, 0.0]);
}

/// What the user's own macros pass on is read as if it stood there.
#[test]
fn profiles_can_be_made_by_macros() {
    macro_rules! burst {
        ($calm:expr, $peak:literal per second, $rise:tt) => {
            profile! { hold $calm for 10s; ramp to $peak/s over $rise }
        };
    }
    let load = burst!(5/s, 9 per second, 4s);
    assert_eq!(values(&load, &[0.0, 12.0, 14.0]), [5.0, 7.0, 9.0]);
}

#[test]
#[should_panic(expected = "cannot be repeated a negative number of times")]
fn a_negative_number_of_times_is_refused_when_built() {
    let count = -1;
    let _ = profile! { repeat count times { hold 5/s for 1s } };
}

#[test]
fn arrivals_follow_the_area() {
    let rate = profile! { ramp from 1/s to 3/s over 10s };
    let mut arrivals = rate.cursor(Instant::ZERO);
    let times: Vec<f64> = (0..4).map(|_| arrivals.advance(5.0).unwrap().as_secs_f64()).collect();
    for (time, expected) in times.iter().zip([3.660_254_038, 6.180_339_887, 8.228_756_555, 10.0]) {
        assert!((time - expected).abs() < 1e-9, "{time} instead of {expected}");
    }
}

#[test]
#[should_panic(expected = "invalid profile: segment 2: a ramp needs time")]
fn a_ramp_of_no_time_is_refused_when_built() {
    let rise = Duration::ZERO;
    let _ = profile! { hold 1/s for 1s; ramp to 5/s over rise };
}

#[test]
#[should_panic(expected = "2.5 is not a count: it must be a whole number")]
fn half_a_worker_is_refused_when_built() {
    let _: Profile<usize> = profile! { hold 2.5 };
}

#[test]
fn a_panic_names_the_line_of_the_profile() {
    let line = std::sync::Arc::new(std::sync::Mutex::new((String::new(), 0)));
    let seen = std::sync::Arc::clone(&line);
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        // Other tests of this program may panic meanwhile, as they should.
        if info.to_string().contains("1.5 is not a probability") {
            let place = info.location().map(|place| (place.file().to_owned(), place.line()));
            *seen.lock().unwrap() = place.unwrap_or_default();
        }
    }));
    let expected = line!() + 2;
    let result = std::panic::catch_unwind(|| {
        let loss: Profile<Probability> = profile! { hold 0.1 for 5s; hold 1.5 };
        loss
    });
    std::panic::set_hook(hook);
    assert!(result.is_err());
    assert_eq!(*line.lock().unwrap(), ("tests/profile.rs".to_owned(), expected));
}
