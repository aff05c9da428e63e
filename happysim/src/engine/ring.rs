//! A queue that is empty most of the time.

use super::line::Line;

/// First in, first out, for what is due at the current instant. Most of the time there is one entry
/// at most, which has a place of its own.
#[derive(Clone, Debug)]
pub struct Ring<T> {
    /// The oldest.
    first: Option<T>,
    /// The others; none where there is no oldest.
    others: Line<T>,
}

impl<T> Default for Ring<T> {
    fn default() -> Self {
        Self { first: None, others: Line::default() }
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
        self.others.push(entry);
    }

    /// Takes the oldest.
    #[inline]
    pub fn pop(&mut self) -> Option<T> {
        let first = self.first.take()?;
        if !self.others.is_empty() {
            self.first = self.others.pop();
        }
        Some(first)
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
    fn one_in_one_out() {
        let mut ring = Ring::default();
        ring.push(0);
        for number in 1..10_000 {
            ring.push(number);
            assert_eq!(ring.pop(), Some(number - 1));
        }
        assert_eq!(ring.pop(), Some(9_999));
        assert!(ring.is_empty());
    }
}
