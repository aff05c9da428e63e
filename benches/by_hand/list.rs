//! What both event lists have in common.

/// What is due later, in order of time and first in first out among equal times.
///
/// An event is a number of 24 bits, such as an index with a kind in the bits above it.
pub(crate) trait List: Default {
    /// Adds an event.
    fn push(&mut self, time: u64, event: u32);
    /// The earliest time.
    fn earliest(&mut self) -> Option<u64>;
    /// Takes the earliest.
    fn pop(&mut self) -> Option<(u64, u32)>;
    /// Adds an event in place of the earliest, which was looked at and is there.
    fn replace(&mut self, time: u64, event: u32);
    /// The earliest event, with its time, which stays.
    fn peek(&mut self) -> Option<(u64, u32)>;
}

/// Time, order of insertion and event in one number, so that one comparison decides.
pub(crate) fn packed(time: u64, inserted: u64, event: u32) -> u128 {
    debug_assert!(event < 1 << 24 && inserted < 1 << 40);
    u128::from(time) << 64 | u128::from(inserted << 24 | u64::from(event))
}

/// The time of a packed entry.
pub(crate) fn time(entry: u128) -> u64 {
    (entry >> 64) as u64
}

/// The time and the event of a packed entry.
pub(crate) fn unpacked(entry: u128) -> (u64, u32) {
    (time(entry), entry as u32 & 0xff_ffff)
}
