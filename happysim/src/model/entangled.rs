//! Tasks that wait for each other while others go on.
//!
//! A simulation in which nothing is scheduled shows its deadlocks by that. While a source goes on, two
//! requests that hold what the other wants would only be two of those in flight. They are found by
//! looking for the largest set of tasks of which each waits for what others of the set alone could give:
//! units that they hold, or a reply that they owe. Whatever may end a wait otherwise counts as if it will:
//! a timeout, a notification, a caller that may cancel, a queue that drops, a capacity that the model
//! sets, one of several calls that were started. So what is found is true; who only stands in a queue behind it may be left out.

use std::collections::{HashMap, HashSet};

use super::claims::{ClaimState, Demand};
use super::core::Core;
use super::entity::{Entity, Node};
use super::simulation::{Topology, Visitor};
use super::station::Station;
use super::step::Wait;
use super::task::{LiveTask, TaskStore};
use crate::engine::dropped::Right;
use crate::engine::keys::CallKey;
use crate::engine::wake::Token;
use crate::stats::PortStats;

/// A task by node, function and slot.
pub(super) type TaskName = (usize, &'static str, u32);

/// A call by its wire and its row there.
type CallName = (u16, CallKey);

/// The tasks that wait for each other, although others may go on.
pub(super) fn entangled<T: Topology>(topology: &T) -> HashSet<TaskName> {
    let core = topology.core();
    // In the middle of an instant somebody may just have been let in.
    if core.scheduler.is_within_instant() || all_holders_go_on(topology) {
        return HashSet::new();
    }
    let mut members = Members { core, scheduled: scheduled(core), list: Vec::new(), node: 0 };
    topology.visit(&mut members);
    let mut web = Web::new(core, members.list);
    web.let_go();
    let entangled = web.members.iter().filter(|member| member.is_entangled);
    entangled.map(|member| member.name).collect()
}

/// Whether a timer wakes each of those who hold what others wait for, as where a server is merely overloaded:
/// then it is not necessary to look at all who wait.
fn all_holders_go_on<T: Topology>(topology: &T) -> bool {
    let core = topology.core();
    let mut holders = HashSet::new();
    for (key, wake) in
        core.stations.iter().filter(|it| it.waiting() > 0).flat_map(Station::holdings)
    {
        let holder = topology.task(wake.node(), wake.machine(), wake.slot());
        // What is no longer with the task that got it is somewhere else.
        let Some(task) = holder.filter(|it| it.state_itself.rights().contains(&Right::Claim(key)))
        else {
            return false;
        };
        holders.insert((wake.node(), wake.machine(), wake.slot(), task.epoch));
    }
    let mut wakes = core.scheduler.listed().filter_map(Token::as_wake);
    while !holders.is_empty()
        && let Some(wake) = wakes.next()
    {
        holders.remove(&(wake.node(), wake.machine(), wake.slot(), wake.epoch()));
    }
    holders.is_empty()
}

/// Whose present wait a timer ends, or may end.
fn scheduled(core: &Core) -> HashSet<(TaskName, u32)> {
    let wakes = core.scheduler.listed().filter_map(Token::as_wake);
    let name = |node: usize, machine: u8| core.nodes[node].machines[machine as usize].name;
    wakes
        .map(|wake| (usize::from(wake.node()), wake))
        .map(|(node, wake)| ((node, name(node, wake.machine()), wake.slot()), wake.epoch()))
        .collect()
}

/// What a member waits for.
#[derive(Debug)]
enum Want {
    /// Units of a station.
    Units { station: usize, amount: u64 },
    /// The reply to a call.
    Reply(CallName),
}

/// A task that waits, and that no timer wakes.
#[derive(Debug)]
struct Member {
    name: TaskName,
    want: Want,
    /// What it has, by station.
    holds: Vec<(usize, u64)>,
    /// To whom it answers.
    owes: Option<CallName>,
    /// Whether its caller may cancel it.
    is_cancellable: bool,
    is_entangled: bool,
}

impl Member {
    fn new(core: &Core, node: usize, task: &LiveTask<'_>) -> Option<Self> {
        let rights = task.state_itself.rights();
        let reply_to = task.reply_to;
        Some(Self {
            name: (node, task.machine.name, task.slot),
            want: want(core, task.wait?)?,
            holds: rights.iter().filter_map(|right| held(core, right)).collect(),
            owes: reply_to.key().map(|key| (reply_to.wire(), key)),
            is_cancellable: reply_to.is_cancellable(),
            is_entangled: true,
        })
    }
}

/// What a task waits for, if nothing but a release or a reply ends that.
fn want(core: &Core, wait: &Wait) -> Option<Want> {
    match wait {
        // Of calls that were started it is not known here which of them are waited for: a field of the entity
        // may keep them.
        Wait::Timer | Wait::Replies(_) => None,
        Wait::Call(ticket) => Some(Want::Reply((ticket.wire(), ticket.key()))),
        Wait::Claim(ticket) => {
            let (key, station) = (ticket.key(), ticket.key().station() as usize);
            let waits = core.stations[station].waits_for_release(key);
            waits.then(|| Want::Units { station, amount: core.claim_amount(key) })
        }
    }
}

/// How much of which station a right is to.
fn held(core: &Core, right: &Right) -> Option<(usize, u64)> {
    let &Right::Claim(key) = right else { return None };
    let is_held = core.claim_state(key) == ClaimState::Granted;
    is_held.then(|| (key.station() as usize, core.claim_amount(key)))
}

/// Collects all that may be members.
struct Members<'a> {
    core: &'a Core,
    scheduled: HashSet<(TaskName, u32)>,
    list: Vec<Member>,
    node: usize,
}

