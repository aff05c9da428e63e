//! Traces: reading, errors, replay.
#![allow(missing_docs, reason = "a test suite")]
#![allow(unreachable_pub, reason = "what `#[entity]` makes is public")]

use std::fmt::Write as _;
use std::path::PathBuf;

use happysim::prelude::*;

fn number(row: &Row<'_>) -> Result<(Duration, u64), String> {
    Ok((row.seconds(&["time", "at"])?, row.parse(&["number"])?))
}

const TEXT: &str = "time,number\n0.5,1\n\n1.25, 2\n1.25,3\n4,4\n";
const BROKEN: &str = "time,number\n1,1\n2,two\n3\n0.5,4\n5,5\n";

fn all(mut trace: Trace<u64>) -> Vec<(Duration, u64)> {
    std::iter::from_fn(|| trace.next_record().unwrap()).collect()
}

/// A file that is removed at the end of a test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("happysim-{}-{name}", std::process::id()));
        std::fs::write(&path, text).unwrap();
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn fields_are_found_by_the_names_in_the_header() {
    let expected = [(millis(500), 1), (millis(1_250), 2), (millis(1_250), 3), (seconds(4), 4)];
    let text = Trace::parse("text", TEXT, OnBrokenLine::Fail, number).unwrap();
    assert_eq!(all(text), expected);
    let file = Scratch::new("fields.csv", &TEXT.replace("time", " at ").replace('\n', "\r\n"));
    assert_eq!(all(Trace::load(&file.0, OnBrokenLine::Fail, number).unwrap()), expected);
    assert_eq!(all(Trace::stream(&file.0, OnBrokenLine::Fail, number).unwrap()), expected);
}

#[test]
fn a_broken_line_is_an_error_with_file_and_line() {
    let error = |text: &str| {
        Trace::parse("io.csv", text, OnBrokenLine::Fail, number).unwrap_err().to_string()
    };
    assert_eq!(error(BROKEN), "io.csv:3: `number` is `two`: invalid digit found in string");
    assert_eq!(error("time,number\n\n3\n"), "io.csv:3: `number` is missing");
    assert_eq!(
        error("time,number\n3,1\n2,2\n"),
        "io.csv:3: its time is earlier than that of the record before"
    );
    assert_eq!(
        error("when,number\n3,1\n"),
        "io.csv:2: there is no column `time` or `at` among `when,number`"
    );
    assert_eq!(error(""), "io.csv:1: the header is missing: the file is empty");
    assert!(error("time,number\n-1,1\n").starts_with("io.csv:2: `time` is `-1`"));
    let missing = Trace::load("/nowhere/io.csv", OnBrokenLine::Fail, number).unwrap_err();
    assert!(missing.to_string().starts_with("/nowhere/io.csv: "), "{missing}");
    assert_eq!(format!("{missing:?}"), missing.to_string(), "what `main` shows");
}

#[test]
fn broken_lines_are_skipped_and_counted_where_that_is_asked_for() {
    let file = Scratch::new("skipped.csv", BROKEN);
    let loaded = Trace::load(&file.0, OnBrokenLine::Skip, number).unwrap();
    assert_eq!(loaded.skipped(), 3);
    assert_eq!(all(loaded), [(seconds(1), 1), (seconds(5), 5)]);
    let mut streamed = Trace::stream(&file.0, OnBrokenLine::Skip, number).unwrap();
    let records: Vec<_> = std::iter::from_fn(|| streamed.next_record().unwrap()).collect();
    assert_eq!((records.len(), streamed.skipped()), (2, 3));
}

#[test]
fn a_coarse_clock_is_spread_out_and_a_late_beginning_taken_off() {
    let text = "time,number\n100,1\n100,2\n100,3\n100,4\n101,5\n103,6\n103,7\n";
    let trace = Trace::parse("text", text, OnBrokenLine::Fail, number).unwrap();
    let times: Vec<u64> = all(trace.from_zero().spread(seconds(1)))
        .into_iter()
        .map(|(at, _)| at.as_nanos() / 1_000_000)
        .collect();
    assert_eq!(times, [0, 250, 500, 750, 1_000, 3_000, 3_500]);
}

/// Records what comes.
#[entity]
pub struct Log {
    #[state]
    pub came: Vec<(u64, u64)>,
}

