//! Looking into a simulation: its report, the place where it stopped, who waits for whom.

use super::claims::ClaimState;
use super::core::Core;
use super::entangled::entangled;
use super::entity::{Entity, Node};
use super::machine::MachineKind;
use super::metrics::Observer;
use super::outcome::Failure;
use super::simulation::{Simulation, Topology, Visitor};
use super::station::Station;
use super::step::Wait;
use super::task::{LiveTask, TaskStore};
use crate::engine::wake::Wake;
use crate::report::{
    HandlerReport, Metric, MetricValue, NodeKind, NodeReport, Place, Report, ResourceReport,
    RunFacts, SimError, StuckTask,
};
use crate::stats::{HandlerStatistics, PortStats};
use crate::time::{Clock, Instant};

impl<T: Topology> Simulation<T> {
    /// What happened so far.
    pub fn report(&self) -> Report {
        let mut collector = Collector::new(self.core());
        self.topology().visit(&mut collector);
        collector.shared_objects();
        Report {
            facts: RunFacts {
                topology: T::NAME.to_owned(),
                seed: self.seed(),
                simulated: self.now().since(Instant::ZERO),
                warm_up: self.counted_warm_up(),
                events: self.events(),
                wall: Some(self.wall()),
            },
            nodes: collector.nodes,
            stuck: self.stuck(),
        }
    }

    /// Tasks that can never go on.
    ///
    /// Where nothing is scheduled any more, or only changes of a capacity that let in nobody who waits
    /// for it, these are all that wait. While others go on, they are those that wait for each other:
    /// each for what others of them hold, or for a reply that they owe. A wait counts as one that may end
    /// where it has a timeout, where it is for a notification or for calls that were started, where its
    /// caller may cancel it, where the queue may drop it, and where the capacity changes or was
    /// [set](crate::Resource::set_capacity) by the model.
    pub fn stuck(&self) -> Vec<StuckTask> {
        if self.core().is_idle() {
            return self.waiting(&|_, task| !is_at_rest(self.core(), task));
        }
        let entangled = entangled(self.topology());
        if entangled.is_empty() {
            return Vec::new();
        }
        self.waiting(&|node, task| entangled.contains(&(node, task.machine.name, task.slot)))
    }

    /// Tasks that wait, of those that are asked for.
    fn waiting(&self, is_asked_for: &dyn Fn(usize, &LiveTask<'_>) -> bool) -> Vec<StuckTask> {
        let core = self.core();
        let mut waiting = WaitingTasks { core, is_asked_for, tasks: Vec::new(), index: 0 };
        self.topology().visit(&mut waiting);
        waiting.tasks
    }

    /// Where the simulation is.
    pub(super) fn place(&self) -> Place {
        let core = self.core();
        let at = core.scheduler.now();
        let place = core.place;
        let Some(node) = core.nodes.get(place.ended.node() as usize) else {
            let nowhere = String::new();
            return Place { node: nowhere.clone(), handler: nowhere.clone(), step: nowhere, at };
        };
        let machine = node.machines[place.ended.machine() as usize];
        let step = machine.state(place.state).map_or("the start", |state| state.step);
        Place {
            node: replica_path(node.path, place.replica as usize, node.replicas),
            handler: machine.name.to_owned(),
            step: step.to_owned(),
            at,
        }
    }

    /// An error if tasks wait for each other although nothing is scheduled any more.
    pub(super) fn check_deadlock(&self) -> Result<(), SimError> {
        let core = self.core();
        if core.is_alive() {
            return Ok(());
        }
        // What background work waits for may end by a timer of its own.
        let with_background = core.is_idle();
        let mut waits = Waits { core, with_background, edges: Vec::new() };
        self.topology().visit(&mut waits);
        let Some((at, cycle)) = waits.cycle() else { return Ok(()) };
        let report = self.report();
        Err(SimError::Deadlock {
            at,
            tasks: self.waiting(&|_, task| !is_at_rest(core, task)),
            cycle: Some(cycle),
            report: Box::new(report),
        })
    }
}

/// The path of one replica: `api[2]`, or `db` where there is only the one.
fn replica_path(path: &str, replica: usize, replicas: Option<usize>) -> String {
    if replicas.is_some() { format!("{path}[{replica}]") } else { path.to_owned() }
}

struct Collector<'a> {
    core: &'a Core,
    now: Instant,
    nodes: Vec<NodeReport>,
    index: usize,
}

impl<'a> Collector<'a> {
    fn new(core: &'a Core) -> Self {
        let now = core.scheduler.now();
        Self { core, now, nodes: Vec::new(), index: 0 }
    }

