//! Load from a record of what really happened: CSV files of times and fields.

use core::fmt;
use std::collections::VecDeque;
use std::io::Read;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use super::trace_lines::{EARLIER, Lines, Scanner, open};
use crate::model::message::Message;
use crate::model::metrics::{Observe, Observer};
use crate::report::MetricValue;
use crate::time::Duration;

/// What is done with a line that is no record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnBrokenLine {
    /// It is an error, which names the file and the line.
    #[default]
    Fail,
    /// It is skipped, and counted.
    Skip,
}

/// What is wrong with a trace.
#[derive(Clone, PartialEq, Eq)]
pub struct TraceError {
    /// The file, or what the text was called.
    pub file: String,
    /// The line, from 1; 0 where the file could not be opened.
    pub line: u64,
    /// What is wrong.
    pub reason: String,
}

impl fmt::Display for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.reason),
            line => write!(f, "{}:{line}: {}", self.file, self.reason),
        }
    }
}

/// As [`fmt::Display`]: what `main` shows when it ends with this error.
impl fmt::Debug for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl core::error::Error for TraceError {}

/// A line of a CSV file, by the names in its header.
#[derive(Debug)]
pub struct Row<'a> {
    pub(super) columns: &'a [String],
    pub(super) line: &'a str,
}

impl<'a> Row<'a> {
    /// The field under the first of `names` that the header has.
    ///
    /// # Errors
    /// None of the columns exists, or the line ends before it.
    pub fn field(&self, names: &[&str]) -> Result<&'a str, String> {
        let position = names
            .iter()
            .find_map(|name| self.columns.iter().position(|column| column == name))
            .ok_or_else(|| {
                format!("there is no column `{}` among `{}`", names.join("` or `"), self.header())
            })?;
        let field = self.line.split(',').nth(position).map(str::trim);
        field.ok_or_else(|| format!("`{}` is missing", self.columns[position]))
    }

    /// The same as a number, or whatever else can be parsed.
    ///
    /// # Errors
    /// As [`field`](Self::field), or it cannot be parsed.
    pub fn parse<T: FromStr>(&self, names: &[&str]) -> Result<T, String>
    where
        T::Err: fmt::Display,
    {
        let field = self.field(names)?;
        field.parse().map_err(|error| format!("`{}` is `{field}`: {error}", names[0]))
    }

    /// The same as a time in seconds.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), or it is negative or beyond 584 years.
    pub fn seconds(&self, names: &[&str]) -> Result<Duration, String> {
        let seconds: f64 = self.parse(names)?;
        Duration::try_from_secs_f64(seconds)
            .map_err(|error| format!("`{}` is `{seconds}`: {error}", names[0]))
    }

    fn header(&self) -> String {
        self.columns.join(",")
    }
}

