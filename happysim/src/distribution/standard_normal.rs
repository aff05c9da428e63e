//! The standard normal law as functions: density, cumulative, quantile.

use core::f64::consts::FRAC_1_SQRT_2;

/// One over the root of two pi.
const PEAK: f64 = 0.398_942_280_401_432_7;

pub(super) fn density(x: f64) -> f64 {
    PEAK * libm::exp(-0.5 * x * x)
}

/// The probability of a value below `x`, with its full relative precision on the left.
pub(super) fn cumulative(x: f64) -> f64 {
    0.5 * libm::erfc(-x * FRAC_1_SQRT_2)
}

/// The probability of a value between two, on the side of 0 where no digits cancel.
pub(super) fn between(low: f64, high: f64) -> f64 {
    if low > 0.0 {
        cumulative(-low) - cumulative(-high)
    } else {
        cumulative(high) - cumulative(low)
    }
}

/// The value below which a fraction `p` lies; infinite for 0 and 1. By bisection: it is used
/// only where a distribution is built.
pub(super) fn quantile(p: f64) -> f64 {
    if p > 0.5 {
        return -quantile(1.0 - p);
    }
    if p == 0.0 {
        return f64::NEG_INFINITY;
    }
    let (mut low, mut high) = (-40.0, 0.0);
    loop {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            return high;
        }
        if cumulative(middle) < p { low = middle } else { high = middle }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_tables() {
        // Abramowitz and Stegun, table 26.5.
        for (p, x) in [(0.5, 0.0), (0.975, 1.959_963_985), (0.99, 2.326_347_874)] {
            assert!((quantile(p) - x).abs() < 1e-9, "{p}");
            assert!((cumulative(x) - p).abs() < 1e-9, "{p}");
        }
        assert!((quantile(0.001) + 3.090_232_306).abs() < 1e-9);
        assert!(quantile(1.0) > 1e300);
        assert!((between(-1.0, 1.0) - 0.682_689_492).abs() < 1e-9);
    }
}
