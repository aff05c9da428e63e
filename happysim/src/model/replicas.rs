//! What there is one of for each replica of a node.

use core::iter::{Chain, Once, once};
use core::ops::{Index, IndexMut};
use core::slice;

/// One of something for each replica of a node, in their order; at least one.
///
/// Most nodes are not replicated, so the first is found without a search.
#[derive(Clone, Debug)]
pub struct Replicas<T> {
    first: Box<T>,
    others: Vec<T>,
}

impl<T> Replicas<T> {
    /// These, of which there is at least one: `None` without any.
    pub(crate) fn new(all: impl IntoIterator<Item = T>) -> Option<Self> {
        let mut all = all.into_iter();
        let first = Box::new(all.next()?);
        Some(Self { first, others: all.collect() })
    }

    /// How many there are.
    #[expect(clippy::len_without_is_empty, reason = "there is always one")]
    pub fn len(&self) -> usize {
        1 + self.others.len()
    }

    /// All of them.
    pub fn iter(&self) -> Chain<Once<&T>, slice::Iter<'_, T>> {
        self.into_iter()
    }

    /// All of them, to change them.
    pub fn iter_mut(&mut self) -> Chain<Once<&mut T>, slice::IterMut<'_, T>> {
        self.into_iter()
    }
}

impl<T: Default> Replicas<T> {
    /// New ones, as many as this.
    pub(crate) fn with_default(count: usize) -> Self {
        let others = (1..count).map(|_| T::default()).collect();
        Self { first: Box::default(), others }
    }
}

impl<T> Index<usize> for Replicas<T> {
    type Output = T;

    #[inline]
    fn index(&self, replica: usize) -> &T {
        if replica == 0 { &self.first } else { &self.others[replica - 1] }
    }
}

impl<T> IndexMut<usize> for Replicas<T> {
    #[inline]
    fn index_mut(&mut self, replica: usize) -> &mut T {
        if replica == 0 { &mut self.first } else { &mut self.others[replica - 1] }
    }
}

impl<'a, T> IntoIterator for &'a Replicas<T> {
    type Item = &'a T;
    type IntoIter = Chain<Once<&'a T>, slice::Iter<'a, T>>;

    fn into_iter(self) -> Self::IntoIter {
        once(&*self.first).chain(&self.others)
    }
}

impl<'a, T> IntoIterator for &'a mut Replicas<T> {
    type Item = &'a mut T;
    type IntoIter = Chain<Once<&'a mut T>, slice::IterMut<'a, T>>;

    fn into_iter(self) -> Self::IntoIter {
        once(&mut *self.first).chain(&mut self.others)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_a_list() {
        for count in 1..4 {
            let mut replicas = Replicas::new(0..count).unwrap();
            replicas.iter_mut().for_each(|replica| *replica += 10);
            replicas[count - 1] += 1;
            assert_eq!(replicas.len(), count);
            let expected: Vec<_> = (10..9 + count).chain([10 + count]).collect();
            assert_eq!(replicas.iter().copied().collect::<Vec<_>>(), expected);
            assert_eq!((0..count).map(|replica| replicas[replica]).collect::<Vec<_>>(), expected);
        }
        assert_eq!(Replicas::<usize>::with_default(3).iter().collect::<Vec<_>>(), [&0; 3]);
        assert!(Replicas::<usize>::new([]).is_none());
    }

    #[test]
    #[should_panic(expected = "out of bounds")]
    fn there_is_none_beyond_the_last() {
        let replicas = Replicas::new([1, 2]).unwrap();
        let _ = replicas[2];
    }
}
