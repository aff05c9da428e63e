//! Weighted choice of an index in constant time: the alias table.
//!
//! Walker (1977), built as in Vose, "A Linear Algorithm for Generating Random Numbers with a
//! Given Distribution" (1991). One random word gives both the column and the toss within it.

use super::invalid::{Check, InvalidDistribution};
use crate::engine::random::Random;

/// One column: its own index below the threshold, the alias from there on.
#[derive(Clone, Copy, Debug)]
struct Column {
    threshold: u64,
    own: u32,
    alias: u32,
}

/// Draws index `i` with a probability proportional to weight `i`.
#[derive(Clone, Debug)]
pub(super) struct AliasTable {
    columns: Vec<Column>,
}

impl AliasTable {
    /// From weights that need not sum to 1. An index of weight 0 is never drawn.
    pub(super) fn new(check: Check, weights: &[f64]) -> Result<Self, InvalidDistribution> {
        check.weights(weights)?;
        let fits = u32::try_from(weights.len()).is_ok();
        check.that(fits, "number of weights", weights.len() as f64, "below 2^32")?;

        // Only what can be drawn has a column, so that no rounding can make the rest appear.
        let mut own: Vec<(u32, f64)> = (0_u32..).zip(weights.iter().copied()).collect();
        own.retain(|(_, weight)| *weight > 0.0);
        let sum: f64 = own.iter().map(|(_, weight)| weight).sum();
        let columns = own.len() as f64;
        let (mut small, mut large): (Vec<_>, Vec<_>) = own
            .into_iter()
            .map(|(index, weight)| (index, weight / sum * columns))
            .partition(|(_, share)| *share < 1.0);

        let mut table = Vec::with_capacity(small.len() + large.len());
        while let Some((donor, rest)) = large.pop() {
            let Some((own, share)) = small.pop() else {
                large.push((donor, rest));
                break;
            };
            table.push(Column { threshold: fraction_of_word(share), own, alias: donor });
            let rest = rest - (1.0 - share);
            if rest < 1.0 { small.push((donor, rest)) } else { large.push((donor, rest)) }
        }
        // What is left has a share of 1 but for rounding.
        for (own, _) in small.into_iter().chain(large) {
            table.push(Column { threshold: u64::MAX, own, alias: own });
        }
        Ok(Self { columns: table })
    }

    #[inline]
    pub(super) fn draw(&self, random: &mut Random) -> usize {
        let product = u128::from(random.next_u64()) * self.columns.len() as u128;
        let column = &self.columns[(product >> 64) as usize];
        (if (product as u64) < column.threshold { column.own } else { column.alias }) as usize
    }
}

fn fraction_of_word(share: f64) -> u64 {
    (share * 18_446_744_073_709_551_616.0) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_come_up_in_proportion_to_their_weights() {
        let weights = [3.0, 0.0, 1.0, 0.5, 5.5];
        let table = AliasTable::new(Check("a test"), &weights).unwrap();
        let mut random = Random::new(1, "alias", "test");
        let mut counts = [0_u32; 5];
        for _ in 0..100_000 {
            counts[table.draw(&mut random)] += 1;
        }
        assert_eq!(counts[1], 0);
        for (count, weight) in counts.iter().zip(weights) {
            let expected = weight * 10_000.0;
            let bound = 4.0 * libm::sqrt(expected);
            assert!((f64::from(*count) - expected).abs() <= bound, "{counts:?}");
        }
    }

    #[test]
    fn weights_that_cannot_be_are_refused() {
        let refused = |weights: &[f64]| AliasTable::new(Check("a test"), weights).unwrap_err();
        assert_eq!(
            refused(&[1.0, -1.0]).to_string(),
            "`weight` number 1 of a test is -1: it must be finite and at least 0"
        );
        assert_eq!(refused(&[]).parameter, "sum of weights");
        assert_eq!(refused(&[0.0]).parameter, "sum of weights");
        assert!(refused(&[f64::NAN]).value.is_nan());
    }
}
