//! A write to five replicas, which is done when three have answered.

use happysim::prelude::*;

use super::heap::Heap;
use super::list::List;

const REPLICAS: u32 = 5;
const QUORUM: u32 = 3;
const ARRIVAL: u32 = (1 << 24) - 1;

/// A write whose replicas have not all answered.
#[derive(Clone, Copy, Default)]
struct Write {
    began: u64,
    answers: u32,
}

/// Writes that are done at `end`, and their mean latency in seconds.
pub(crate) fn run(seed: u64, end: Instant) -> (u64, f64) {
    let mut arrivals = Arrivals::poisson(Rate::per_second(1000.0));
    arrivals.bind_stream(Random::new(seed, "writes", "arrivals"));
    let mut delays: Vec<Distribution> = (0..REPLICAS)
        .map(|replica| {
            let mut delay = Distribution::exponential(millis(10)).expect("it is valid");
            delay.bind_stream(Random::new(seed, &format!("replica[{replica}]"), "delay"));
            delay
        })
        .collect();
    let mut heap = Heap::default();
    let (mut writes, mut free) = (Vec::new(), Vec::new());
    let (mut done, mut latency) = (0_u64, 0_u128);
    heap.push(arrivals.next().expect("arrivals go on").as_nanos(), ARRIVAL);
    while let Some((now, event)) = heap.peek()
        && now <= end.as_nanos()
    {
        if event == ARRIVAL {
            heap.replace(arrivals.next().expect("arrivals go on").as_nanos(), ARRIVAL);
            let slot = free.pop().unwrap_or_else(|| {
                writes.push(Write::default());
                writes.len() - 1
            });
            writes[slot] = Write { began: now, answers: 0 };
            for delay in &mut delays {
                heap.push(now + delay.sample(&Instant::from_nanos(now)).as_nanos(), slot as u32);
            }
        } else {
            heap.pop();
            let write = &mut writes[event as usize];
            write.answers += 1;
            if write.answers == QUORUM {
                done += 1;
                latency += u128::from(now - write.began);
            } else if write.answers == REPLICAS {
                free.push(event as usize);
            }
        }
    }
    (done, latency as f64 / done as f64 / 1e9)
}