/// Makes a record of a line: its time since the beginning of the trace, and the message.
pub type RecordParser<M> = fn(&Row<'_>) -> Result<(Duration, M), String>;

/// Records in the order of their times, loaded or read while they are needed.
#[derive(Clone, Debug)]
pub struct Trace<M> {
    source: Records<M>,
    /// A record that was read too far.
    ahead: Option<(Duration, M)>,
    /// Records of the same time, spread out.
    group: VecDeque<(Duration, M)>,
    spread: Option<Duration>,
    origin: Option<Duration>,
    given: u64,
}

#[derive(Clone, Debug)]
enum Records<M> {
    Loaded { records: Arc<[(Duration, M)]>, next: usize, skipped: u64 },
    File(Box<Lines<M>>),
}

impl<M> Default for Trace<M> {
    /// A trace without records.
    fn default() -> Self {
        Self::of(Records::Loaded { records: Arc::new([]), next: 0, skipped: 0 })
    }
}

impl<M> Trace<M> {
    fn of(source: Records<M>) -> Self {
        Self { source, ahead: None, group: VecDeque::new(), spread: None, origin: None, given: 0 }
    }

    /// Begins at time 0: the first record's time is taken off all times.
    #[must_use]
    pub fn from_zero(mut self) -> Self {
        self.origin = Some(Duration::MAX);
        self
    }

    /// Spreads records of the same time evenly over `time`, for traces whose clock is coarse:
    /// with whole seconds, `spread(seconds(1))`.
    #[must_use]
    pub fn spread(mut self, time: Duration) -> Self {
        self.spread = Some(time);
        self
    }

    /// Lines that were skipped because they were broken.
    pub fn skipped(&self) -> u64 {
        match &self.source {
            Records::Loaded { skipped, .. } => *skipped,
            Records::File(lines) => lines.skipped(),
        }
    }
}

impl<M: Message> Trace<M> {
    /// These records.
    ///
    /// # Errors
    /// A time is earlier than the one before; `line` counts records from 1 then.
    pub fn records(records: impl IntoIterator<Item = (Duration, M)>) -> Result<Self, TraceError> {
        let records: Arc<[(Duration, M)]> = records.into_iter().collect();
        match records.windows(2).position(|pair| pair[1].0 < pair[0].0) {
            None => Ok(Self::of(Records::Loaded { records, next: 0, skipped: 0 })),
            Some(before) => Err(TraceError {
                file: "records".to_owned(),
                line: before as u64 + 2,
                reason: EARLIER.to_owned(),
            }),
        }
    }

    /// Reads a CSV text with a header into memory; `name` stands in errors.
    ///
    /// # Errors
    /// A line is broken and `broken` is [`OnBrokenLine::Fail`]; the header is missing.
    pub fn parse(
        name: &str,
        text: &str,
        broken: OnBrokenLine,
        parser: RecordParser<M>,
    ) -> Result<Self, TraceError> {
        collect(Scanner::new(name, text.as_bytes())?, broken, parser)
    }

    /// Reads a CSV file with a header into memory, where the copies of a simulation share it.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), or the file cannot be read.
    pub fn load(
        path: impl AsRef<Path>,
        broken: OnBrokenLine,
        parser: RecordParser<M>,
    ) -> Result<Self, TraceError> {
        let path = path.as_ref();
        collect(Scanner::new(&path.display().to_string(), open(path)?)?, broken, parser)
    }

    /// Reads a CSV file with a header line by line while the simulation runs, so that memory
    /// does not grow with the file. A copy of the simulation opens the file anew where it is.
    ///
    /// # Errors
    /// The file cannot be opened, or has no header. What is wrong with a line shows only when
    /// it is reached: it ends the run with an error that names file and line.
    pub fn stream(
        path: impl AsRef<Path>,
        broken: OnBrokenLine,
        parser: RecordParser<M>,
    ) -> Result<Self, TraceError> {
        let path = path.as_ref();
        let lines = Lines::open(path.into(), broken, parser)?;
        Ok(Self::of(Records::File(Box::new(lines))))
    }

    /// The next record.
    ///
    /// # Errors
    /// A line of a streamed file is broken, or cannot be read.
    pub fn next_record(&mut self) -> Result<Option<(Duration, M)>, TraceError> {
        let record = match self.spread {
            None => self.read()?,
            Some(time) => self.read_spread(time)?,
        };
        self.given += u64::from(record.is_some());
        Ok(record)
    }

    /// Reads all records of the same time, and one further.
    fn read_spread(&mut self, time: Duration) -> Result<Option<(Duration, M)>, TraceError> {
        if self.group.is_empty() {
            let first = match self.ahead.take() {
                Some(record) => Some(record),
                None => self.read()?,
            };
            let Some(first) = first else { return Ok(None) };
            let at = first.0;
            self.group.push_back(first);
            while let Some(record) = self.read()? {
                if record.0 != at {
                    self.ahead = Some(record);
                    break;
                }
                self.group.push_back(record);
            }
            let count = self.group.len() as f64;
            for (number, record) in self.group.iter_mut().enumerate() {
                record.0 = at + time.mul_f64(number as f64 / count);
            }
        }
        Ok(self.group.pop_front())
    }

    fn read(&mut self) -> Result<Option<(Duration, M)>, TraceError> {
        let record = match &mut self.source {
            Records::Loaded { records, next, .. } => {
                let record = records.get(*next).cloned();
                *next += usize::from(record.is_some());
                record
            }
            Records::File(lines) => lines.next()?,
        };
        let Some((mut at, message)) = record else { return Ok(None) };
        if let Some(origin) = &mut self.origin {
            *origin = at.min(*origin);
            at = at.saturating_sub(*origin);
        }
        Ok(Some((at, message)))
    }
}

impl<M> Observe for Trace<M> {
    fn observe(&self, _name: &str, observer: &mut Observer) {
        observer.publish("records", MetricValue::Count(self.given));
        observer.publish("skipped lines", MetricValue::Count(self.skipped()));
    }
}

fn collect<M, R: Read>(
    mut scanner: Scanner<R>,
    broken: OnBrokenLine,
    parser: RecordParser<M>,
) -> Result<Trace<M>, TraceError> {
    let (mut records, mut skipped, mut last) = (Vec::new(), 0, Duration::ZERO);
    while let Some(record) = scanner.record(parser, &mut last)? {
        match (record, broken) {
            (Ok(record), _) => records.push(record),
            (Err(_), OnBrokenLine::Skip) => skipped += 1,
            (Err(error), OnBrokenLine::Fail) => return Err(error),
        }
    }
    Ok(Trace::of(Records::Loaded { records: records.into(), next: 0, skipped }))
}
