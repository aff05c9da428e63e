//! Percentiles of a small sample that is held in full.

/// The rank, from 1 to `count`, that the nearest-rank definition gives percentile `p`.
///
/// # Panics
/// When `p` is outside 0..=100, or `count` is 0.
#[track_caller]
pub(super) fn rank(p: f64, count: u64) -> u64 {
    assert!((0.0..=100.0).contains(&p), "a percentile must be from 0 to 100, this is {p}");
    assert!(count > 0, "an empty sample has no percentiles");
    let exact = p * count as f64 / 100.0;
    // 0.07 is no binary fraction: a product that is whole but for rounding is meant to be whole.
    let whole = exact.round();
    let rank = if (exact - whole).abs() <= exact * 1e-14 { whole } else { exact.ceil() };
    (rank as u64).clamp(1, count)
}

/// The `p`-th percentile by nearest rank: the smallest value such that at least `p` % of the
/// sample are no larger. Always a value of the sample; percentile 0 is the smallest.
///
/// `sorted` is the sample in ascending order.
///
/// # Panics
/// When `sorted` is empty or `p` is outside 0..=100.
#[track_caller]
pub fn nearest_rank<T: Copy>(sorted: &[T], p: f64) -> T {
    sorted[rank(p, sorted.len() as u64) as usize - 1]
}

/// The `p`-th percentile by linear interpolation between the values next to position
/// (n - 1) p / 100, counted from 0: type 7 of Hyndman and Fan, "Sample Quantiles in Statistical
/// Packages" (1996), the default of R, `NumPy` and spreadsheets.
///
/// `sorted` is the sample in ascending order.
///
/// # Panics
/// When `sorted` is empty or `p` is outside 0..=100.
#[track_caller]
pub fn interpolated(sorted: &[f64], p: f64) -> f64 {
    assert!((0.0..=100.0).contains(&p), "a percentile must be from 0 to 100, this is {p}");
    assert!(!sorted.is_empty(), "an empty sample has no percentiles");
    let position = (sorted.len() - 1) as f64 * p / 100.0;
    let below = sorted[position as usize];
    let above = sorted[(position as usize + 1).min(sorted.len() - 1)];
    below + (above - below) * position.fract()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: [f64; 5] = [15.0, 20.0, 35.0, 40.0, 50.0];
    const PERCENTILES: [f64; 5] = [5.0, 30.0, 40.0, 50.0, 100.0];

    #[test]
    fn nearest_rank_gives_values_of_the_sample() {
        let found = PERCENTILES.map(|p| nearest_rank(&SAMPLE, p));
        assert_eq!(found, [15.0, 20.0, 20.0, 35.0, 50.0]);
        assert_eq!(nearest_rank(&SAMPLE, 0.0), 15.0);
    }

    #[test]
    fn interpolation_is_type_7_of_hyndman_and_fan() {
        for (p, expected) in PERCENTILES.into_iter().zip([16.0, 23.0, 29.0, 35.0, 50.0]) {
            assert!((interpolated(&SAMPLE, p) - expected).abs() < 1e-9, "p{p}");
        }
    }

    #[test]
    fn ranks_are_not_pushed_up_by_rounding() {
        assert_eq!(rank(99.9, 1_000), 999);
        assert_eq!(rank(99.9, 10_000), 9_990);
        assert_eq!(rank(0.07, 10_000), 7);
        assert_eq!(rank(0.17, 10_000), 17);
        assert_eq!(rank(99.99, 1_000_000), 999_900);
        assert_eq!(rank(99.9, 1_001), 1_000);
    }

    #[test]
    #[should_panic(expected = "from 0 to 100, this is 100.5")]
    fn a_percentile_above_100_is_refused() {
        let _ = nearest_rank(&SAMPLE, 100.5);
    }
}
