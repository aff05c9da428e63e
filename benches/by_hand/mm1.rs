//! A queue with one server.

use std::collections::VecDeque;

use happysim::prelude::*;

use super::heap::Heap;
use super::list::List;

const ARRIVAL: u32 = 0;
const DEPARTURE: u32 = 1;

/// Customers who have left, and the mean of their sojourns in seconds.
pub(crate) fn run(seed: u64, end: Instant) -> (u64, f64) {
    let mut arrivals = Arrivals::poisson(Rate::per_second(8.0));
    arrivals.bind_stream(Random::new(seed, "customers", "arrivals"));
    let mut service = Distribution::<Duration>::exponential(millis(100)).expect("it is valid");
    service.bind_stream(Random::new(seed, "server", "service"));
    let mut heap = Heap::default();
    let mut waiting: VecDeque<u64> = VecDeque::new();
    let (mut departed, mut sojourn) = (0_u64, 0_u128);
    heap.push(arrivals.next().expect("arrivals go on").as_nanos(), ARRIVAL);
    while let Some((now, event)) = heap.pop() {
        if now > end.as_nanos() {
            break;
        }
        let starts = if event == DEPARTURE {
            let arrived = waiting.pop_front().expect("the one in service is first");
            sojourn += u128::from(now - arrived);
            departed += 1;
            !waiting.is_empty()
        } else {
            waiting.push_back(now);
            heap.push(arrivals.next().expect("arrivals go on").as_nanos(), ARRIVAL);
            waiting.len() == 1
        };
        if starts {
            let work = service.sample(&Instant::from_nanos(now));
            heap.push(now + work.as_nanos(), DEPARTURE);
        }
    }
    (departed, sojourn as f64 / departed as f64 / 1e9)
}
