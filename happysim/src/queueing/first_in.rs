//! First in, first out.

use crate::engine::keys::Row;

/// Requests in the order in which they came.
///
/// They are taken from the front of a list. What was taken is forgotten when nothing is left, or when
/// the list is full and at least half of it was taken: so it is at most twice as long as the queue
/// ever was, and nobody has to go around in a circle.
#[derive(Clone, Debug, Default)]
pub struct FirstIn {
    entries: Vec<Row>,
    /// How many at the front were taken.
    taken: usize,
}

impl FirstIn {
    #[inline]
    pub(super) fn push(&mut self, place: Row) {
        if self.entries.len() == self.entries.capacity() {
            self.make_room();
        }
        self.entries.push(place);
    }

    #[cold]
    #[inline(never)]
    fn make_room(&mut self) {
        if self.taken > 0 && self.taken >= self.entries.len() / 2 {
            self.forget_taken();
        } else {
            self.entries.reserve(1);
        }
    }

    fn forget_taken(&mut self) {
        self.entries.drain(..self.taken);
        self.taken = 0;
    }

    #[inline]
    pub(crate) fn peek(&self) -> Option<Row> {
        self.entries.get(self.taken).copied()
    }

    /// Takes the first out, which there is.
    #[inline]
    pub(crate) fn discard_first(&mut self) {
        self.taken += 1;
        if self.taken >= self.entries.len() {
            self.entries.clear();
            self.taken = 0;
        }
    }

    pub(super) fn pop(&mut self) -> Option<Row> {
        let first = self.peek()?;
        self.discard_first();
        Some(first)
    }

    pub(super) fn retain(&mut self, keep: impl FnMut(&Row) -> bool) {
        self.forget_taken();
        self.entries.retain(keep);
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len() - self.taken
    }

    pub(super) fn into_places(mut self) -> Vec<Row> {
        self.forget_taken();
        self.entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_in_first_out_however_full() {
        let mut queue = FirstIn::default();
        let (mut pushed, mut popped) = (0_u32, 0_u32);
        for round in 0..1_000_u32 {
            for _ in 0..round * 7 % 13 {
                queue.push(Row::new(pushed));
                pushed += 1;
            }
            for _ in 0..round * 5 % 13 {
                let expected = (popped < pushed).then(|| Row::new(popped));
                assert_eq!(queue.peek(), expected);
                assert_eq!(queue.pop(), expected);
                popped += u32::from(expected.is_some());
            }
            assert_eq!(queue.len() as u32, pushed - popped);
        }
        queue.retain(|place| place.slot().is_multiple_of(2));
        let left: Vec<Row> = (popped..pushed).filter(|slot| slot % 2 == 0).map(Row::new).collect();
        assert_eq!(queue.into_places(), left);
    }

    #[test]
    fn a_queue_that_never_runs_empty_keeps_its_size() {
        let mut queue = FirstIn::default();
        queue.push(Row::new(0));
        for number in 1..10_000 {
            queue.push(Row::new(number));
            assert_eq!(queue.pop(), Some(Row::new(number - 1)));
        }
        assert!(queue.entries.capacity() <= 8, "{}", queue.entries.capacity());
    }
}
