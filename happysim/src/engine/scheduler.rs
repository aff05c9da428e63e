//! The scheduler: the clock, the ring of the current instant, and the event list.

use super::event_list::EventList;
use super::line::Line;
use super::timers::Timers;
use super::wake::{Due, Token};
use crate::time::{Clock, Duration, Instant};

/// Decides what happens next.
///
/// Within an instant: first what was scheduled for it, in the order of scheduling; then the
/// deadlines that fall on it, so that whatever arrives at the instant of a deadline is in time.
#[derive(Clone, Debug)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is asked by itself, most of them at every event"
)]
pub struct Scheduler {
    now: Instant,
    /// Where to stop.
    end: Instant,
    /// Nothing later is taken from the list: where to stop, or when the first timer ends for which somebody
    /// may wait.
    limit: Instant,
    /// What was scheduled during the current instant, the oldest first, is a ring, in which most of the
    /// time there is one entry at most. This is the oldest.
    first: Option<Token>,
    /// Those behind it.
    others: Line<Token>,
    has_others: bool,
    deadlines: Line<Token>,
    list: EventList,
    /// Deadlines that are not in the list. At one instant they come behind those that are.
    timers: Timers,
    /// Whether the list has more of the current instant, which comes before what is in the ring.
    list_has_more: bool,
    /// Entries in the list that alone keep no simulation alive.
    background: usize,
    /// How many entries and spawned tasks an instant may have.
    limit_of_instant: i64,
    /// Counts entries taken and spawned tasks down, from `counted_from`. At zero, which is not too
    /// late, it is seen how many the current instant had, and counted anew.
    countdown: i64,
    /// Where it began.
    counted_from: i64,
    /// Where it would have had to begin to have been here when the current instant began.
    at_instant: i64,
    /// Entries taken and tasks spawned before.
    happened: i64,
    /// Tasks spawned since the start.
    spawned: i64,
    /// Whether the current instant had one too many.
    endless: bool,
    /// Whether something else than the ring, or the list where that is empty, says what is next: what
    /// the list has of the current instant, deadlines of it, a crowded list, or that time stands still.
    is_detained: bool,
    /// How many more entries the list and the timers take until those that nobody waits for are taken out.
    room: isize,
}

/// A list of fewer entries is never swept.
const SMALL: usize = 1_000;

impl Default for Scheduler {
    /// At the start of time, with nothing to do.
    fn default() -> Self {
        Self {
            now: Instant::ZERO,
            end: Instant::ZERO,
            limit: Instant::ZERO,
            first: None,
            others: Line::default(),
            has_others: false,
            deadlines: Line::default(),
            list: EventList::default(),
            timers: Timers::default(),
            list_has_more: false,
            background: 0,
            limit_of_instant: 0,
            countdown: 0,
            counted_from: 0,
            at_instant: 0,
            happened: 0,
            spawned: 0,
            endless: false,
            is_detained: false,
            room: SMALL.cast_signed(),
        }
    }
}

impl Clock for Scheduler {
    #[inline]
    fn now(&self) -> Instant {
        self.now
    }
}

impl Scheduler {
    /// Adds to the current instant, behind all that is there.
    #[inline]
    pub fn soon(&mut self, token: impl Into<Token>) {
        let token = token.into();
        if self.first.is_none() {
            self.first = Some(token);
        } else {
            self.soon_too(token);
        }
    }

    /// Whether nothing is in the ring.
    #[inline]
    pub fn is_quiet(&self) -> bool {
        self.first.is_none()
    }

    #[inline(never)]
    fn soon_too(&mut self, token: Token) {
        self.others.push(token);
        self.has_others = true;
    }

    /// Takes the oldest out of the ring.
    #[inline]
    fn pop(&mut self) -> Option<Token> {
        let first = self.first.take()?;
        if self.has_others {
            self.first = self.others.pop();
            if self.others.is_empty() {
                self.others.clear();
                self.has_others = false;
            }
        }
        Some(first)
    }

    /// A deadline of this instant is about to be added to the list. Behind very many of the same instant it
    /// would cost as much as they are.
    #[cold]
    #[inline(never)]
    fn make_way(&mut self) {
        if self.list_has_more {
            self.gather_all();
        }
        self.list.reclaim();
    }

