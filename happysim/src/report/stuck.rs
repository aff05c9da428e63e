//! Requests that can never go on.

use core::fmt;

use indexmap::IndexMap;

use super::format;
use crate::time::Instant;

/// How many different lines of stuck requests are printed.
const LINES: usize = 20;

/// A request that waits for something that can no longer happen.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct StuckTask {
    /// The path of the node: `api[2]`.
    pub node: String,
    /// The handler that waits.
    pub handler: String,
    /// The step at which it waits, as written in the handler.
    pub step: String,
    /// Since when.
    pub since: Instant,
    /// What it waits on: `workers`, `a reply from db`.
    pub waits_on: String,
}

impl fmt::Display for StuckTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { node, handler, step, since, waits_on } = self;
        write!(f, "`{node}.{handler}` at `{step}` since {since}: waits on {waits_on}")
    }
}

/// A line for each place where requests are stuck, in the order of the tasks.
pub(super) fn lines(tasks: &[StuckTask]) -> Vec<String> {
    let mut places: IndexMap<[&str; 4], (u64, &StuckTask)> = IndexMap::new();
    for task in tasks {
        let place = [&*task.node, &*task.handler, &*task.step, &*task.waits_on];
        let (count, first) = places.entry(place).or_insert((0, task));
        *count += 1;
        if task.since < first.since {
            *first = task;
        }
    }
    let mut lines: Vec<String> =
        places.values().take(LINES).map(|&(count, it)| line(count, it)).collect();
    let rest: u64 = places.values().skip(LINES).map(|&(count, _)| count).sum();
    if rest > 0 {
        lines.push(format!("and {} elsewhere", format::count(rest)));
    }
    lines
}

fn line(count: u64, first: &StuckTask) -> String {
    if count == 1 {
        return first.to_string();
    }
    let StuckTask { node, handler, step, since, waits_on } = first;
    let count = format::count(count);
    format!("{count} x `{node}.{handler}` at `{step}`, the first since {since}: wait on {waits_on}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::seconds;

    fn task(node: &str, since: u64) -> StuckTask {
        StuckTask {
            node: node.to_owned(),
            handler: "handle".to_owned(),
            step: "self.workers.acquire(1)".to_owned(),
            since: Instant::ZERO + seconds(since),
            waits_on: "workers".to_owned(),
        }
    }

    #[test]
    fn requests_at_one_place_share_a_line() {
        let tasks = [task("api[0]", 5), task("api[1]", 7), task("api[0]", 3)];
        let expected = [
            "2 x `api[0].handle` at `self.workers.acquire(1)`, the first since 3s: wait on workers",
            "`api[1].handle` at `self.workers.acquire(1)` since 7s: waits on workers",
        ];
        assert_eq!(lines(&tasks), expected);
    }

    #[test]
    fn many_places_are_cut_short() {
        let mut tasks: Vec<StuckTask> = (0..23).map(|n| task(&format!("api[{n}]"), 1)).collect();
        tasks.push(task("api[22]", 2));
        let lines = lines(&tasks);
        assert_eq!((lines.len(), lines[20].as_str()), (21, "and 4 elsewhere"));
    }
}
