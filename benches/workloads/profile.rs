//! Poisson arrivals at a rate that ramps and swings.

use happysim::prelude::*;

use super::{Sample, Workload, timed};
use crate::by_hand;

/// The rate: a quiet while, a ramp, three waves, a ramp back.
fn rate() -> Profile<Rate> {
    profile! {
        repeat {
            hold 200/s for 10s;
            ramp to 2000/s over 30s;
            sine mean 1500/s amplitude 500/s period 20s for 60s;
            ramp from 1500/s to 200/s over 20s
        }
    }
}

topology! {
    /// Arrivals that are counted.
    pub(crate) Wave {
        source users: poisson(rate());
        node sink: Sink<()>;
        users -> sink;
    }
}

const SEED: u64 = 23;
const LENGTH: Duration = seconds(240);

fn declared(statistics: Statistics) -> Sample {
    let setup = Wave::new(default()).seed(SEED).statistics(statistics);
    let mut simulation = setup.build().expect("the parameters are valid");
    let (elapsed, ()) = timed(|| simulation.run_for(LENGTH).expect("the model has no mistakes"));
    let arrivals = simulation.report().node("sink").requests().ok;
    Sample { elapsed, units: arrivals, figures: vec![("arrivals", arrivals as f64)] }
}

/// The arrival process alone, without a simulation around it.
fn arrivals() -> Sample {
    let mut users = Arrivals::poisson(rate()).until(Instant::ZERO + LENGTH);
    users.bind_stream(Random::new(SEED, "users", "arrivals"));
    let (elapsed, (count, last)) =
        timed(|| users.fold((0_u32, Instant::ZERO), |(count, _), instant| (count + 1, instant)));
    let figures = vec![("arrivals", f64::from(count)), ("last arrival", last.as_secs_f64())];
    Sample { elapsed, units: u64::from(count), figures }
}

fn by_hand() -> Sample {
    let (elapsed, (count, last)) = timed(|| by_hand::profile::run(SEED, Instant::ZERO + LENGTH));
    let figures = vec![("arrivals", count as f64), ("last arrival", last)];
    Sample { elapsed, units: count, figures }
}

pub(super) fn workload() -> Workload {
    // The library's elementary functions are the same on every platform, those of the platform
    // are not: instants may differ by a nanosecond.
    Workload::new("profile", "arrival", 1e-9)
        .by_hand("inverse of the integral", by_hand)
        .declared("`Arrivals` alone", None, arrivals)
        .declared("declared, statistics off", None, || declared(Statistics::Counts))
        .declared("declared", None, || declared(Statistics::Full))
}