    fn handler<'s>(
        &self,
        name: &str,
        stats: impl IntoIterator<Item = &'s HandlerStatistics>,
    ) -> HandlerReport {
        HandlerReport::new(name, stats, self.now, &Failure::NAMES)
    }

    /// The stations of the node, or shared object, at `path`.
    fn resources(&self, path: &str) -> Vec<ResourceReport> {
        let stations = self.core.stations.iter().filter(|station| station.owner == path);
        let report = |station: &Station| {
            let report = ResourceReport::new(&station.name, &station.stats.levels, self.now);
            ResourceReport {
                is_inner: station.is_inner,
                utilisation: report.utilisation.filter(|_| station.is_timed()),
                ..report
            }
        };
        stations.map(report).collect()
    }

    /// Shared objects belong to no node: locks show their stations, conditions their waits.
    fn shared_objects(&mut self) {
        for (name, ty) in &self.core.shared {
            let (resources, metrics) = (self.resources(name), self.waits(name));
            if !resources.is_empty() || !metrics.is_empty() {
                let report = NodeReport::new(name, ty, NodeKind::Shared);
                self.nodes.push(NodeReport { resources, metrics, ..report });
            }
        }
    }

    /// The waits for the condition that is shared under this name, if there is one.
    fn waits(&self, name: &str) -> Vec<Metric> {
        let mut conditions = self.core.conditions.iter().enumerate();
        let Some((index, condition)) = conditions.find(|(_, it)| it.owner == name) else {
            return Vec::new();
        };
        let waiting = self.core.parked(index as u32) as u64;
        [("waits", condition.waits), ("notified", condition.notified), ("waiting", waiting)]
            .map(|(name, count)| Metric::new(name, MetricValue::Count(count)))
            .into()
    }

    fn replica<E: Entity>(
        &self,
        path: &str,
        kind: NodeKind,
        node: &Node<E>,
        replica: usize,
    ) -> NodeReport {
        let mut report = NodeReport::new(path, E::NAME, kind);
        node.tasks.for_each_handler(&mut |name, stats| {
            report.handlers.push(self.handler(name, [&stats[replica]]));
        });
        report.resources = self.resources(path);
        let mut observer = Observer::new(self.now);
        node.replicas[replica].observe(&mut observer);
        report.metrics = observer.into_metrics();
        report
    }
}

fn step_of(task: &LiveTask<'_>) -> &'static str {
    task.machine.state(task.state).map_or("the start", |state| state.step)
}

/// Background work is, and a process that waits for messages; one that waits for a lock is not.
fn is_at_rest(core: &Core, task: &LiveTask<'_>) -> bool {
    let waits_in_line = || {
        matches!(task.wait, Some(Wait::Claim(ticket))
            if core.claim_state(ticket.key()) == ClaimState::Waiting)
    };
    task.is_background || (task.machine.kind == MachineKind::Process && !waits_in_line())
}

/// What a task waits for, in words.
fn waits_on(core: &Core, task: &LiveTask<'_>) -> String {
    let step = task.machine.state(task.state).map_or("", |state| state.step);
    match task.wait {
        None | Some(Wait::Timer) => format!("`{step}`"),
        Some(Wait::Call(_) | Wait::Replies(_)) => format!("a reply: `{step}`"),
        Some(Wait::Claim(ticket)) => {
            let key = ticket.key();
            let station = &core.stations[key.station() as usize];
            let holders: Vec<String> = station.holders().map(|wake| name_of(core, wake)).collect();
            let name = format!("`{}` of {}", station.name, station.owner);
            match (core.claim_state(key), holders.is_empty()) {
                (ClaimState::Parked, _) => format!("a notification: `{step}`"),
                (_, true) => name,
                (_, false) => format!("{name}, held by {}", holders.join(", ")),
            }
        }
    }
}

/// A task in words: `teller[1].deposit`.
fn name_of(core: &Core, wake: Wake) -> String {
    let node = &core.nodes[wake.node() as usize];
    let machine = node.machines[wake.machine() as usize];
    format!("{}.{}#{}", node.path, machine.name, wake.slot())
}

impl Visitor for Collector<'_> {
    fn node<E: Entity>(
        &mut self,
        path: &'static str,
        node: &Node<E>,
        wires: &[(&str, &PortStats)],
    ) {
        let info = &self.core.nodes[self.index];
        self.index += 1;
        let mut report = match info.replicas {
            None => self.replica(path, info.kind, node, 0),
            Some(count) => {
                let replicas = (0..count)
                    .map(|replica| {
                        let path = replica_path(path, replica, info.replicas);
                        self.replica(&path, info.kind, node, replica)
                    })
                    .collect();
                let mut totals = Vec::new();
                node.tasks.for_each_handler(&mut |name, stats| {
                    totals.push(self.handler(name, stats));
                });
                let mut group = NodeReport::group(path, totals, replicas);
                E::NAME.clone_into(&mut group.entity);
                group.kind = info.kind;
                group
            }
        };
        // A node without handlers, such as a source, shows what it sent.
        if report.handlers.is_empty() {
            for (name, stats) in wires {
                report.handlers.push(self.handler(name, [&stats.calls]));
            }
        }
        for (name, stats) in wires {
            if stats.late_replies > 0 {
                let name = format!("late replies to {name}");
                let value = MetricValue::Count(stats.late_replies);
                report.metrics.push(Metric::new(&name, value));
            }
        }
        self.nodes.push(report);
    }
}

