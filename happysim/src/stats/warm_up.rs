//! How much of the start of a run to leave out.

/// Where a series is best cut so that its start does not bias its mean.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Truncation {
    /// How many values to leave out.
    pub at: usize,
    /// The marginal standard error, squared, of the mean of the rest.
    pub statistic: f64,
}

/// The warm-up of a series by the marginal standard error rule (MSER): White, "An effective
/// truncation heuristic for bias reduction in simulation output" (1997).
///
/// Of all cuts within the first half, it is the one that makes the sum of the squared
/// differences from the mean of the rest, divided by the square of their number, smallest; of
/// equals the earliest. A cut at the very half says that the run was too short. `None` for an
/// empty series.
///
/// The rule is meant for means over short spans, such as the buckets of a
/// [`TimeSeries`](super::TimeSeries) or [`batch_means`](super::batch_means) of five values
/// (MSER-5), more than for single values.
pub fn mser(values: &[f64]) -> Option<Truncation> {
    let latest = values.len() / 2;
    let mut best: Option<Truncation> = None;
    let (mut count, mut mean, mut squares) = (0.0, 0.0, 0.0);
    // From the end to the start, each rest adds one value to the one before (Welford).
    for (at, &value) in values.iter().enumerate().rev() {
        count += 1.0;
        let difference = value - mean;
        mean += difference / count;
        squares += difference * (value - mean);
        let statistic = squares / (count * count);
        if at <= latest && best.is_none_or(|best| statistic <= best.statistic) {
            best = Some(Truncation { at, statistic });
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERIES: [f64; 20] = [
        20.0, 15.0, 11.0, 8.0, 6.0, 5.0, 4.0, 5.0, 6.0, 4.0, 5.0, 5.0, 4.0, 6.0, 5.0, 5.0, 4.0,
        5.0, 6.0, 5.0,
    ];

    /// The definition, word by word.
    fn statistic(values: &[f64]) -> f64 {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        squares / (values.len() as f64).powi(2)
    }

    #[test]
    fn a_decaying_start_is_cut_off() {
        let found = mser(&SERIES).unwrap();
        assert_eq!(found.at, 5);
        assert!((found.statistic - 0.030_814_814_81).abs() < 1e-9);
        assert!((statistic(&SERIES) - 0.800_5).abs() < 1e-9);
        assert!((0..=10).all(|at| statistic(&SERIES[at..]) >= found.statistic - 1e-12));
    }

    #[test]
    fn a_steady_series_is_left_whole() {
        assert_eq!(mser(&[4.0; 9]), Some(Truncation { at: 0, statistic: 0.0 }));
        assert_eq!(mser(&[]), None);
    }
}
