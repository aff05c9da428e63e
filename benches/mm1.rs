//! M/M/1 at load 0.8: through `topology!` with library components, and written by hand.
//!
//! Both draw the same random numbers in the same order, and their results are asserted equal.
//! Read the ratio of the two figures of one run, not either figure alone.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use happysim::prelude::*;

topology! {
    /// Customers and one server.
    pub Mm1 {
        source customers: poisson(8/s);
        node server: Server { service: exp(100ms) };
        customers -> server;
    }
}

/// Simulated seconds in one iteration: about 80,000 customers.
const SECONDS: u64 = 10_000;

/// What a run is compared by.
#[derive(Debug, PartialEq)]
struct Outline {
    customers: u64,
    mean_sojourn: f64,
}

fn declared(setup: Setup<Mm1>) -> Simulation<Mm1> {
    let mut simulation = setup.seed(7).build().expect("the parameters are valid");
    simulation.run_for(seconds(SECONDS)).expect("the model has no mistakes");
    simulation
}

/// The queue as an expert would write it for this one system: a 4-ary heap on packed keys, a
/// ring of arrival times, and nothing else.
mod by_hand {
    use std::collections::VecDeque;

    use happysim::prelude::*;

    use super::{Outline, SECONDS};

    /// Time in the upper half of the key, order of insertion in the lower.
    struct Heap {
        entries: Vec<(u128, bool)>,
        inserted: u64,
    }

    impl Heap {
        fn push(&mut self, time: u64, is_departure: bool) {
            let entry = (u128::from(time) << 64 | u128::from(self.inserted), is_departure);
            self.inserted += 1;
            self.entries.push(entry);
            let mut child = self.entries.len() - 1;
            while child > 0 {
                let parent = (child - 1) / 4;
                if self.entries[parent].0 <= entry.0 {
                    break;
                }
                self.entries[child] = self.entries[parent];
                child = parent;
            }
            self.entries[child] = entry;
        }

        fn pop(&mut self) -> Option<(u64, bool)> {
            let last = self.entries.pop()?;
            let Some(&first) = self.entries.first() else {
                return Some(((last.0 >> 64) as u64, last.1));
            };
            let mut parent = 0;
            loop {
                let children = parent * 4 + 1;
                if children >= self.entries.len() {
                    break;
                }
                let end = self.entries.len().min(children + 4);
                let mut smallest = children;
                for child in children + 1..end {
                    if self.entries[child].0 < self.entries[smallest].0 {
                        smallest = child;
                    }
                }
                if last.0 <= self.entries[smallest].0 {
                    break;
                }
                self.entries[parent] = self.entries[smallest];
                parent = smallest;
            }
            self.entries[parent] = last;
            Some(((first.0 >> 64) as u64, first.1))
        }
    }

    pub(super) fn run(seed: u64) -> Outline {
        let end = seconds(SECONDS).as_nanos();
        let mut arrivals = Arrivals::poisson(Rate::per_second(8.0));
        arrivals.bind_stream(Random::new(seed, "customers", "arrivals"));
        let mut service =
            Distribution::<Duration>::exponential(millis(100)).expect("a valid distribution");
        service.bind_stream(Random::new(seed, "server", "service"));
        let mut heap = Heap { entries: Vec::with_capacity(8), inserted: 0 };
        let mut waiting: VecDeque<u64> = VecDeque::new();
        let (mut departed, mut sojourn) = (0_u64, 0_u128);
        heap.push(arrivals.next().expect("arrivals go on").as_nanos(), false);
        while let Some((now, is_departure)) = heap.pop() {
            if now > end {
                break;
            }
            let instant = Instant::from_nanos(now);
            if is_departure {
                let arrived = waiting.pop_front().expect("the one in service is first");
                sojourn += u128::from(now - arrived);
                departed += 1;
            } else {
                waiting.push_back(now);
                heap.push(arrivals.next().expect("arrivals go on").as_nanos(), false);
            }
            let starts = if is_departure { !waiting.is_empty() } else { waiting.len() == 1 };
            if starts {
                heap.push(now + service.sample(&instant).as_nanos(), true);
            }
        }
        Outline { customers: departed, mean_sojourn: sojourn as f64 / departed as f64 / 1e9 }
    }
}

fn outline(simulation: &Simulation<Mm1>) -> Outline {
    let report = simulation.report();
    let requests = report.node("server").requests();
    let latency = requests.latency.as_ref().expect("customers were departed");
    Outline { customers: requests.ok, mean_sojourn: latency.mean.as_secs_f64() }
}

fn compare(criterion: &mut Criterion) {
    let (by_hand, declared_full) = (by_hand::run(7), outline(&declared(Mm1::new(default()))));
    assert_eq!(by_hand.customers, declared_full.customers);
    // The report rounds the mean to a nanosecond.
    assert!((by_hand.mean_sojourn - declared_full.mean_sojourn).abs() < 1e-9);

    let mut group = criterion.benchmark_group("mm1");
    group.throughput(Throughput::Elements(by_hand.customers));
    group.bench_function("by hand", |bencher| bencher.iter(|| black_box(by_hand::run(7))));
    group.bench_function("topology, default statistics", |bencher| {
        bencher.iter(|| black_box(declared(Mm1::new(default()))));
    });
    group.bench_function("topology, statistics off", |bencher| {
        bencher.iter(|| {
            black_box(declared(Mm1::new(default()).statistics(Statistics::Counts)));
        });
    });
    group.finish();
}

criterion_group!(benches, compare);
criterion_main!(benches);