/// Tasks that wait for something.
struct WaitingTasks<'a> {
    core: &'a Core,
    is_asked_for: &'a dyn Fn(usize, &LiveTask<'_>) -> bool,
    tasks: Vec<StuckTask>,
    index: usize,
}

impl Visitor for WaitingTasks<'_> {
    fn node<E: Entity>(&mut self, path: &'static str, node: &Node<E>, _: &[(&str, &PortStats)]) {
        let (core, index, is_asked_for) = (self.core, self.index, self.is_asked_for);
        let replicas = core.nodes[index].replicas;
        self.index += 1;
        let tasks = &mut self.tasks;
        node.tasks.for_each_live(&mut |task| {
            if is_asked_for(index, &task) {
                tasks.push(StuckTask {
                    node: replica_path(path, task.replica as usize, replicas),
                    handler: task.machine.name.to_owned(),
                    step: step_of(&task).to_owned(),
                    since: task.since,
                    waits_on: waits_on(core, &task),
                });
            }
        });
    }
}

/// Who waits for a station, and who holds it.
struct Waits<'a> {
    core: &'a Core,
    with_background: bool,
    /// The waiter, since when, the holders, and of what.
    edges: Vec<(Wake, Instant, Vec<Wake>, String)>,
}

impl Visitor for Waits<'_> {
    fn node<E: Entity>(&mut self, _: &'static str, node: &Node<E>, _: &[(&str, &PortStats)]) {
        let (core, with_background) = (self.core, self.with_background);
        let edges = &mut self.edges;
        node.tasks.for_each_live(&mut |task| {
            if task.is_background && !with_background {
                return;
            }
            let Some(Wait::Claim(ticket)) = task.wait else { return };
            let key = ticket.key();
            let station = &core.stations[key.station() as usize];
            // Background work may give back what it holds by a timer of its own, too.
            let may_get = !with_background && station.holders().any(Wake::is_background);
            if core.claim_state(key) == ClaimState::Waiting
                && !may_get
                && let Some((waiter, since)) = station.waiter(key)
            {
                let what = format!("`{}` of {}", station.name, station.owner);
                edges.push((waiter, since, station.holders().collect(), what));
            }
        });
    }
}

impl Waits<'_> {
    /// A circle of tasks, each waiting for what the next holds: since when, and in words.
    ///
    /// Only a task that itself waits for a station can be part of one; the walk follows the
    /// first such holder and ends when it meets itself.
    fn cycle(&self) -> Option<(Instant, String)> {
        let same = |a: Wake, b: Wake| {
            (a.node(), a.machine(), a.slot()) == (b.node(), b.machine(), b.slot())
        };
        let position = |wake: Wake| self.edges.iter().position(|edge| same(edge.0, wake));
        for start in 0..self.edges.len() {
            let mut path = vec![start];
            loop {
                let (_, _, holders, _) = &self.edges[*path.last()?];
                let Some(next) = holders.iter().find_map(|&holder| position(holder)) else { break };
                if let Some(first) = path.iter().position(|&edge| edge == next) {
                    let circle = &path[first..];
                    let closed = circle.iter().map(|&edge| self.edges[edge].1).max()?;
                    return Some((closed, self.describe(circle)));
                }
                path.push(next);
            }
        }
        None
    }

    fn describe(&self, path: &[usize]) -> String {
        let link = |&edge: &usize| {
            let (waiter, _, _, what) = &self.edges[edge];
            format!("{} waits for {what}, held by ", name_of(self.core, *waiter))
        };
        let links: String = path.iter().map(link).collect();
        links + &name_of(self.core, self.edges[path[0]].0)
    }
}
