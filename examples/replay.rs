//! A recorded workload replayed through a cache in front of a disk.
//!
//! Without arguments it replays a small trace that it makes itself. With the path of a CSV file
//! it replays that: a header line with at least the columns `time` (seconds), `op` (28 or `read`,
//! 2a or `write`), `size` or `bytes`, and `lbn` or `block`. A second argument is the capacity of
//! the cache in blocks.
//!
//! ```text
//! cargo run --release --example replay
//! cargo run --release --example replay -- cloudphysics-io.csv 20000
//! ```

use std::error::Error;
use std::fmt::Write as _;

use happysim::prelude::*;

/// A block request: the key is the block, the value its size in bytes.
type BlockRequest = KeyValueRequest<u64, u64>;

topology! {
    /// A virtual machine's block requests, a cache, and the disk behind it.
    pub Replay {
        /// What is replayed.
        param trace: Trace<BlockRequest> = Trace::default();
        /// The cache's capacity in blocks.
        param capacity: usize = 500;
        /// What leaves the cache when it is full.
        param eviction: Eviction = Eviction::Lru;

        node machine: TraceSource { trace: trace };
        node cache: CachedStore { capacity: capacity, eviction: eviction, read_latency: 50us };
        node disk: KVStore {
            read_latency: lognormal(4ms, cv 0.5),
            write_latency: lognormal(5ms, cv 0.5),
            concurrency: 32,
        };
        machine -> cache -> disk;
    }
}

/// A line of the trace as a request.
fn request(row: &Row<'_>) -> Result<(Duration, BlockRequest), String> {
    let time = row.seconds(&["time"])?;
    let bytes: u64 = row.parse(&["size", "bytes"])?;
    let block: u64 = row.parse(&["lbn", "block"])?;
    let request = match row.field(&["op"])? {
        "28" | "read" => BlockRequest::get(block),
        "2a" | "write" => BlockRequest::put(block, bytes),
        other => return Err(format!("`op` is `{other}`: expected 28 or read, 2a or write")),
    };
    Ok((time, request))
}

/// Two minutes of requests in the format of the CSV: most go to few blocks, every fourth second
/// a scan passes over blocks that nobody asks for again.
fn made_up() -> String {
    let mut random = Random::new(42, "replay", "trace");
    let mut text = String::from("time,op,bytes,block\n");
    let mut scanned = 100_000;
    for second in 0..120 {
        for _ in 0..200 {
            // Small numbers are far more popular than large ones.
            let most = 1 + random.below(20_000);
            let block = random.below(most) / (1 + random.below(20));
            let op = if random.chance(0.3) { "2a" } else { "28" };
            let _ = writeln!(text, "{second},{op},4096,{block}");
        }
        if second % 4 == 0 {
            for _ in 0..150 {
                scanned += 1;
                let _ = writeln!(text, "{second},28,65536,{scanned}");
            }
        }
    }
    text
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let broken = OnBrokenLine::Fail;
    let trace = match arguments.next() {
        Some(path) => Trace::load(path, broken, request)?,
        None => Trace::parse("the trace of the example", &made_up(), broken, request)?,
    };
    // The clock of such traces has whole seconds only.
    let trace = trace.from_zero().spread(seconds(1));
    let capacity: usize = arguments.next().map_or(Ok(500), |number| number.parse())?;

    println!("a cache of {capacity} blocks\n");
    println!("eviction          hits    misses  hit rate      mean       p50       p99");
    let policies = [
        ("LRU", Eviction::Lru),
        ("FIFO", Eviction::Fifo),
        ("LFU", Eviction::Lfu),
        ("CLOCK", Eviction::Clock),
        ("SLRU", Eviction::Slru { share: 0.8 }),
        ("2Q", Eviction::TwoQueue { share: 0.25, ghosts: 0.5 }),
        ("S3-FIFO", Eviction::S3Fifo { share: 0.1 }),
    ];
    for (name, eviction) in policies {
        let params = ReplayParams { trace: trace.clone(), capacity, eviction, ..default() };
        let mut simulation = Replay::new(params).seed(7).build()?;
        simulation.run()?;
        let reads = simulation.cache.replicas[0].reads();
        let report = simulation.report();
        let latency = report.node("cache").requests().latency.ok_or("the trace is empty")?;
        println!(
            "{name:<10} {:>11} {:>9} {:>8.2}% {:>9} {:>9} {:>9}",
            reads.hits,
            reads.misses,
            100.0 * reads.rate(),
            in_ms(latency.mean),
            in_ms(latency.p50),
            in_ms(latency.p99),
        );
    }
    Ok(())
}

fn in_ms(duration: Duration) -> String {
    format!("{:.3}ms", 1_000.0 * duration.as_secs_f64())
}
