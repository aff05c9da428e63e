//! The largest value from an instant on.

use std::sync::Arc;

use super::{Profile, Segment};
use crate::quantity::Quantity;
use crate::time::Instant;

impl<Q: Quantity> Profile<Q> {
    /// The largest value at `from` or later; of a part that repeats for ever, that of each of its
    /// passes. Whole quantities are rounded as [`value`](Self::value) rounds them.
    ///
    /// ```
    /// use happysim::profile;
    /// use happysim::profile::Profile;
    /// use happysim::time::Instant;
    ///
    /// let workers: Profile<usize> = profile! { hold 8 for 10s; hold 2 for 10s; hold 4 };
    /// assert_eq!(workers.largest_from(Instant::ZERO), 8);
    /// assert_eq!(workers.largest_from(Instant::from_secs_f64(10.0)), 4);
    /// ```
    pub fn largest_from(&self, from: Instant) -> Q {
        let place = self.locate(from);
        let segment = &self.segments[place.index];
        let local = from.as_nanos() - place.shift - segment.start;
        let rest = segment.shape.peak(local, self.length(place.index));
        let later = self.following(place).map(|next| self.segments[next.index].peak);
        Self::quantity(later.map_or(rest, |later| rest.max(later)))
    }

    /// The same profile, whose segments know the largest value from their start on.
    pub(super) fn with_peaks(self) -> Self {
        let last = self.segments.len() - 1;
        let mut segments: Vec<Segment> = self.segments.to_vec();
        let mut peak = f64::NEG_INFINITY;
        for (index, segment) in segments.iter_mut().enumerate().rev() {
            peak = peak.max(segment.shape.peak(0, self.length(index)));
            segment.peak = peak;
        }
        // Whatever is in the part that repeats comes again behind each of its segments.
        if let Some(cycle) = &self.cycle {
            let peak = segments[cycle.first].peak;
            segments[cycle.first..=last].iter_mut().for_each(|segment| segment.peak = peak);
        }
        Self { segments: Arc::from(segments), ..self }
    }
}
