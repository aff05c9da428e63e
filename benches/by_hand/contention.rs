//! Many tasks that want the same few places.

use std::collections::VecDeque;

use happysim::prelude::*;

use super::heap::Heap;
use super::list::List;

/// Places that were given back until `end`: each task holds one for a while and queues again.
pub(crate) fn run(seed: u64, tasks: u32, places: u32, end: Instant) -> u64 {
    let mut hold = Distribution::<Duration>::exponential(millis(1)).expect("it is valid");
    hold.bind_stream(Random::new(seed, "crowd", "hold"));
    let mut heap = Heap::default();
    let mut waiting: VecDeque<u32> = (places..tasks).collect();
    for task in 0..places.min(tasks) {
        heap.push(hold.sample(&Instant::ZERO).as_nanos(), task);
    }
    let mut given_back = 0;
    while let Some((now, task)) = heap.peek()
        && now <= end.as_nanos()
    {
        given_back += 1;
        waiting.push_back(task);
        let next = waiting.pop_front().expect("one has just queued");
        heap.replace(now + hold.sample(&Instant::from_nanos(now)).as_nanos(), next);
    }
    given_back
}