    /// Moves all that the list has of this instant to the front of the ring.
    fn gather_all(&mut self) {
        let newer = core::mem::take(&mut self.others).into_vec();
        let newer = self.first.take().into_iter().chain(newer);
        while let Some(token) = self.take_of_instant() {
            let line = if token.is_deadline() { &mut self.deadlines } else { &mut self.others };
            line.push(token);
        }
        newer.for_each(|token| self.others.push(token));
        self.first = self.others.pop();
        self.has_others = !self.others.is_empty();
        self.consider();
    }

    /// Adds at `time`, which is not before now.
    #[inline]
    pub fn at(&mut self, time: Instant, token: impl Into<Token>) {
        debug_assert!(time >= self.now);
        let token = token.into();
        if token.is_deadline() {
            self.deadline_at(time, token);
        } else if time == self.now {
            self.soon(token);
        } else {
            self.note_added(token);
            self.list.push(time, token);
        }
    }

    /// As [`at`](Self::at), for a deadline.
    // What is rarely needed is called last, so that there are no registers to save.
    #[inline(never)]
    fn deadline_at(&mut self, time: Instant, token: Token) {
        self.note_added(token);
        if token.is_plain_wake() && self.timers.add(self.now, time, token) {
            self.limit = self.limit.min(time);
        } else {
            self.deadline_with_care(time, token);
        }
    }

    /// As [`deadline_at`](Self::deadline_at), for those that are put in order by the list, too.
    #[cold]
    #[inline(never)]
    fn deadline_with_care(&mut self, time: Instant, token: Token) {
        if token.is_plain_wake() && self.timers.make_room(self.now, time) {
            self.timers.add(self.now, time, token);
            self.limit = self.limit.min(time);
            return;
        }
        if time == self.now {
            self.make_way();
        }
        // What was scheduled before it for the same instant comes before it.
        self.timers.give(time, |timer| self.list.push(time, timer));
        self.note_next_timer();
        self.list.push(time, token);
    }

    /// An entry is about to be added, to the list or to the timers.
    #[inline]
    fn note_added(&mut self, token: Token) {
        self.room -= 1;
        if self.room < 0 {
            self.is_detained = true;
        }
        if !token.keeps_alive() {
            self.background += 1;
        }
    }

    /// Adds after `delay`.
    ///
    /// # Panics
    /// When that is beyond 584 years.
    #[inline]
    #[track_caller]
    pub fn after(&mut self, delay: Duration, token: impl Into<Token>) {
        self.at(self.now + delay, token);
    }

    /// Nothing later than `end` is taken from now on.
    pub fn stop_at(&mut self, end: Instant) {
        self.end = end;
        self.note_next_timer();
    }

    fn note_next_timer(&mut self) {
        self.limit = self.timers.next().map_or(self.end, |timer| timer.min(self.end));
    }

    /// Takes what is due next, and moves the clock there. Nothing while the
    /// list [is crowded](Self::is_crowded) or has to be [looked through](Self::look_ahead), when
    /// the instant [is endless](Self::is_endless), or where a [timer](Self::next_timer) comes before.
    #[inline(always)]
    pub fn next_event(&mut self) -> Option<Token> {
        if self.is_detained {
            self.next_detained()
        } else if self.first.is_none() {
            self.advance()
        } else if self.note_event() {
            self.pop()
        } else {
            None
        }
    }

    /// Takes what is next of the current instant.
    #[inline(never)]
    fn next_detained(&mut self) -> Option<Token> {
        while self.list_has_more {
            if !self.note_event() {
                return None;
            }
            match self.take_of_instant() {
                Some(token) if token.is_deadline() => self.defer(token),
                token => return token,
            }
        }
        if self.first.is_some() {
            return if self.note_event() { self.pop() } else { None };
        }
        if self.deadlines.is_empty() || !self.note_event() {
            return None;
        }
        let deadline = self.deadlines.pop();
        self.consider();
        deadline
    }

    /// Takes what the list has of the current instant.
    #[inline]
    fn take_of_instant(&mut self) -> Option<Token> {
        if !self.list_has_more {
            return None;
        }
        let token = self.list.take()?;
        self.note_taken(token);
        if self.list.earliest() != Some(self.now) {
            self.list_has_more = false;
            self.consider();
        }
        Some(token)
    }

