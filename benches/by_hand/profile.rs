//! Poisson arrivals at a rate that ramps and swings, by the inverse of its integral.

use std::f64::consts::TAU;

use happysim::prelude::*;

/// A part of the cycle, in seconds and arrivals a second.
#[derive(Clone, Copy)]
enum Part {
    Hold {
        rate: f64,
        length: f64,
    },
    Ramp {
        from: f64,
        to: f64,
        length: f64,
    },
    /// Whole periods, from phase 0.
    Sine {
        mean: f64,
        amplitude: f64,
        period: f64,
        length: f64,
    },
}

/// The cycle that is repeated for ever.
const CYCLE: [Part; 4] = [
    Part::Hold { rate: 200.0, length: 10.0 },
    Part::Ramp { from: 200.0, to: 2000.0, length: 30.0 },
    Part::Sine { mean: 1500.0, amplitude: 500.0, period: 20.0, length: 60.0 },
    Part::Ramp { from: 1500.0, to: 200.0, length: 20.0 },
];

impl Part {
    fn length(self) -> f64 {
        match self {
            Self::Hold { length, .. } | Self::Ramp { length, .. } | Self::Sine { length, .. } => {
                length
            }
        }
    }

    /// The arrivals to be expected in it.
    fn area(self) -> f64 {
        match self {
            Self::Hold { rate, length } => rate * length,
            Self::Ramp { from, to, length } => 0.5 * (from + to) * length,
            Self::Sine { mean, length, .. } => mean * length,
        }
    }

    /// When `area` arrivals were to be expected.
    fn inverse(self, area: f64) -> f64 {
        match self {
            Self::Hold { rate, .. } => area / rate,
            Self::Ramp { from, to, length } => {
                let slope = (to - from) / length;
                2.0 * area / (from + (from * from + 2.0 * slope * area).sqrt())
            }
            Self::Sine { mean, amplitude, period, .. } => {
                let passed = (area / (mean * period)).floor();
                let rest = area - passed * mean * period;
                let scale = TAU / period;
                let mut time = rest / mean;
                // The rate is never 0, and so Newton's method does not go astray.
                for _ in 0..20 {
                    let (sine, cosine) = (scale * time).sin_cos();
                    let error = mean * time + amplitude / scale * (1.0 - cosine) - rest;
                    let step = error / (mean + amplitude * sine);
                    time -= step;
                    if step.abs() < 1e-10 {
                        break;
                    }
                }
                passed * period + time
            }
        }
    }
}

/// Arrivals until `end`, and the instant of the last in seconds.
pub(crate) fn run(seed: u64, end: Instant) -> (u64, f64) {
    // As `Arrivals` derives the stream of its instants.
    let mut purposes = Random::new(seed, "users", "arrivals");
    let mut growth = Distribution::<f64>::exponential(1.0).expect("it is valid");
    growth.bind_stream(Random::new(purposes.next_u64(), "arrivals", "instants"));
    let areas = CYCLE.map(Part::area);
    let (mut part, mut start, mut area) = (0, 0.0, 0.0);
    let (mut count, mut last) = (0, 0);
    loop {
        area += growth.sample(&Instant::ZERO);
        while area > areas[part] {
            area -= areas[part];
            start += CYCLE[part].length();
            part = (part + 1) % CYCLE.len();
        }
        let instant = ((start + CYCLE[part].inverse(area)) * 1e9 + 0.5) as u64;
        if instant > end.as_nanos() {
            return (count, last as f64 / 1e9);
        }
        (count, last) = (count + 1, instant);
    }
}