impl Visitor for Members<'_> {
    fn node<E: Entity>(&mut self, _: &'static str, node: &Node<E>, _: &[(&str, &PortStats)]) {
        let index = self.node;
        self.node += 1;
        let Self { core, scheduled, list, .. } = self;
        node.tasks.for_each_live(&mut |task| {
            let name = (index, task.machine.name, task.slot);
            if !scheduled.contains(&(name, task.epoch)) {
                list.extend(Member::new(core, index, &task));
            }
        });
    }
}

/// Members and what ties them together.
#[derive(Debug)]
struct Web {
    members: Vec<Member>,
    /// By station: its capacity, and how much of it members hold.
    stations: Vec<(u64, u64)>,
    /// By station: who waits there, who wants most before the others.
    waiting: Vec<Vec<usize>>,
    /// Who waits for the reply to a call.
    asking: HashMap<CallName, usize>,
    /// Who owes the reply to a call.
    answering: HashMap<CallName, usize>,
}

impl Web {
    fn new(core: &Core, members: Vec<Member>) -> Self {
        let mut stations: Vec<(u64, u64)> =
            core.stations.iter().map(|station| (station.capacity(), 0)).collect();
        let mut waiting = vec![Vec::new(); stations.len()];
        let (mut asking, mut answering) = (HashMap::new(), HashMap::new());
        for (index, member) in members.iter().enumerate() {
            match &member.want {
                Want::Units { station, amount } => waiting[*station].push((*amount, index)),
                Want::Reply(call) => asking.extend([(*call, index)]),
            }
            answering.extend(member.owes.map(|call| (call, index)));
            member.holds.iter().for_each(|&(station, amount)| stations[station].1 += amount);
        }
        let lines = waiting.into_iter().map(|mut line: Vec<(u64, usize)>| {
            line.sort_unstable_by(|a, b| b.cmp(a));
            line.into_iter().map(|(_, member)| member).collect()
        });
        Self { waiting: lines.collect(), members, stations, asking, answering }
    }

    /// Whether something else than what members do may end the wait of a member.
    fn may_go_on(&self, member: &Member) -> bool {
        let is_given = match &member.want {
            &Want::Units { station, amount } => self.has_room(station, amount),
            Want::Reply(call) => !self.is_entangled(self.answering.get(call)),
        };
        is_given || (member.is_cancellable && !self.is_entangled(self.caller(member)))
    }

    /// Who waits for the reply of a member.
    fn caller(&self, member: &Member) -> Option<&usize> {
        self.asking.get(&member.owes?)
    }

    fn is_entangled(&self, member: Option<&usize>) -> bool {
        member.is_some_and(|&member| self.members[member].is_entangled)
    }

    /// Whether a station would have so much left if all but members gave back what they hold.
    fn has_room(&self, station: usize, amount: u64) -> bool {
        let (capacity, held) = self.stations[station];
        match amount {
            Demand::WHOLE => held == 0,
            amount => amount <= capacity.saturating_sub(held),
        }
    }

    /// Lets go of all that may go on, and of those who wait for them.
    fn let_go(&mut self) {
        let all = 0..self.members.len();
        let mut free: Vec<usize> = all.filter(|&it| self.may_go_on(&self.members[it])).collect();
        while let Some(index) = free.pop() {
            let member = &mut self.members[index];
            if !core::mem::replace(&mut member.is_entangled, false) {
                continue;
            }
            for (station, amount) in core::mem::take(&mut member.holds) {
                self.stations[station].1 -= amount;
                self.let_in(station, &mut free);
            }
            free.extend(self.who_depends_on(&self.members[index]));
        }
    }

    /// Notes whom a station may let in.
    fn let_in(&mut self, station: usize, free: &mut Vec<usize>) {
        while let Some(&next) = self.waiting[station].last() {
            let Want::Units { amount, .. } = self.members[next].want else { return };
            if !self.has_room(station, amount) {
                return;
            }
            self.waiting[station].pop();
            free.push(next);
        }
    }

    /// Its caller, which it may answer, and whom it may cancel.
    fn who_depends_on(&self, member: &Member) -> impl Iterator<Item = usize> {
        let callee = match &member.want {
            Want::Units { .. } => None,
            Want::Reply(call) => self.answering.get(call),
        };
        let cancellable = callee.filter(|&&callee| self.members[callee].is_cancellable);
        self.caller(member).into_iter().chain(cancellable).copied()
    }
}