#[entity]
impl Log {
    #[allow(clippy::unused_async, reason = "a handler is async also where it never waits")]
    async fn handle(&mut self, cx: &mut Cx<Self>, number: u64) -> Outcome<()> {
        self.came.push((cx.now().since(Instant::ZERO).as_nanos() / 1_000_000, number));
        Ok(())
    }
}

topology! {
    Replay {
        param trace: Trace<u64> = Trace::default();
        node reader: TraceSource { trace: trace };
        node log: Log;
        reader -> log;
    }
}

fn came(simulation: &Simulation<Replay>) -> &[(u64, u64)] {
    &simulation.log.replicas[0].came
}

#[test]
fn records_are_sent_at_their_times_and_the_run_ends_with_the_trace() {
    let file = Scratch::new("sent.csv", TEXT);
    for trace in [
        Trace::parse("text", TEXT, OnBrokenLine::Fail, number).unwrap(),
        Trace::stream(&file.0, OnBrokenLine::Fail, number).unwrap(),
    ] {
        let mut simulation = Replay::new(ReplayParams { trace }).build().unwrap();
        simulation.run().unwrap();
        assert_eq!(came(&simulation), [(500, 1), (1_250, 2), (1_250, 3), (4_000, 4)]);
        let report = simulation.report();
        assert_eq!(report.node("reader").metric("records").as_count(), Some(4));
    }
}

#[test]
fn a_copy_of_a_simulation_reads_on_by_itself() {
    let mut text = "time,number\n".to_owned();
    for number in 0..2_000 {
        writeln!(text, "{number},{number}").unwrap();
    }
    let file = Scratch::new("forked.csv", &text);
    let trace = Trace::stream(&file.0, OnBrokenLine::Fail, number).unwrap();
    let mut simulation = Replay::new(ReplayParams { trace }).build().unwrap();
    simulation.run_for(seconds(1_234)).unwrap();
    let mut copy = simulation.fork();
    simulation.run().unwrap();
    copy.run().unwrap();
    assert_eq!(came(&copy).len(), 2_000);
    assert_eq!(came(&copy), came(&simulation));
}

#[test]
fn a_broken_line_of_a_stream_ends_the_run_and_is_named() {
    let file = Scratch::new("broken.csv", BROKEN);
    let trace = Trace::stream(&file.0, OnBrokenLine::Fail, number).unwrap();
    let error = Replay::new(ReplayParams { trace }).run().unwrap_err().to_string();
    assert!(error.contains("broken.csv:3: `number` is `two`"), "{error}");
}

#[test]
fn given_records_must_be_in_order() {
    let records = [(seconds(1), 1), (seconds(3), 2), (seconds(2), 3)];
    assert_eq!(all(Trace::records(records[..2].to_vec()).unwrap()).len(), 2);
    assert_eq!(Trace::records(records).unwrap_err().line, 3);
}

type BlockRequest = KeyValueRequest<u64, u64>;

fn block_request(row: &Row<'_>) -> Result<(Duration, BlockRequest), String> {
    let (block, bytes) = (row.parse(&["lbn"])?, row.parse(&["size"])?);
    let request = match row.field(&["op"])? {
        "28" => BlockRequest::get(block),
        _ => BlockRequest::put(block, bytes),
    };
    Ok((row.seconds(&["time"])?, request))
}

topology! {
    Recorded {
        param trace: Trace<BlockRequest> = Trace::default();
        node machine: TraceSource { trace: trace };
        node cache: CachedStore { capacity: 20_000, read_latency: 0s, write_latency: 0s };
        node disk: KVStore { read_latency: 1ns, write_latency: 1ns };
        machine -> cache -> disk;
    }
}

/// The block requests of a virtual machine that `CloudPhysics` published, if their file is
/// there. Hits and misses are those of a dozen lines in another language (an ordered dictionary).
#[test]
fn a_real_trace_hits_as_often_as_a_plain_model_says() {
    let Some(path) = std::env::var_os("HAPPYSIM_CLOUDPHYSICS") else { return };
    let trace = Trace::load(path, OnBrokenLine::Fail, block_request).unwrap();
    let trace = trace.from_zero().spread(seconds(1));
    let mut simulation = Recorded::new(RecordedParams { trace }).build().unwrap();
    simulation.run().unwrap();
    let reads = simulation.cache.replicas[0].reads();
    assert_eq!((reads.hits, reads.misses), (17_940, 29_034));
    let report = simulation.report();
    assert_eq!(report.node("machine").metric("records").as_count(), Some(113_872));
}