    /// A deadline comes last in its instant: so it has not happened yet.
    #[cold]
    fn defer(&mut self, deadline: Token) {
        self.countdown += 1;
        self.deadlines.push(deadline);
        self.is_detained = true;
    }

    /// Whether anything says what is next but ring and list.
    fn consider(&mut self) {
        self.is_detained =
            self.list_has_more || !self.deadlines.is_empty() || self.is_crowded() || self.endless;
    }

    /// Counts an event of the current instant; false where there were too many already.
    #[inline]
    fn note_event(&mut self) -> bool {
        self.countdown -= 1;
        self.countdown >= 0 || self.count_on()
    }

    /// The countdown has come to its end: how much is left of the instant is counted from here,
    /// where anything is. If not, the instant is endless, and nothing is due any more.
    #[cold]
    #[inline(never)]
    fn count_on(&mut self) -> bool {
        // What happens now is not counted yet.
        self.countdown = 0;
        let left = self.limit_of_instant - self.of_instant();
        if left > 0 {
            self.count_from(left);
        } else {
            self.endless = true;
            self.is_detained = true;
        }
        self.countdown -= 1;
        left > 0
    }

    /// Counts down anew, from where so much is left of the instant.
    fn count_from(&mut self, left: i64) {
        self.happened += self.counted_from - self.countdown;
        (self.countdown, self.counted_from, self.at_instant) = (left, left, self.limit_of_instant);
    }

    /// Moves the clock to the next entry of the list and takes it; what else the list has of that
    /// instant comes before anything that is scheduled during it.
    #[inline(always)]
    fn advance(&mut self) -> Option<Token> {
        let time = self.list.earliest()?;
        if time > self.limit {
            return None;
        }
        let first = self.list.take()?;
        self.note_taken(first);
        if time > self.now {
            self.now = time;
            self.begin_instant();
        }
        if self.list.earliest() == Some(time) {
            return self.detain(first);
        }
        // The first of an instant is never too many.
        self.note_event().then_some(first)
    }

    /// More than `first` is due now.
    #[cold]
    #[inline(never)]
    fn detain(&mut self, first: Token) -> Option<Token> {
        self.list_has_more = true;
        self.is_detained = true;
        if first.is_deadline() {
            self.deadlines.push(first);
            return self.next_detained();
        }
        self.note_event().then_some(first)
    }

    /// Takes the timer that is due next, and moves the clock there, where nothing else is due before.
    pub fn next_timer(&mut self) -> Option<Token> {
        let due = self.timers.next().filter(|due| *due <= self.end);
        self.pass_idle(due.unwrap_or(self.end));
        let due = due?;
        let timer = self.timers.take()?;
        self.note_next_timer();
        self.note_taken(timer);
        if due > self.now {
            self.now = due;
            self.begin_instant();
        }
        self.note_event().then_some(timer)
    }

    /// Counts the timers that have ended at `now` and for which nobody waited.
    pub fn pass_idle(&mut self, now: Instant) {
        let passed = self.timers.pass(now).cast_signed();
        self.room += passed;
        self.happened += passed as i64;
    }

    /// From now on each timer is taken, whether anybody waits for it or not.
    pub fn skip_no_timers(&mut self) {
        self.timers.skip_none();
        self.note_next_timer();
    }

    /// Takes the timers out, for a look at them.
    pub fn take_timers(&mut self) -> Timers {
        core::mem::take(&mut self.timers)
    }

    /// Puts them back.
    pub fn put_timers(&mut self, timers: Timers) {
        self.timers = timers;
        self.note_next_timer();
    }

    /// Looks for what is due next among all that is pending; false where there is nothing, or where
    /// it is known.
    pub fn look_ahead(&mut self) -> bool {
        self.list.refill()
    }

    /// What is due soonest, in order, as far as it is known.
    pub fn soonest(&self) -> impl Iterator<Item = Token> {
        self.list.soonest()
    }

    /// Whether the list may be full of timers whose waits have ended: it is to be
    /// [taken out](Self::take_list) and looked through.
    ///
    /// A timeout of half a minute that is almost never reached leaves thousands of them.
    #[inline]
    pub fn is_crowded(&self) -> bool {
        self.room < 0
    }

