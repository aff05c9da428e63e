//! Quantiles of Student's t distribution, for confidence intervals from few values.

/// The value that a t-distributed variable with `degrees` degrees of freedom stays below with
/// probability `p`.
///
/// Found by bisection on the tail probability, which is an incomplete beta function (Abramowitz
/// and Stegun 26.7.1) computed by its continued fraction (DLMF 8.17.22). The relative
/// error is below 1e-9 for up to a million degrees of freedom. It is meant for the end of a
/// run: it takes some ten microseconds.
///
/// # Panics
/// When `p` is not strictly between 0 and 1, or `degrees` is not positive and finite.
#[track_caller]
pub fn student_t_quantile(p: f64, degrees: f64) -> f64 {
    assert!(p > 0.0 && p < 1.0, "a quantile of the t distribution is for 0 < p < 1, this is {p}");
    assert!(
        degrees > 0.0 && degrees.is_finite(),
        "the t distribution needs a positive number of degrees of freedom, this is {degrees}"
    );
    if p < 0.5 {
        return -upper_quantile(p, degrees);
    }
    upper_quantile(1.0 - p, degrees)
}

/// The t >= 0 that is exceeded with probability `tail` <= 0.5.
fn upper_quantile(tail: f64, degrees: f64) -> f64 {
    let mut high = 1.0;
    while upper_tail(high, degrees) > tail {
        high *= 2.0;
    }
    let mut low = 0.0;
    loop {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            return middle;
        }
        if upper_tail(middle, degrees) > tail {
            low = middle;
        } else {
            high = middle;
        }
    }
}

/// The probability to exceed t >= 0: half of the incomplete beta function of
/// `degrees` / 2 and 1 / 2 at `degrees` / (`degrees` + t^2).
fn upper_tail(t: f64, degrees: f64) -> f64 {
    let total = degrees + t * t;
    0.5 * incomplete_beta(degrees / total, t * t / total, degrees / 2.0, 0.5)
}

/// The regularised incomplete beta function of `a` and `b` at `x`, with `y` = 1 - x.
fn incomplete_beta(x: f64, y: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || y <= 0.0 {
        return f64::from(u8::from(y <= 0.0));
    }
    let scale = libm::exp(
        libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b)
            + a * libm::log(x)
            + b * libm::log(y),
    );
    // The fraction converges fast below the mean; above it, its mirror image does.
    if x < (a + 1.0) / (a + b + 2.0) {
        scale * beta_fraction(x, a, b) / a
    } else {
        1.0 - scale * beta_fraction(y, b, a) / b
    }
}

/// The continued fraction of DLMF 8.17.22 by Lentz's method: `upper` and `lower` are the ratios
/// of successive numerators and denominators, upside down for the latter.
fn beta_fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away_from_zero = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut upper = 1.0;
    let mut lower = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut value = lower;
    // It takes about sqrt(max(a, b)) rounds: the bound is beyond any number of degrees in use.
    for round in 1..100_000_u32 {
        let round = f64::from(round);
        let shifted = a + 2.0 * round;
        let even = round * (b - round) * x / ((shifted - 1.0) * shifted);
        let odd = -(a + round) * (a + b + round) * x / (shifted * (shifted + 1.0));
        for term in [even, odd] {
            lower = 1.0 / away_from_zero(1.0 + term * lower);
            upper = away_from_zero(1.0 + term / upper);
            value *= lower * upper;
        }
        if (lower * upper - 1.0).abs() < 1e-16 {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64, relative: f64) {
        assert!((found - expected).abs() <= relative * expected.abs(), "{found} for {expected}");
    }

    // One degree is the Cauchy distribution, tan(pi (p - 1/2)); for two degrees it is
    // (2p - 1) / sqrt(2 p (1 - p)).
    #[test]
    fn one_and_two_degrees_have_closed_forms() {
        for p in [0.5001, 0.6, 0.75, 0.9, 0.975, 0.995, 0.9995, 0.999_999] {
            let cauchy = libm::tan(core::f64::consts::PI * (p - 0.5));
            close(student_t_quantile(p, 1.0), cauchy, 1e-9);
            let two = (2.0 * p - 1.0) / (2.0 * p * (1.0 - p)).sqrt();
            close(student_t_quantile(p, 2.0), two, 1e-9);
            close(student_t_quantile(1.0 - p, 2.0), -two, 1e-9);
        }
        assert!(student_t_quantile(0.5, 7.0).abs() < 1e-12);
    }

    // Published tables of the t distribution; for a million degrees, the normal distribution.
    #[test]
    fn quantiles_are_those_of_the_tables() {
        for (p, degrees, expected, digits) in [
            (0.975, 9.0, 2.262_157_163, 1e-9),
            (0.975, 3.0, 3.182_446_305, 1e-9),
            (0.95, 10.0, 1.812_461_123, 1e-9),
            (0.975, 30.0, 2.042_272_456, 1e-9),
            (0.995, 19.0, 2.860_934_606, 1e-9),
            (0.975, 120.0, 1.979_930_405, 1e-9),
            (0.975, 1e6, 1.959_963_985, 2e-6),
        ] {
            close(student_t_quantile(p, degrees), expected, digits);
        }
    }

    #[test]
    #[should_panic(expected = "this is 1")]
    fn certainty_has_no_quantile() {
        let _ = student_t_quantile(1.0, 9.0);
    }
}
