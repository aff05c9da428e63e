//! Everything about a profile that can be known before it is built: the same rules as those of
//! the builder in the runtime, for all that is literal, and all mistakes at once.

use super::model::{Kind, Statement, Time, Value};
use crate::diagnostics::Diagnostics;
use crate::units::{Kind as Unit, display};

/// The limit of the runtime's builder.
const MOST_SEGMENTS: u64 = 100_000;

/// Reports what is wrong and returns what the literals measure, with the one that says so.
pub(super) fn check<'a>(
    statements: &'a [Statement],
    diagnostics: &mut Diagnostics,
) -> Option<(Unit, &'a Value)> {
    let mut walk = Walk {
        diagnostics,
        unit: None,
        now: Some(0),
        has_value: false,
        end: End::Closed,
        segments: 0,
    };
    walk.all(statements);
    walk.unit
}

/// How the last statement ended.
#[derive(Clone, Copy)]
enum End<'a> {
    Closed,
    /// A step: its value holds until a later one, if nothing else follows.
    Stepped(&'a Statement),
    /// A spike: likewise the value under it.
    Spiked,
    Open(&'a Statement),
    Endless(&'a Statement),
    /// After a mistake.
    Unknown,
}

/// The walk through the statements in the order of time.
struct Walk<'a, 'd> {
    diagnostics: &'d mut Diagnostics,
    /// The first literal value, which tells what all others must be.
    unit: Option<(Unit, &'a Value)>,
    /// The time reached since the start of the profile or of the pass, if known: the end of the
    /// last statement; the start of one with an open end.
    now: Option<u64>,
    has_value: bool,
    end: End<'a>,
    segments: u64,
}

impl<'a> Walk<'a, '_> {
    fn all(&mut self, statements: &'a [Statement]) {
        for statement in statements {
            if let End::Endless(endless) = self.end {
                let later =
                    (&statement.keyword, format!("this `{}` is never reached", statement.keyword));
                let earlier = (
                    &endless.keyword,
                    "because this repeats for ever: write `repeat 3 times`, or move it to the end",
                );
                self.diagnostics.error_at_two(super::UNREACHABLE, later, earlier);
                // One report is enough, but the values of the rest still count.
                self.end = End::Unknown;
            }
            self.segments = self.segments.saturating_add(1);
            self.one(statement);
        }
    }

    fn one(&mut self, statement: &'a Statement) {
        match &statement.kind {
            Kind::Hold { value, length } => {
                self.starts_here(statement);
                match value {
                    Some(value) => self.value(value),
                    None => self.needs_value(statement, "hold 50/s"),
                }
                self.has_value = true;
                self.lasts_or_is_open(statement, length.as_ref());
            }
            Kind::Ramp { from, to, over } => {
                self.starts_here(statement);
                match from {
                    Some(from) => self.value(from),
                    None => self.needs_value(statement, "ramp from 5/s to 50/s over 10s"),
                }
                self.value(to);
                self.has_value = true;
                self.lasts(over, "a ramp needs time: for a sudden change write `step` or `hold`");
            }
            Kind::Step { to, at } => {
                self.reaches(statement, at);
                self.value(to);
                self.has_value = true;
                self.end = End::Stepped(statement);
            }
            Kind::Sine { mean, amplitude, period, phase: _, length } => {
                self.starts_here(statement);
                self.value(mean);
                self.value(amplitude);
                self.sine(mean, amplitude);
                self.more_than_zero(period, "the period of a sine must be more than 0");
                self.has_value = true;
                self.lasts_or_is_open(statement, length.as_ref());
            }
            Kind::Spike { to, at, length } => {
                if let End::Open(Statement { kind: Kind::Sine { .. }, source, .. }) = self.end {
                    let later =
                        (&statement.keyword, "a spike stands on a held value, and not on a sine");
                    let earlier = (source, "this sine has no end: give it one with `for`");
                    self.diagnostics.error_at_two(super::SPIKE_ON_SINE, later, earlier);
                    self.end = End::Unknown;
                }
                self.reaches(statement, at);
                self.value(to);
                self.lasts(length, "a spike needs time: its length must be more than 0");
                self.end = End::Spiked;
            }
            Kind::Repeat { times, body } => {
                self.starts_here(statement);
                let outer = (self.now, self.segments);
                if let Some(zero) = times.as_ref().filter(|times| times.literal == Some(0)) {
                    let message = "a part that is repeated 0 times is not there: leave it out";
                    self.diagnostics.error(super::BAD_REPEAT, &zero.source, message);
                }
                self.pass(body);
                if let Some(times) = times {
                    self.passes(statement, outer, times.literal);
                } else {
                    self.now = None;
                    self.end = End::Endless(statement);
                }
            }
            Kind::Broken => {
                self.now = None;
                self.has_value = true;
                self.end = End::Unknown;
            }
        }
    }

    /// One pass of a repeated part; afterwards the time is its length.
    fn pass(&mut self, body: &'a [Statement]) {
        self.now = Some(0);
        self.end = End::Closed;
        self.all(body);
        self.pass_ends(body);
        self.end = End::Closed;
    }

    /// From one pass to all of them, after the time and the segments that were there before.
    fn passes(
        &mut self,
        statement: &Statement,
        (start, segments): (Option<u64>, u64),
        times: Option<u64>,
    ) {
        let length = self.now.zip(times).map(|(pass, times)| u128::from(pass) * u128::from(times));
        self.now = start.zip(length).and_then(|(start, length)| {
            self.in_range(&statement.keyword, u128::from(start) + length)
        });
        // Fewer than before: too many were told of already.
        let pass = self.segments.saturating_sub(segments);
        self.segments = segments.saturating_add(pass.saturating_mul(times.unwrap_or(1)));
        if self.segments > MOST_SEGMENTS {
            let message = format!(
                "the repetitions make more than {MOST_SEGMENTS} segments: write `repeat` without a \
                 number of times"
            );
            self.diagnostics.error(super::TOO_LONG, &statement.keyword, message);
            // One report is enough.
            self.segments = 0;
        }
    }

    fn pass_ends(&mut self, body: &'a [Statement]) {
        let (source, message) = match (self.end, body.last()) {
            (End::Open(open), _) => (
                &open.source,
                "this is the last of a repeated part and has no end: give it a length with `for`",
            ),
            (End::Stepped(step), _) => (
                &step.source,
                "this step is the last of a repeated part and takes no time: add `hold for` and a \
                 duration",
            ),
            (End::Endless(_), Some(last)) => {
                let message = "an endless `repeat` cannot be repeated: give it a number of times";
                self.diagnostics.error(super::OPEN_PASS, &last.keyword, message);
                return;
            }
            _ => return,
        };
        self.diagnostics.error(super::OPEN_PASS, source, message);
    }

    /// For a statement that starts where the last one ended.
    fn starts_here(&mut self, statement: &Statement) {
        let End::Open(open) = self.end else { return };
        let (this, before) = (&statement.keyword, &open.keyword);
        let later = (this, format!("this `{this}` is never reached"));
        let note = format!(
            "because this `{before}` has no end: write how long, as in `{} for 30s`",
            display(&open.source)
        );
        self.diagnostics.error_at_two(super::AFTER_OPEN_END, later, (&open.source, note));
        self.now = None;
    }

    /// For a statement that starts at a given time.
    fn reaches(&mut self, statement: &'a Statement, at: &Time) {
        let this = &statement.keyword;
        if !self.has_value {
            let message = format!(
                "there is no value before this `{this}`: begin the profile with `hold` and a value"
            );
            self.diagnostics.error(super::NO_VALUE_YET, this, message);
            self.now = at.nanos;
            return;
        }
        let times = at.nanos.zip(self.now);
        self.now = at.nanos;
        let Some((time, now)) = times else { return };
        let reached = duration(now);
        match self.end {
            End::Closed if time > now => {
                let message = format!(
                    "nothing says what happens between {reached} and this `{this}`: add `hold` \
                     before it"
                );
                self.diagnostics.error(super::GAP, &at.source, message);
            }
            End::Closed | End::Spiked | End::Stepped(_) | End::Open(_) if time < now => {
                let message = format!(
                    "this `{this}` is too early: the profile has already reached {reached}"
                );
                self.diagnostics.error(super::OVERLAP, &at.source, message);
            }
            End::Open(open) if time == now => {
                let later =
                    (&at.source, format!("this `{this}` begins when the segment before it begins"));
                let earlier = (&open.source, "so that this takes no time: leave one of them out");
                self.diagnostics.error_at_two(super::OVERLAP, later, earlier);
            }
            End::Stepped(step) if time == now && this == "step" => {
                let later = (&at.source, "this `step` is not later than the one before");
                self.diagnostics.error_at_two(
                    super::OVERLAP,
                    later,
                    (&step.source, "which is here: put them in the order of time"),
                );
            }
            _ => {}
        }
    }

    fn needs_value(&mut self, statement: &Statement, example: &str) {
        if !self.has_value {
            let this = &statement.keyword;
            let message =
                format!("there is no value yet for this `{this}` to go on from: write `{example}`");
            self.diagnostics.error(super::NO_VALUE_YET, &statement.source, message);
        }
    }

    fn value(&mut self, value: &'a Value) {
        let Some(literal) = value.literal else { return };
        match self.unit {
            None => self.unit = Some((literal.kind, value)),
            // Whichever comes first, it is the plain number that lacks something.
            Some((Unit::Number, first)) if literal.kind != Unit::Number => {
                self.mixed(first, (literal.kind, value));
                self.unit = Some((literal.kind, value));
            }
            Some((unit, first)) if unit != literal.kind => self.mixed(value, (unit, first)),
            Some(_) => {}
        }
    }

    fn mixed(&mut self, value: &Value, (unit, other): (Unit, &Value)) {
        let found = display(&value.source);
        let message = match value.literal.map_or(Unit::Number, |literal| literal.kind) {
            Unit::Number => format!(
                "`{found}` has no unit in a profile of {}: write `{found}{}`",
                plural(unit),
                unit.unit()
            ),
            kind => format!("`{found}` is {} in a profile of {}", kind.name(), plural(unit)),
        };
        let note =
            format!("because `{}` makes it a profile of {}", display(&other.source), plural(unit));
        let (value, other) = ((&value.source, message), (&other.source, note));
        self.diagnostics.error_at_two(super::MIXED_UNITS, value, other);
    }

    fn sine(&mut self, mean: &Value, amplitude: &Value) {
        let Some(swing) = amplitude.literal else { return };
        let mut error = |message: String| {
            self.diagnostics.error(super::SINE_RANGE, &amplitude.source, message);
        };
        if swing.base < 0.0 {
            error(
                "the amplitude must not be negative: to begin downwards, write `phase` and half the \
                 period"
                    .to_owned(),
            );
        }
        let Some(middle) = mean.literal.filter(|middle| middle.kind == swing.kind) else { return };
        let (mean, amplitude) = (display(&mean.source), display(&amplitude.source));
        if swing.kind != Unit::Number && swing.base > middle.base {
            error(format!(
                "the amplitude `{amplitude}` is larger than the mean `{mean}`, so that the sine falls \
                 below 0: write at most `{mean}`"
            ));
        } else if swing.kind == Unit::Probability && swing.base + middle.base > 1.0 {
            error(format!(
                "mean `{mean}` and amplitude `{amplitude}` together are more than `100%`, which no \
                 probability can be: write a smaller amplitude"
            ));
        }
    }

    fn lasts_or_is_open(&mut self, statement: &'a Statement, length: Option<&Time>) {
        match length {
            Some(length) => {
                let this = &statement.keyword;
                let message =
                    format!("this `{this}` takes no time: give it some, or leave the `{this}` out");
                self.lasts(length, &message);
            }
            None => self.end = End::Open(statement),
        }
    }

    fn lasts(&mut self, length: &Time, if_zero: &str) {
        self.more_than_zero(length, if_zero);
        self.now = self.now.zip(length.nanos).and_then(|(now, length_nanos)| {
            self.in_range(&length.source, u128::from(now) + u128::from(length_nanos))
        });
        self.end = End::Closed;
    }

    fn more_than_zero(&mut self, time: &Time, message: &str) {
        if time.nanos == Some(0) {
            self.diagnostics.error(super::ZERO_LENGTH, &time.source, message);
        }
    }

    /// The time, if it is one.
    fn in_range(&mut self, place: impl quote::ToTokens, nanos: u128) -> Option<u64> {
        let time = u64::try_from(nanos).ok();
        if time.is_none() {
            let message = "the profile is longer than 584 years, the range of simulated time";
            self.diagnostics.error(super::TOO_LONG, place, message);
        }
        time
    }
}

fn plural(unit: Unit) -> &'static str {
    match unit {
        Unit::Duration => "durations",
        Unit::Rate => "rates",
        Unit::Bandwidth => "bandwidths",
        Unit::Bytes => "numbers of bytes",
        Unit::Probability => "probabilities",
        Unit::Number => "plain numbers",
    }
}

/// Nanoseconds in the largest unit that keeps them whole, as a literal of the macros.
fn duration(nanos: u64) -> String {
    let units = [("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1_000)];
    match units.into_iter().find(|&(_, size)| nanos.is_multiple_of(size)) {
        Some((unit, size)) => format!("`{}{unit}`", nanos / size),
        None => format!("`{nanos}ns`"),
    }
}
