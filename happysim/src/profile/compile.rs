//! From the segments as written to a [`Profile`]: every check is here.

use core::marker::PhantomData;

use super::builder::Statement;
use super::shape::Shape;
use super::{Cycle, InvalidProfile, Profile, Segment};
use crate::quantity::Quantity;
use crate::time::Duration;

/// Finite repetitions are written out, which makes every query a search in one list; this many
/// segments (4 MB) are surely a mistake.
const MOST_SEGMENTS: usize = 100_000;

pub(super) fn compile<Q: Quantity>(statements: &[Statement]) -> Result<Profile<Q>, InvalidProfile> {
    let mut track = Track {
        segments: Vec::new(),
        now: 0,
        area: 0.0,
        level: None,
        end: End::Closed,
        origin: 0,
        cycle: None,
        range: Q::RANGE,
        name: Q::NAME,
    };
    if statements.is_empty() {
        let problem = "it has no segment: write at least `hold` and a value".to_owned();
        return Err(InvalidProfile { segment: Vec::new(), problem });
    }
    track.all(statements)?;
    if let (End::Closed | End::Stepped | End::Spiked, None, Some(level)) =
        (track.end, &track.cycle, track.level)
    {
        track.push(Shape::Hold(level));
    }
    let profile =
        Profile { segments: track.segments.into(), cycle: track.cycle, quantity: PhantomData };
    Ok(profile.with_peaks())
}

/// How the last segment ended.
#[derive(Clone, Copy, PartialEq)]
enum End {
    /// At a definite time, where something must follow.
    Closed,
    /// After a step, whose value holds until a later step or spike if nothing else follows.
    Stepped,
    /// After a spike: likewise.
    Spiked,
    /// It has no end: only a step can end it. The word names it in messages.
    Open(&'static str),
    /// Nothing can follow.
    Endless,
}

/// The profile so far.
struct Track {
    segments: Vec<Segment>,
    /// The end of the last segment; the start of one with an open end.
    now: u64,
    area: f64,
    /// The value reached.
    level: Option<f64>,
    end: End,
    /// From when on `at` counts.
    origin: u64,
    cycle: Option<Cycle>,
    range: (f64, f64),
    name: &'static str,
}

/// A problem in the segment at hand, or in a part of the one at hand.
type Checked = Result<(), InvalidProfile>;

fn problem(text: impl Into<String>) -> Checked {
    Err(InvalidProfile { segment: Vec::new(), problem: text.into() })
}

impl Track {
    fn all(&mut self, statements: &[Statement]) -> Checked {
        for (index, statement) in statements.iter().enumerate() {
            self.one(statement).map_err(|mut error| {
                error.segment.insert(0, index + 1);
                error
            })?;
        }
        Ok(())
    }

    fn one(&mut self, statement: &Statement) -> Checked {
        if self.end == End::Endless {
            return problem("it is never reached, because the part before repeats for ever");
        }
        if self.segments.len() > MOST_SEGMENTS {
            return problem(format!(
                "the repetitions make more than {MOST_SEGMENTS} segments: repeat without a number \
                 of times"
            ));
        }
        match *statement {
            Statement::Hold { value, length } => self.hold(value, length),
            Statement::Ramp { from, to, length } => self.ramp(from, to, length),
            Statement::Step { to, at } => self.step(to, at),
            Statement::Sine { mean, amplitude, period, phase, length } => {
                self.sine(mean, amplitude, period, phase, length)
            }
            Statement::Spike { peak, at, length } => self.spike(peak, at, length),
            Statement::Repeat { times: Some(times), ref body } => self.repeat(times, body),
            Statement::Repeat { times: None, ref body } => self.repeat_forever(body),
        }
    }

    fn hold(&mut self, value: Option<f64>, length: Option<u64>) -> Checked {
        self.starts_here("hold")?;
        let Some(value) = value.or(self.level) else {
            return problem("there is no value yet that could hold: give this `hold` one");
        };
        self.check(value)?;
        self.level = Some(value);
        self.push(Shape::Hold(value));
        if let Some(length) = length {
            self.lasts(length)
        } else {
            self.end = End::Open("hold");
            Ok(())
        }
    }

