//! First in, first out.

/// A line of whatever waits, in the order in which it came.
///
/// They are taken from the front of a list. What was taken is forgotten when the list is full and at
/// least a quarter of it was taken: so it is not much longer than the queue ever was, or short. Nothing
/// depends on whether the last was taken, which a processor cannot foresee, and nobody goes around
/// in a circle.
#[derive(Clone, Debug)]
pub struct Line<T> {
    entries: Vec<T>,
    /// How many at the front were taken.
    taken: usize,
}

/// A list grows by so many entries at least.
const SHORT: usize = 32;

impl<T> Default for Line<T> {
    fn default() -> Self {
        Self { entries: Vec::new(), taken: 0 }
    }
}

impl<T: Copy> Line<T> {
    /// Whether another one needs no more memory.
    #[inline]
    pub fn has_room(&self) -> bool {
        self.entries.len() < self.entries.capacity()
    }

    /// Adds behind all others.
    #[inline]
    pub fn push(&mut self, entry: T) {
        if self.has_room() {
            self.entries.push(entry);
        } else {
            self.push_full(entry);
        }
    }

    /// As [`push`](Self::push), where there is no room.
    // A call that is the last thing costs its caller no registers to save.
    #[cold]
    #[inline(never)]
    fn push_full(&mut self, entry: T) {
        self.make_room();
        self.entries.push(entry);
    }

    /// Makes room for another one.
    pub fn make_room(&mut self) {
        if self.has_room() {
            return;
        }
        if self.taken > 0 && self.taken >= self.entries.len() / 4 {
            self.forget_taken();
        } else {
            self.entries.reserve(SHORT);
        }
    }

    fn forget_taken(&mut self) {
        self.entries.drain(..self.taken);
        self.taken = 0;
    }

    /// The first.
    #[inline]
    pub fn peek(&self) -> Option<T> {
        self.entries.get(self.taken).copied()
    }

    /// All of them, the first at the front.
    pub fn iter(&self) -> impl Iterator<Item = T> {
        self.as_slice().iter().copied()
    }

    /// All of them, the first at the front.
    #[inline]
    pub fn as_slice(&self) -> &[T] {
        &self.entries[self.taken..]
    }

    /// All of them, to change them.
    #[inline]
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        &mut self.entries[self.taken..]
    }

    /// Takes the first out, which there is.
    #[inline]
    pub fn discard_first(&mut self) {
        debug_assert!(!self.is_empty());
        self.taken += 1;
    }

    /// Takes the first out.
    #[inline]
    pub fn pop(&mut self) -> Option<T> {
        let first = self.peek()?;
        self.discard_first();
        Some(first)
    }

    /// Forgets all.
    #[inline]
    pub fn clear(&mut self) {
        self.entries.clear();
        self.taken = 0;
    }

    /// Keeps only those for which `keep` holds.
    pub fn retain(&mut self, keep: impl FnMut(&T) -> bool) {
        self.forget_taken();
        self.entries.retain(keep);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.entries.len() - self.taken
    }

    /// Whether there is nobody.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.taken == self.entries.len()
    }

    /// All of them, the first at the front.
    pub fn into_vec(mut self) -> Vec<T> {
        self.forget_taken();
        self.entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_in_first_out_however_full() {
        let mut queue = Line::default();
        let (mut pushed, mut popped) = (0_u32, 0_u32);
        for round in 0..1_000_u32 {
            for _ in 0..round * 7 % 13 {
                queue.push(pushed);
                pushed += 1;
            }
            for _ in 0..round * 5 % 13 {
                let expected = (popped < pushed).then_some(popped);
                assert_eq!(queue.peek(), expected);
                assert_eq!(queue.pop(), expected);
                popped += u32::from(expected.is_some());
            }
            assert_eq!(queue.len() as u32, pushed - popped);
            assert_eq!(queue.is_empty(), popped == pushed);
        }
        queue.retain(|number| number.is_multiple_of(2));
        let left: Vec<u32> = (popped..pushed).filter(|number| number % 2 == 0).collect();
        assert_eq!(queue.into_vec(), left);
    }

    #[test]
    fn a_queue_that_never_runs_empty_keeps_its_size() {
        let mut queue = Line::default();
        queue.push(0);
        for number in 1..10_000 {
            queue.push(number);
            assert_eq!(queue.pop(), Some(number - 1));
        }
        assert_eq!(queue.entries.capacity(), SHORT);
    }
}
