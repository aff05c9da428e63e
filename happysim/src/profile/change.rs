//! When the value of a profile jumps.

use super::shape::Shape;
use super::{Profile, Segment};
use crate::quantity::Quantity;
use crate::time::Instant;

impl<Q: Quantity> Profile<Q> {
    /// The first instant later than `after` at which the value jumps. For whole quantities
    /// (counts and bytes) these are all instants at which the rounded value differs from the
    /// one before, also within a ramp or a sine. `None` when that never happens again.
    pub fn next_change(&self, after: Instant) -> Option<Instant> {
        let mut place = self.locate(after);
        let mut local = after.as_nanos() - place.shift - self.segments[place.index].start;
        let current = self.value(after);
        let differs = |value: f64| Self::quantity(value) != current;
        // Once around an endless repetition is enough: what did not change in it never does.
        for _ in 0..=self.segments.len() {
            let Segment { start, shape, .. } = &self.segments[place.index];
            let length = self.length(place.index);
            if Q::WHOLE
                && let Some(local) = first_difference(shape, local, length, differs)
            {
                let nanos = start.checked_add(place.shift)?.checked_add(local)?;
                return Some(Instant::from_nanos(nanos));
            }
            place = self.following(place)?;
            let next = &self.segments[place.index];
            let (before, then) = (shape.value(length), next.shape.value(0));
            #[allow(clippy::float_cmp)] // A ramp or a held value hands over the very same bits.
            let jumps = if Q::WHOLE { differs(then) } else { before != then };
            if jumps {
                return next.start.checked_add(place.shift).map(Instant::from_nanos);
            }
            local = 0;
        }
        None
    }
}

/// The first nanosecond in `after + 1..length` at which the value `differs`: by halving within
/// each stretch in which the shape only rises or only falls.
fn first_difference(
    shape: &Shape,
    after: u64,
    length: u64,
    differs: impl Fn(f64) -> bool,
) -> Option<u64> {
    let mut low = after;
    // A sine turns twice in a period: three stretches contain one.
    for _ in 0..3 {
        let mut high = shape.next_turn(low).min(length - 1);
        if high <= low {
            return None;
        }
        if differs(shape.value(high)) {
            while high - low > 1 {
                let middle = low + (high - low) / 2;
                if differs(shape.value(middle)) {
                    high = middle;
                } else {
                    low = middle;
                }
            }
            return Some(high);
        }
        low = high;
    }
    None
}
