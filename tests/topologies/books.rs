//! The books of a simulation: what is counted, beside what is there.

use std::collections::{BTreeMap, HashMap};

use happysim::model::entity::{Entity, Node};
use happysim::model::machine::MachineKind;
use happysim::model::simulation::{Topology, Visitor};
use happysim::model::task::TaskStore as _;
use happysim::prelude::*;
use happysim::stats::{HandlerStatistics, PortStats};

/// What a simulation has counted in all, since the end of its warm-up.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Books {
    /// Messages that were sent over a wire.
    pub(crate) sent: u64,
    /// Messages that a handler got.
    pub(crate) received: u64,
    /// Calls that their caller knows to have succeeded.
    pub(crate) succeeded: u64,
    /// Handlers that succeeded.
    pub(crate) answered: u64,
    /// Answers that nobody waited for any more.
    pub(crate) late: u64,
    /// Calls that ended because their caller was cancelled, timed out, or needed them no more.
    pub(crate) ended_by_caller: u64,
    /// Handlers at work.
    pub(crate) at_work: u64,
}

impl Books {
    /// Every message that was sent is received, unless its caller gave it up at that instant; and
    /// every answer is had by its caller, or is late.
    pub(crate) fn check_messages(&self) {
        assert!(self.received <= self.sent, "{self:?}");
        assert!(self.sent - self.received <= self.ended_by_caller, "{self:?}");
        assert!(self.succeeded <= self.answered, "{self:?}");
        assert!(self.answered - self.succeeded <= self.late, "{self:?}");
    }
}

/// Checks the books of every handler and every wire against each other, against the tasks that
/// live, and against the rights that these hold.
pub(crate) fn check<T: Topology>(simulation: &Simulation<T>) -> Books {
    let mut audit = Audit { now: simulation.now(), books: Books::default() };
    simulation.visit(&mut audit);
    for station in &simulation.core().stations {
        let name = format!("`{}` of `{}` at {}", station.name, station.owner, simulation.now());
        // Where a profile lowers the capacity, those who are there finish.
        let drains = station.owner.starts_with("varying");
        let (in_use, capacity) = (station.in_use(), station.capacity());
        assert!(in_use <= capacity || drains, "{in_use} of {capacity} units in use: {name}");
        let idle = station.waiting() > 0 && in_use == 0 && capacity > 0;
        assert!(!idle, "somebody waits for what is free: {name}");
    }
    audit.books
}

struct Audit {
    now: Instant,
    books: Books,
}

impl Visitor for Audit {
    fn node<E: Entity>(
        &mut self,
        path: &'static str,
        node: &Node<E>,
        wires: &[(&str, &PortStats)],
    ) {
        let mut alive: HashMap<(&str, u32), u64> = HashMap::new();
        node.tasks.for_each_live(&mut |task| {
            if task.machine.kind == MachineKind::Handler {
                *alive.entry((task.machine.name, task.replica)).or_default() += 1;
            }
        });
        let (now, books) = (self.now, &mut self.books);
        let conserved = |what: &str, stats: &HandlerStatistics| {
            assert!(stats.outcomes().is_conserved(), "`{path}` at {now}, {what}: {stats:?}");
        };
        node.tasks.for_each_handler(&mut |name, replicas| {
            for (replica, stats) in replicas.iter().enumerate() {
                conserved(name, stats);
                let outcomes = stats.outcomes();
                let tasks = alive.get(&(name, replica as u32)).copied().unwrap_or_default();
                assert_eq!(outcomes.in_flight(), tasks, "`{path}[{replica}].{name}` at {now}");
                books.received += outcomes.arrived();
                books.answered += outcomes.ok();
                books.at_work += tasks;
            }
        });
        for (port, stats) in wires {
            conserved(port, &stats.calls);
            let outcomes = stats.calls.outcomes();
            books.sent += outcomes.arrived();
            books.succeeded += outcomes.ok();
            books.late += stats.late_replies;
            let by_caller = [Failure::TimedOut, Failure::Cancelled, Failure::Lost];
            books.ended_by_caller += by_caller
                .iter()
                .map(|failure| outcomes.failed_by_reason()[failure.index()])
                .sum::<u64>();
        }
    }
}

/// What a whole simulation says of itself, for rights that only their holders know.
struct Rights {
    text: String,
}

impl Rights {
    /// The texts behind each place where `what` stands.
    fn each<'a>(&'a self, what: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let places = self.text.match_indices(what);
        places.map(|(at, found)| (&self.text[..at], &self.text[at + found.len()..]))
    }

    /// The claims on each station by the tickets in the states of tasks and entities: how many
    /// are held, and how many wait.
    fn claims(&self) -> BTreeMap<usize, (u64, u64)> {
        let mut claims: BTreeMap<usize, (u64, u64)> = BTreeMap::new();
        for (before, ticket) in self.each("ClaimTicket(ClaimKey { station: ") {
            let (station, _) = ticket.split_once(',').expect("a key has a place too");
            let count = claims.entry(station.parse().expect("a number")).or_default();
            let is_held = before.ends_with("Permit(");
            *(if is_held { &mut count.0 } else { &mut count.1 }) += 1;
        }
        claims
    }
}

/// Checks that what is in use of each station is held by somebody, that who waits is somebody's
/// wait, and that every open call has somebody who has the right to its outcome.
pub(crate) fn check_rights<T: Topology>(simulation: &Simulation<T>) {
    let rights = Rights { text: format!("{:?}", **simulation) };
    let claims = rights.claims();
    for (index, station) in simulation.core().stations.iter().enumerate() {
        let name = format!("`{}` of `{}` at {}", station.name, station.owner, simulation.now());
        let (held, waiting) = claims.get(&index).copied().unwrap_or_default();
        // A writer holds the whole of a table, and who waits for a notification holds nothing.
        if station.owner.starts_with("table") {
            assert_eq!(station.in_use() > 0, held > 0, "{name}");
        } else {
            assert_eq!(station.in_use(), held, "{name}");
        }
        let waits = station.waiting() as u64;
        let parks = station.owner.starts_with("lock") || station.name == "reaper";
        assert!(waits == waiting || (parks && waits < waiting), "{waits}, {waiting}: {name}");
    }
    // Each wire counts its open calls by caller and lane.
    let counts = rights.each("in_flight: [").flat_map(|(_, counts)| {
        let (counts, _) = counts.split_once(']').expect("a list ends");
        counts.split(", ").filter(|count| !count.is_empty())
    });
    let open: usize = counts.map(|count| count.parse::<usize>().expect("a number")).sum();
    let held = rights.each("CallTicket { ").count();
    assert_eq!(open, held, "open calls, and rights to their outcomes");
}

/// Everything at work that is neither background work nor a process.
pub(crate) fn unfinished<T: Topology>(simulation: &Simulation<T>) -> Vec<String> {
    let mut unfinished = Unfinished(Vec::new());
    simulation.visit(&mut unfinished);
    unfinished.0
}

struct Unfinished(Vec<String>);

impl Visitor for Unfinished {
    fn node<E: Entity>(&mut self, path: &'static str, node: &Node<E>, _: &[(&str, &PortStats)]) {
        node.tasks.for_each_live(&mut |task| {
            if !task.is_background && task.machine.kind != MachineKind::Process {
                let step = task.machine.state(task.state).unwrap().step;
                self.0.push(format!("{path}.{} since {}: {step}", task.machine.name, task.since));
            }
        });
    }
}
