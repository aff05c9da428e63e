//! Places in tables: rows, claims, open calls. Each is one or two machine words, stored, compared
//! and handed on as such: a structure of small fields is written piece by piece, and the processor
//! would wait for all pieces before it could read it as a whole, as every copy does.

use core::fmt;
use core::num::{NonZeroU32, NonZeroU64};

/// What marks the first word of a right as one to a claim. It has the lowest bit, so that no such
/// word is zero.
pub(super) const CLAIM: NonZeroU64 = NonZeroU64::MIN;

/// Where the station's index begins in the first word of a right.
pub(super) const PLACE: u32 = 32;

/// A row of a table, and which of its tenants: two numbers in one machine word, which is stored,
/// compared and handed on as such.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Row(u64);

impl Row {
    /// The first tenant of a slot.
    #[inline]
    pub const fn new(slot: u32) -> Self {
        Self(slot as u64)
    }

    /// As a word.
    #[inline]
    pub(super) const fn word(self) -> u64 {
        self.0
    }

    /// From that word.
    #[inline]
    pub(super) const fn from_word(word: u64) -> Self {
        Self(word)
    }

    /// Slot in the table.
    #[inline]
    pub const fn slot(self) -> u32 {
        self.0 as u32
    }

    /// Which tenant of the slot.
    #[inline]
    pub const fn generation(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// The next tenant of the same slot. Their number goes round.
    #[inline]
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.wrapping_add(1 << 32))
    }
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.slot(), self.generation())
    }
}

/// The place of a claim in the table of its station.
///
/// It is kept as a right that is [`dropped`](super::dropped) would be noted: to note it costs nothing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ClaimKey {
    head: NonZeroU64,
    place: Row,
}

impl ClaimKey {
    /// The claim in this row of the table of the station with this index.
    #[inline]
    pub fn new(station: u32, place: Row) -> Self {
        Self { head: CLAIM | u64::from(station) << PLACE, place }
    }

    /// Another claim on the same station.
    #[inline]
    #[must_use]
    pub fn at(self, place: Row) -> Self {
        Self { place, ..self }
    }

    /// The words of a right: what it is a right to, and its row.
    #[inline]
    pub(super) const fn words(self) -> (NonZeroU64, u64) {
        (self.head, self.place.0)
    }

    /// From these words, the first of which is that of a claim.
    #[inline]
    pub(super) const fn from_words(head: NonZeroU64, row: u64) -> Self {
        Self { head, place: Row(row) }
    }

    /// Index of the station.
    #[inline]
    pub const fn station(self) -> u32 {
        (self.head.get() >> PLACE) as u32
    }

    /// Its row there.
    #[inline]
    pub const fn place(self) -> Row {
        self.place
    }
}

impl fmt::Debug for ClaimKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClaimKey {{ station: {}, place: {:?} }}", self.station(), self.place)
    }
}

/// The place of an open call in the table of its wire: the slot below, its tenant above, which is
/// not zero, so that an `Option` of this takes no more.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct CallKey(NonZeroU64);

impl CallKey {
    /// The first call in this slot.
    #[inline]
    pub const fn new(slot: u32) -> Self {
        Self::of(slot, NonZeroU32::MIN)
    }

    #[inline]
    const fn of(slot: u32, generation: NonZeroU32) -> Self {
        let word = slot as u64 | (generation.get() as u64) << 32;
        Self(NonZeroU64::new(word).expect("a generation is not zero"))
    }

    /// Slot in the table.
    #[inline]
    pub const fn slot(self) -> u32 {
        self.0.get() as u32
    }

    /// The next call in the same slot. Their number goes round.
    #[inline]
    #[must_use]
    pub fn next(self) -> Self {
        match self.0.checked_add(1 << 32) {
            Some(next) => Self(next),
            None => Self::new(self.slot()),
        }
    }

    /// As a word, which is not zero.
    #[inline]
    pub(super) const fn word(self) -> NonZeroU64 {
        self.0
    }

    /// From that word.
    #[inline]
    pub(super) const fn from_word(word: NonZeroU64) -> Self {
        Self(word)
    }
}

impl fmt::Debug for CallKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CallKey({}#{})", self.slot(), self.0.get() >> 32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_loses_nothing() {
        let last = Row::from_word(u64::from(u32::MAX - 1) | u64::from(u32::MAX) << 32);
        assert_eq!((last.slot(), last.generation()), (u32::MAX - 1, u32::MAX));
        assert_eq!(last.next(), Row::new(u32::MAX - 1), "generations go round");
        let key = ClaimKey::new(u32::MAX, last);
        assert_eq!((key.station(), key.place()), (u32::MAX, last));
        let (head, row) = key.words();
        assert_eq!(ClaimKey::from_words(head, row), key);
    }

    #[test]
    fn the_generation_of_a_call_is_never_zero() {
        let last = CallKey::of(7, NonZeroU32::MAX);
        assert_eq!(last.slot(), 7);
        assert_eq!(last.next(), CallKey::new(7));
        assert_ne!(CallKey::new(7).next(), CallKey::new(7));
        assert_eq!(CallKey::from_word(last.word()), last);
        assert_eq!(size_of::<Option<CallKey>>(), 8);
    }
}