    fn ramp(&mut self, from: Option<f64>, to: f64, length: u64) -> Checked {
        self.starts_here("ramp")?;
        let Some(from) = from.or(self.level) else {
            return problem("there is no value yet to start from: say from where this ramp starts");
        };
        self.check(from)?;
        self.check(to)?;
        if length == 0 {
            return problem("a ramp needs time: for a sudden change write a hold or a step");
        }
        self.level = Some(to);
        self.push(Shape::Ramp { from, to, length });
        self.lasts(length)
    }

    fn sine(
        &mut self,
        mean: f64,
        amplitude: f64,
        period: u64,
        phase: u64,
        length: Option<u64>,
    ) -> Checked {
        self.starts_here("sine")?;
        if period == 0 {
            return problem("the period of a sine must be more than 0");
        }
        if amplitude < 0.0 {
            return problem(format!(
                "the amplitude {amplitude} is negative: to start downwards, write a phase of half \
                 a period"
            ));
        }
        let (low, high) = (mean - amplitude, mean + amplitude);
        if !(low.is_finite() && high.is_finite() && low >= self.range.0 && high <= self.range.1) {
            return problem(format!(
                "a sine of mean {mean} and amplitude {amplitude} goes from {low} to {high}, but a \
                 {} must be {}: write a smaller amplitude",
                self.name,
                self.range_text()
            ));
        }
        let shape = Shape::Sine { mean, amplitude, period, phase: phase % period };
        self.push(shape);
        if let Some(length) = length {
            self.level = Some(shape.value(length));
            self.lasts(length)
        } else {
            self.end = End::Open("sine");
            Ok(())
        }
    }

    fn step(&mut self, to: f64, at: u64) -> Checked {
        let at = self.reaches(at, "step")?;
        self.check(to)?;
        self.skip_to(at);
        self.level = Some(to);
        self.end = End::Stepped;
        Ok(())
    }

    fn spike(&mut self, peak: f64, at: u64, length: u64) -> Checked {
        if self.end == End::Open("sine") {
            return problem("a spike stands on a held value, and not on a sine");
        }
        let at = self.reaches(at, "spike")?;
        self.check(peak)?;
        self.skip_to(at);
        self.push(Shape::Hold(peak));
        self.lasts(length)?;
        self.end = End::Spiked;
        Ok(())
    }

    fn repeat(&mut self, times: u64, body: &[Statement]) -> Checked {
        self.starts_here("repeat")?;
        if times == 0 {
            return problem("a part that is repeated 0 times is not there: leave it out");
        }
        for _ in 0..times {
            self.pass(body)?;
        }
        Ok(())
    }

    /// Only the first pass can differ from the others: when it starts from another value.
    fn repeat_forever(&mut self, body: &[Statement]) -> Checked {
        self.starts_here("repeat")?;
        let entry = (self.segments.len(), self.now, self.area);
        let level = self.level;
        self.pass(body)?;
        let second = (self.segments.len(), self.now, self.area);
        let mut first = entry;
        if level != self.level {
            self.pass(body)?;
            let shapes = |range: core::ops::Range<usize>| {
                self.segments[range].iter().map(|segment| segment.shape)
            };
            if shapes(entry.0..second.0).eq(shapes(second.0..self.segments.len())) {
                self.segments.truncate(second.0);
                (self.now, self.area) = (second.1, second.2);
            } else {
                first = second;
            }
        }
        let (first, start, area) = first;
        self.cycle = Some(Cycle { first, length: self.now - start, area: self.area - area });
        self.end = End::Endless;
        Ok(())
    }