    /// Whether it [is](Self::is_crowded) without the timers that have ended.
    pub fn is_crowded_even_so(&mut self) -> bool {
        self.pass_idle(self.now);
        self.consider();
        self.is_crowded()
    }

    /// An entry is no longer in the list.
    #[inline]
    fn note_taken(&mut self, token: Token) {
        self.room += 1;
        if !token.keeps_alive() {
            self.background -= 1;
        }
    }

    /// Takes the list out, for a look at it.
    pub fn take_list(&mut self) -> EventList {
        core::mem::replace(&mut self.list, EventList::placeholder())
    }

    /// Puts the list back, of which entries were taken out, `background` of them such as keep no
    /// simulation alive. It is crowded when it has twice as many: on average an entry is looked at
    /// twice at most.
    pub fn put_back(&mut self, list: EventList, background: usize) {
        self.background -= background;
        let length = list.len() + self.timers.len();
        self.room = (2 * length).max(SMALL).cast_signed() - length.cast_signed();
        self.list = list;
        self.list_has_more &= self.list.earliest() == Some(self.now);
        self.consider();
    }

    /// Whether nothing is due, now or later, but changes of capacities.
    pub fn is_idle(&self) -> bool {
        self.first.is_none()
            && self.deadlines.is_empty()
            && self.listed().all(|token| matches!(token.due(), Due::Capacity(_)))
    }

    /// Whether anything of the current instant is still to happen.
    pub fn is_within_instant(&self) -> bool {
        self.first.is_some() || self.list_has_more || !self.deadlines.is_empty()
    }

    /// All that is due later, in no particular order.
    pub fn listed(&self) -> impl Iterator<Item = Token> {
        self.list.iter().chain(self.timers.iter())
    }

    /// Whether anything is left that keeps the simulation alive: what is left of the current instant
    /// does, whoever it belongs to.
    pub fn is_alive(&self) -> bool {
        self.endless
            || self.list.len() > self.background
            || !self.timers.is_empty()
            || self.list_has_more
            // A deadline that was scheduled for now.
            || self.list.earliest() == Some(self.now)
            || self.first.is_some()
            || !self.deadlines.is_empty()
    }

    /// Moves the clock back to `instant`, since when nothing has happened.
    pub fn rewind(&mut self, instant: Instant) {
        self.now = instant;
        self.begin_instant();
    }

    /// Moves the clock to `end` when nothing is due until then.
    pub fn finish_at(&mut self, end: Instant) {
        if end > self.now {
            self.now = end;
            self.begin_instant();
        }
    }

    /// Events taken since the start.
    pub fn events(&self) -> u64 {
        let counted = self.counted_from - self.countdown;
        (self.happened + counted - self.spawned).cast_unsigned()
    }

    /// Events taken and tasks spawned within the current instant.
    pub fn events_of_instant(&self) -> u64 {
        self.of_instant().cast_unsigned()
    }

    fn of_instant(&self) -> i64 {
        self.at_instant - self.countdown
    }

    /// Sets how many there may be.
    pub fn limit_instant(&mut self, limit: u64) {
        let of_instant = self.of_instant();
        // Far more than can ever happen, and far from an overflow.
        self.limit_of_instant = limit.clamp(1, u64::MAX / 4).cast_signed();
        self.count_from(self.limit_of_instant - of_instant);
    }

    /// No event of the current instant has happened yet.
    #[inline]
    fn begin_instant(&mut self) {
        self.at_instant = self.countdown;
    }

    /// Whether there were more: time stands still.
    #[inline]
    pub fn is_endless(&self) -> bool {
        self.endless
    }

    /// Counts a task that a step has spawned; false where there were too many already.
    #[inline]
    pub fn may_spawn(&mut self) -> bool {
        self.spawned += 1;
        self.note_event()
    }

    /// How many entries wait for a later instant.
    pub fn pending(&self) -> usize {
        self.list.len() + self.timers.len()
    }

    /// How many of them the list puts in order.
    pub fn in_list(&self) -> usize {
        self.list.len()
    }
}

#[cfg(test)]
mod tests;
