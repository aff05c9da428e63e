//! The lines of a trace, one after another.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use super::trace::{OnBrokenLine, RecordParser, Row, TraceError};
use crate::time::Duration;

pub(super) const EARLIER: &str = "its time is earlier than that of the record before";

pub(super) fn open(path: &Path) -> Result<File, TraceError> {
    File::open(path).map_err(|error| TraceError {
        file: path.display().to_string(),
        line: 0,
        reason: error.to_string(),
    })
}

/// Reads lines and counts them.
#[derive(Debug)]
pub(super) struct Scanner<R> {
    file: String,
    columns: Vec<String>,
    input: BufReader<R>,
    text: String,
    line: u64,
    /// Where the next line begins.
    offset: u64,
}

impl<R: Read> Scanner<R> {
    pub(super) fn new(file: &str, input: R) -> Result<Self, TraceError> {
        let mut scanner = Self {
            file: file.to_owned(),
            columns: Vec::new(),
            input: BufReader::new(input),
            text: String::new(),
            line: 0,
            offset: 0,
        };
        if !scanner.advance()? {
            return Err(scanner.error("the header is missing: the file is empty".to_owned()));
        }
        let header = scanner.text.trim_start_matches('\u{feff}').trim();
        scanner.columns = header.split(',').map(|name| name.trim().to_owned()).collect();
        Ok(scanner)
    }

    /// The next line that is not empty.
    fn advance(&mut self) -> Result<bool, TraceError> {
        loop {
            self.text.clear();
            self.line += 1;
            match self.input.read_line(&mut self.text) {
                Ok(0) => return Ok(false),
                Ok(length) => self.offset += length as u64,
                Err(error) => return Err(self.error(error.to_string())),
            }
            if !self.text.trim().is_empty() {
                return Ok(true);
            }
        }
    }

    fn error(&self, reason: String) -> TraceError {
        TraceError { file: self.file.clone(), line: self.line, reason }
    }

    /// The next record; inside, what is wrong with its line.
    #[allow(clippy::type_complexity, reason = "the end, the file's and the line's errors differ")]
    pub(super) fn record<M>(
        &mut self,
        parser: RecordParser<M>,
        last: &mut Duration,
    ) -> Result<Option<Result<(Duration, M), TraceError>>, TraceError> {
        if !self.advance()? {
            return Ok(None);
        }
        let row = Row { columns: &self.columns, line: self.text.trim_end() };
        let record = parser(&row)
            .and_then(|record| if record.0 < *last { Err(EARLIER.to_owned()) } else { Ok(record) });
        if let Ok((at, _)) = &record {
            *last = *at;
        }
        Ok(Some(record.map_err(|reason| self.error(reason))))
    }
}

/// An open file and the place in it; a copy remembers the place only.
#[derive(Debug)]
struct Position {
    scanner: Option<Scanner<File>>,
    offset: u64,
    line: u64,
}

impl Clone for Position {
    fn clone(&self) -> Self {
        let (offset, line) = match &self.scanner {
            Some(scanner) => (scanner.offset, scanner.line),
            None => (self.offset, self.line),
        };
        Self { scanner: None, offset, line }
    }
}

/// A file that is read while the simulation runs.
#[derive(Clone, Debug)]
pub(super) struct Lines<M> {
    path: Arc<Path>,
    parser: RecordParser<M>,
    broken: OnBrokenLine,
    skipped: u64,
    scanner: Position,
    last: Duration,
}

impl<M> Lines<M> {
    pub(super) fn open(
        path: Arc<Path>,
        broken: OnBrokenLine,
        parser: RecordParser<M>,
    ) -> Result<Self, TraceError> {
        let scanner = Scanner::new(&path.display().to_string(), open(&path)?)?;
        let scanner = Position { scanner: Some(scanner), offset: 0, line: 0 };
        Ok(Self { path, parser, broken, skipped: 0, scanner, last: Duration::ZERO })
    }

    pub(super) fn skipped(&self) -> u64 {
        self.skipped
    }

    pub(super) fn next(&mut self) -> Result<Option<(Duration, M)>, TraceError> {
        loop {
            let (parser, broken) = (self.parser, self.broken);
            let mut last = self.last;
            let record = self.scanner()?.record(parser, &mut last)?;
            self.last = last;
            match (record, broken) {
                (None, _) => return Ok(None),
                (Some(Ok(record)), _) => return Ok(Some(record)),
                (Some(Err(_)), OnBrokenLine::Skip) => self.skipped += 1,
                (Some(Err(error)), OnBrokenLine::Fail) => return Err(error),
            }
        }
    }

    fn scanner(&mut self) -> Result<&mut Scanner<File>, TraceError> {
        if self.scanner.scanner.is_none() {
            let mut scanner = Scanner::new(&self.path.display().to_string(), open(&self.path)?)?;
            let offset = SeekFrom::Start(self.scanner.offset);
            if let Err(error) = scanner.input.seek(offset) {
                return Err(scanner.error(error.to_string()));
            }
            scanner.offset = self.scanner.offset;
            scanner.line = self.scanner.line;
            self.scanner.scanner = Some(scanner);
        }
        Ok(self.scanner.scanner.as_mut().expect("it was opened a moment ago"))
    }
}
