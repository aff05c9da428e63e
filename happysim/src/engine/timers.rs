//! Timers of few lengths, as timeouts mostly are: of those of one length the first to begin is the first
//! to end, so that nothing has to be put in order.

use super::line::Line;
use super::wake::{Token, Wake};
use crate::time::{Duration, Instant};

/// So many lengths have a line of their own.
const LENGTHS: usize = 4;

/// A timer that ends at an instant; nothing in place of one that was [taken out](Timers::give).
#[derive(Clone, Copy, Debug)]
struct Timer {
    end: Instant,
    token: Option<Token>,
}

/// The timers of one length, the first to end at the front.
#[derive(Clone, Debug, Default)]
struct OfOneLength {
    length: Duration,
    timers: Line<Timer>,
    /// How many at the front are idle.
    idle: usize,
}

/// Timers of few lengths.
///
/// Most timeouts are never reached: when they end, nobody waits for them any more. As far as that is
/// known of those at the front of their lines, they are *idle*. They stay until they have ended, since
/// that is an event even so; but nobody has to look at each of them then.
#[derive(Clone, Debug, Default)]
pub struct Timers {
    lines: [OfOneLength; LENGTHS],
}

impl OfOneLength {
    /// When the first ends that is not idle.
    fn next(&self) -> Option<Instant> {
        self.timers.as_slice().get(self.idle).map(|timer| timer.end)
    }

    /// Forgets the idle ones that have ended at `now`: how many they were.
    fn pass(&mut self, now: Instant) -> usize {
        let mut passed = 0;
        while self.idle > 0
            && let Some(timer) = self.timers.peek()
            && timer.end <= now
        {
            self.timers.discard_first();
            self.idle -= 1;
            passed += usize::from(timer.token.is_some());
        }
        passed
    }

    /// Whether any ends at `end`.
    fn has(&self, end: Instant) -> bool {
        let timers = self.timers.as_slice();
        timers.last().is_some_and(|last| end <= last.end)
            && timers.binary_search_by_key(&end, |timer| timer.end).is_ok()
    }

    /// Takes out those that end at `end`, in their order.
    fn give(&mut self, end: Instant, mut take: impl FnMut(Token)) {
        let timers = self.timers.as_mut_slice();
        let from = timers.partition_point(|timer| timer.end < end);
        let timers = timers[from..].iter_mut().take_while(|timer| timer.end == end);
        timers.filter_map(|timer| timer.token.take()).for_each(&mut take);
        self.skip(|_| true);
    }

    /// Those at the front for which nobody `waits` are idle, and those that were taken out.
    fn skip(&mut self, waits: impl Fn(Wake) -> bool) {
        let timers = self.timers.as_slice()[self.idle..].iter();
        let is_idle = |timer: &&Timer| !timer.token.is_some_and(|token| waits(token.wake()));
        self.idle += timers.take_while(is_idle).count();
    }
}

impl Timers {
    /// Adds a timer that begins now and ends later, if there is room for it in the line of those of its
    /// length.
    #[inline]
    pub(super) fn add(&mut self, now: Instant, end: Instant, token: Token) -> bool {
        let length = end.saturating_since(now);
        let line = self.lines.iter_mut().find(|line| line.length == length);
        let Some(line) = line.filter(|line| line.timers.has_room()) else { return false };
        line.timers.push(Timer { end, token: Some(token) });
        true
    }

    /// Makes room for a timer that begins now; false where there is no line for those of its length.
    pub(super) fn make_room(&mut self, now: Instant, end: Instant) -> bool {
        let length = end.saturating_since(now);
        let has_its_length = |line: &OfOneLength| line.length == length;
        let known = self.lines.iter().position(has_its_length);
        let place = known.or_else(|| self.lines.iter().position(|line| line.timers.is_empty()));
        let Some(place) = place.filter(|_| length > Duration::ZERO) else { return false };
        self.lines[place].length = length;
        self.lines[place].timers.make_room();
        true
    }

    /// When the first ends that is not idle.
    pub(super) fn next(&self) -> Option<Instant> {
        self.lines.iter().filter_map(OfOneLength::next).min()
    }

