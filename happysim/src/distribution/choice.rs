//! Weighted choice among things.

use super::alias::AliasTable;
use super::invalid::{Check, InvalidDistribution};
use super::unbound;
use crate::engine::random::Random;

/// One of several things, each with a probability in proportion to its weight.
///
/// A draw takes one random number and constant time, however many things there are (the alias
/// method of Walker, 1977).
#[derive(Clone, Debug)]
pub struct Choice<T> {
    items: Vec<T>,
    table: AliasTable,
    stream: Option<Random>,
}

impl<T> Choice<T> {
    /// Among things with weights: `[(Read, 0.9), (Write, 0.1)]`. The weights need not sum to 1;
    /// what has weight 0 is never drawn.
    ///
    /// # Errors
    /// When a weight is negative or not finite, or none is above 0.
    pub fn new(items: impl IntoIterator<Item = (T, f64)>) -> Result<Self, InvalidDistribution> {
        let (items, weights): (Vec<T>, Vec<f64>) = items.into_iter().unzip();
        let table = AliasTable::new(Check("a choice"), &weights)?;
        Ok(Self { items, table, stream: None })
    }

    /// Gives the choice its own stream of random numbers, from its beginning.
    pub fn bind_stream(&mut self, random: Random) {
        self.stream = Some(random);
    }

    /// Its stream as far as it has come, for the one that takes its place.
    pub(crate) fn take_stream(&mut self) -> Option<Random> {
        self.stream.take()
    }

    /// Draws one of the things.
    ///
    /// # Panics
    /// When no stream is bound.
    #[inline]
    pub fn pick(&mut self) -> &T {
        let index = self.pick_index();
        &self.items[index]
    }

    /// Draws the position of one of the things, in the order in which they were given.
    ///
    /// # Panics
    /// When no stream is bound.
    #[inline]
    pub fn pick_index(&mut self) -> usize {
        match &mut self.stream {
            Some(random) => self.table.draw(random),
            None => unbound("choice"),
        }
    }

    /// The things to choose from.
    pub fn items(&self) -> &[T] {
        &self.items
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_come_up_by_weight() {
        let mut choice = Choice::new([("read", 9.0), ("never", 0.0), ("write", 1.0)]).unwrap();
        choice.bind_stream(Random::new(1, "store", "kind"));
        let mut writes = 0_u32;
        for _ in 0..100_000 {
            match *choice.pick() {
                "write" => writes += 1,
                other => assert_eq!(other, "read"),
            }
        }
        assert!(writes.abs_diff(10_000) <= 380, "{writes}");
    }

    #[test]
    fn an_empty_choice_is_refused() {
        let error = Choice::<u32>::new([]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`sum of weights` of a choice is 0: it must be finite and above 0"
        );
    }

    #[test]
    #[should_panic(expected = "a choice has no stream of random numbers")]
    fn without_a_stream_it_says_so() {
        Choice::new([(1, 1.0)]).unwrap().pick_index();
    }
}