    fn pass(&mut self, body: &[Statement]) -> Checked {
        if body.is_empty() {
            return problem("there is nothing to repeat: write at least `hold` with a length");
        }
        let (outer, start) = (self.origin, self.segments.len());
        self.origin = self.now;
        self.end = End::Closed;
        self.all(body)?;
        self.origin = outer;
        let inside =
            |text: String| Err(InvalidProfile { segment: vec![body.len()], problem: text });
        match (self.end, body.last()) {
            (End::Open(word), _) => inside(format!(
                "this {word} is the last of a repeated part and has no end: give it a length"
            )),
            (End::Stepped, _) => inside(
                "this step is the last of a repeated part and takes no time: hold its value for \
                 some time"
                    .to_owned(),
            ),
            (End::Endless, _) => inside("an endless repetition cannot be repeated".to_owned()),
            _ if self.segments.len() == start => inside("it takes no time".to_owned()),
            _ => {
                self.end = End::Closed;
                Ok(())
            }
        }
    }

    /// For a segment that starts where the last one ended.
    fn starts_here(&self, this: &str) -> Checked {
        match self.end {
            End::Open(word) => problem(format!(
                "this {this} is never reached, because the {word} before has no end: give that a \
                 length"
            )),
            _ => Ok(()),
        }
    }

    /// For a segment that starts at a given time: that time, checked.
    fn reaches(&self, at: u64, this: &str) -> Result<u64, InvalidProfile> {
        let Some(time) = self.origin.checked_add(at) else {
            return Err(too_late());
        };
        let now = Duration::from_nanos(self.now - self.origin);
        let at = Duration::from_nanos(at);
        let text = match self.end {
            _ if self.level.is_none() && !matches!(self.end, End::Open(_)) => {
                format!("there is no value before this {this}: begin with `hold` and a value")
            }
            End::Closed if time > self.now => format!(
                "nothing says what happens between {now} and this {this} at {at}: add a `hold` \
                 between them"
            ),
            _ if time < self.now => format!(
                "this {this} at {at} is earlier than {now}, which the profile has already reached"
            ),
            End::Open(_) if time == self.now => format!(
                "this {this} at {at} leaves no time to the segment before, which starts then"
            ),
            End::Stepped if time == self.now && this == "step" => {
                format!("this step at {at} is not later than the step before")
            }
            _ => return Ok(time),
        };
        Err(InvalidProfile { segment: Vec::new(), problem: text })
    }

    /// Lets the value reached, or the open segment, go on until `at`.
    fn skip_to(&mut self, at: u64) {
        match (self.end, self.level) {
            (End::Open(_), _) => {
                if let Some(last) = self.segments.last() {
                    let length = at - self.now;
                    self.level = Some(last.shape.value(length));
                    self.area += last.shape.integral(length);
                }
            }
            (_, Some(level)) if at > self.now => {
                self.push(Shape::Hold(level));
                self.area += Shape::Hold(level).integral(at - self.now);
            }
            _ => {}
        }
        self.now = at;
    }

    fn push(&mut self, shape: Shape) {
        self.segments.push(Segment {
            start: self.now,
            area: self.area,
            shape,
            peak: f64::NEG_INFINITY,
        });
    }

    /// Ends the segment just pushed after `length`.
    fn lasts(&mut self, length: u64) -> Checked {
        if length == 0 {
            return problem("its length is 0: it needs some time, or leave it out");
        }
        let Some(end) = self.now.checked_add(length) else { return Err(too_late()) };
        if let Some(segment) = self.segments.last() {
            self.area += segment.shape.integral(length);
        }
        self.now = end;
        self.end = End::Closed;
        Ok(())
    }

    fn check(&self, value: f64) -> Checked {
        let (low, high) = self.range;
        if value.is_finite() && value >= low && value <= high {
            return Ok(());
        }
        problem(format!("{value} is not a {}: it must be {}", self.name, self.range_text()))
    }

    fn range_text(&self) -> String {
        match self.range {
            (low, f64::INFINITY) if low == f64::NEG_INFINITY => "finite".to_owned(),
            (low, f64::INFINITY) => format!("finite and at least {low}"),
            (low, high) => format!("from {low} to {high}"),
        }
    }
}

fn too_late() -> InvalidProfile {
    let problem = "it ends after more than 584 years, the range of simulated time".to_owned();
    InvalidProfile { segment: Vec::new(), problem }
}