    /// All of them, in no particular order.
    pub(super) fn iter(&self) -> impl Iterator<Item = Token> {
        let timers = self.lines.iter().flat_map(|line| line.timers.as_slice());
        timers.filter_map(|timer| timer.token)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.iter().count()
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// Forgets the idle ones that have ended at `now`: how many they were.
    pub(super) fn pass(&mut self, now: Instant) -> usize {
        self.lines.iter_mut().map(|line| line.pass(now)).sum()
    }

    /// Takes the first that is not idle; those before it in its line were [passed](Self::pass).
    pub(super) fn take(&mut self) -> Option<Token> {
        let next = self.next()?;
        // Of those that end together the longest began first.
        let lines = self.lines.iter_mut().filter(|line| line.next() == Some(next));
        let line = lines.max_by_key(|line| line.length)?;
        debug_assert_eq!(line.idle, 0);
        let timer = line.timers.pop()?;
        line.skip(|_| true);
        timer.token
    }

    /// Those at the front of their lines for which nobody `waits` are idle.
    pub fn skip(&mut self, waits: impl Fn(Wake) -> bool) {
        self.lines.iter_mut().for_each(|line| line.skip(&waits));
    }

    /// None is idle: each is taken.
    pub(super) fn skip_none(&mut self) {
        for line in &mut self.lines {
            line.idle = 0;
            line.skip(|_| true);
        }
    }

    /// Keeps only those for which somebody `waits`.
    pub fn retain(&mut self, waits: impl Fn(Wake) -> bool) {
        for line in &mut self.lines {
            line.timers.retain(|timer| timer.token.is_some_and(|token| waits(token.wake())));
        }
        self.skip_none();
    }

    /// Takes out those that end at `end`, in the order in which they began.
    pub(super) fn give(&mut self, end: Instant, mut take: impl FnMut(Token)) {
        if !self.lines.iter().any(|line| line.has(end)) {
            return;
        }
        // Of those that end together the longest began first.
        self.lines.sort_by_key(|line| core::cmp::Reverse(line.length));
        self.lines.iter_mut().for_each(|line| line.give(end, &mut take));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Instant {
        Instant::ZERO + Duration::from_secs(seconds)
    }

    fn wake(slot: u32) -> Wake {
        Wake::of(0, 0).at(slot, 0, Wake::DEADLINE)
    }

    fn add(timers: &mut Timers, now: u64, end: u64, slot: u32) {
        assert!(timers.make_room(at(now), at(end)));
        assert!(timers.add(at(now), at(end), wake(slot).into()));
    }

    fn slots(timers: &mut Timers) -> Vec<u32> {
        let next = || {
            timers.pass(timers.next()?);
            timers.take().map(|token| token.wake().slot())
        };
        core::iter::from_fn(next).collect()
    }

    #[test]
    fn of_those_that_end_together_the_longest_began_first() {
        let mut timers = Timers::default();
        add(&mut timers, 0, 5, 0);
        add(&mut timers, 1, 4, 1);
        add(&mut timers, 2, 5, 2);
        add(&mut timers, 2, 7, 3);
        add(&mut timers, 4, 5, 4);
        assert_eq!(slots(&mut timers.clone()), [1, 0, 2, 4, 3]);
        let mut given = Vec::new();
        timers.give(at(5), |token| given.push(token.wake().slot()));
        assert_eq!(given, [0, 2, 4]);
        assert_eq!((timers.len(), timers.next()), (2, Some(at(4))));
        assert_eq!(slots(&mut timers), [1, 3]);
        assert!(timers.is_empty());
    }

    #[test]
    fn there_are_lines_for_few_lengths() {
        let mut timers = Timers::default();
        (1..=4).for_each(|length| add(&mut timers, 0, length, 0));
        assert!(!timers.make_room(at(0), at(5)), "all have a line");
        assert!(!timers.make_room(at(0), at(0)), "it does not end later");
        assert!(timers.take().is_some());
        add(&mut timers, 0, 5, 1);
    }

    #[test]
    fn those_that_nobody_waits_for_are_passed_when_they_have_ended() {
        let mut timers = Timers::default();
        (0..10).for_each(|slot| add(&mut timers, u64::from(slot), 10 + u64::from(slot), slot));
        timers.give(at(11), |_| {});
        let waits = |wake: Wake| wake.slot() >= 5;
        timers.skip(waits);
        assert_eq!((timers.next(), timers.len()), (Some(at(15)), 9));
        assert_eq!((timers.pass(at(12)), timers.pass(at(12))), (2, 0));
        assert_eq!(slots(&mut timers.clone()), [5, 6, 7, 8, 9]);
        let mut retained = timers.clone();
        retained.retain(waits);
        assert_eq!((retained.len(), retained.pass(at(14))), (5, 0));
        timers.skip_none();
        assert_eq!(slots(&mut timers), [3, 4, 5, 6, 7, 8, 9]);
    }
}
