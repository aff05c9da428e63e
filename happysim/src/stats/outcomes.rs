//! Requests by outcome.

/// How many reasons of failure are told apart. Which is which is known to whoever counts; the
/// names are given when a report is made.
pub const REASONS: usize = 16;

/// Requests by outcome at one place: arrived, answered, failed by reason, in flight.
///
/// Nothing is ever lost from the books: [`is_conserved`](Self::is_conserved) holds at every
/// moment of a correct simulation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutcomeCounts {
    carried: u64,
    arrived: u64,
    ok: u64,
    failed: [u64; REASONS],
}

impl OutcomeCounts {
    /// Nothing has arrived yet.
    pub const fn new() -> Self {
        Self { carried: 0, arrived: 0, ok: 0, failed: [0; REASONS] }
    }

    /// A request came in; it is in flight until [`succeed`](Self::succeed) or
    /// [`fail`](Self::fail).
    #[inline]
    pub fn arrive(&mut self) {
        self.arrived += 1;
    }

    /// A request in flight was answered.
    #[inline]
    pub fn succeed(&mut self) {
        self.ok += 1;
    }

    /// A request in flight failed, for the reason with this index.
    ///
    /// # Panics
    /// When `reason` is not below [`REASONS`].
    #[inline]
    #[track_caller]
    pub fn fail(&mut self, reason: usize) {
        self.failed[reason] += 1;
    }

    /// Counts anew from here; what is in flight stays so, as [`carried`](Self::carried). For
    /// the end of a warm-up.
    pub fn reset(&mut self) {
        *self = Self { carried: self.in_flight(), ..Self::new() };
    }

    /// Adds the counts of another place, for the total of a group.
    pub fn merge(&mut self, other: &Self) {
        self.carried += other.carried;
        self.arrived += other.arrived;
        self.ok += other.ok;
        for (ours, theirs) in self.failed.iter_mut().zip(other.failed) {
            *ours += theirs;
        }
    }

    /// Requests that were already in flight at the last [`reset`](Self::reset).
    pub fn carried(&self) -> u64 {
        self.carried
    }

    /// Requests that came in since the last reset; those sent to this place.
    pub fn arrived(&self) -> u64 {
        self.arrived
    }

    /// Requests that were answered.
    pub fn ok(&self) -> u64 {
        self.ok
    }

    /// Requests that failed, for whatever reason.
    pub fn failed(&self) -> u64 {
        self.failed.iter().sum()
    }

    /// Requests that failed, by the index of the reason.
    pub fn failed_by_reason(&self) -> &[u64; REASONS] {
        &self.failed
    }

    /// Requests that have come in and have no outcome yet.
    pub fn in_flight(&self) -> u64 {
        (self.carried + self.arrived).saturating_sub(self.ok + self.failed())
    }

    /// Whether the books balance: carried + arrived = ok + failed + in flight. They do not where
    /// more requests have ended than came in, which is a fault of whoever counts; it must not stop
    /// a simulation.
    pub fn is_conserved(&self) -> bool {
        self.carried + self.arrived == self.ok + self.failed() + self.in_flight()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_books_balance_at_every_moment() {
        let mut counts = OutcomeCounts::new();
        for step in 0..30 {
            counts.arrive();
            match step % 3 {
                0 => counts.succeed(),
                1 => counts.fail(step % REASONS),
                _ => {}
            }
            assert!(counts.is_conserved(), "{counts:?}");
        }
        let totals = (counts.arrived(), counts.ok(), counts.failed(), counts.in_flight());
        assert_eq!(totals, (30, 10, 10, 10));
        assert_eq!(counts.failed_by_reason()[4], 1);
    }

    #[test]
    fn a_reset_carries_what_is_in_flight() {
        let mut counts = OutcomeCounts::new();
        counts.arrive();
        counts.arrive();
        counts.succeed();
        counts.reset();
        assert_eq!((counts.carried(), counts.arrived(), counts.ok()), (1, 0, 0));
        counts.fail(0);
        assert_eq!((counts.failed(), counts.in_flight()), (1, 0));
        assert!(counts.is_conserved());
    }

    #[test]
    fn an_outcome_without_a_request_shows() {
        let mut counts = OutcomeCounts::new();
        counts.succeed();
        assert!(!counts.is_conserved());
    }

    #[test]
    fn a_group_is_the_sum_of_its_members() {
        let mut one = OutcomeCounts::new();
        one.arrive();
        one.fail(3);
        one.arrive();
        let mut group = one;
        group.merge(&one);
        assert_eq!((group.arrived(), group.failed_by_reason()[3], group.in_flight()), (4, 2, 2));
        assert!(group.is_conserved());
    }
}
