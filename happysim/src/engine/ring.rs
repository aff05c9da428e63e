//! A queue that is empty most of the time.

/// First in, first out, for what is due at the current instant: it runs empty at the end of
/// each, so there is no need to go around in a circle. Most of the time there is one entry at
/// most, which has a place of its own.
#[derive(Clone, Debug)]
pub struct Ring<T> {
    /// The oldest.
    first: Option<T>,
    /// The others; none where there is no oldest.
    entries: Vec<T>,
    /// How many of the others were taken, from the front on.
    taken: usize,
}

impl<T> Default for Ring<T> {
    fn default() -> Self {
        Self { first: None, entries: Vec::new(), taken: 0 }
    }
}

impl<T: Copy> Ring<T> {
    /// Adds behind all others.
    #[inline]
    pub fn push(&mut self, entry: T) {
        if self.first.is_none() {
            self.first = Some(entry);
        } else {
            self.push_another(entry);
        }
    }

    #[inline(never)]
    fn push_another(&mut self, entry: T) {
        if self.entries.len() == self.entries.capacity() {
            self.make_room();
        }
        self.entries.push(entry);
    }

    /// An instant without an end would keep what was taken: moves the rest to the front where at
    /// least half was, and otherwise grows.
    #[cold]
    #[inline(never)]
    fn make_room(&mut self) {
        if self.taken > 0 && self.taken >= self.entries.len() / 2 {
            self.entries.drain(..self.taken);
            self.taken = 0;
        } else {
            self.entries.reserve(1);
        }
    }

    /// Takes the oldest.
    #[inline]
    pub fn pop(&mut self) -> Option<T> {
        let first = self.first.take()?;
        if !self.entries.is_empty() {
            self.move_up();
        }
        Some(first)
    }

    /// The oldest of the others becomes the first.
    #[inline]
    fn move_up(&mut self) {
        self.first = self.entries.get(self.taken).copied();
        self.taken += 1;
        if self.taken == self.entries.len() {
            self.entries.clear();
            self.taken = 0;
        }
    }

    /// Whether nothing is left.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.first.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_in_first_out_however_full() {
        let mut ring = Ring::default();
        let (mut pushed, mut popped) = (0_u32, 0_u32);
        for round in 0..1_000_u32 {
            for _ in 0..round * 7 % 13 {
                ring.push(pushed);
                pushed += 1;
            }
            for _ in 0..round * 5 % 13 {
                if popped < pushed {
                    assert_eq!(ring.pop(), Some(popped));
                    popped += 1;
                }
            }
            assert_eq!(ring.is_empty(), popped == pushed);
        }
        assert_eq!(core::iter::from_fn(|| ring.pop()).count() as u32, pushed - popped);
    }

    #[test]
    fn one_in_one_out_keeps_its_size() {
        let mut ring = Ring::default();
        ring.push(0);
        for number in 1..10_000 {
            ring.push(number);
            assert_eq!(ring.pop(), Some(number - 1));
        }
        assert!(ring.entries.capacity() <= 8, "{}", ring.entries.capacity());
    }
}
