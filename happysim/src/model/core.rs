//! What all nodes of a simulation share: scheduler, stations, conditions, names.

use super::claims::{ClaimState, Demand};
use super::machine::MachineInfo;
use super::outcome::Rejection;
use super::permit::{ClaimTicket, Permit};
use super::station::{Claimed, Station};
use super::step::{Begun, Wait};
use crate::engine::keys::ClaimKey;
use crate::engine::scheduler::Scheduler;
use crate::engine::wake::{Due, Token, Wake};
use crate::report::NodeKind;
use crate::time::{Clock, Instant};
use std::collections::VecDeque;

/// A node as the core knows it, by its index.
#[derive(Clone, Debug)]
pub struct NodeInfo {
    /// Its path in the topology.
    pub path: &'static str,
    /// Its entity's name.
    pub entity: &'static str,
    /// Its entity's machines.
    pub machines: &'static [&'static MachineInfo],
    /// What it is in its topology.
    pub kind: NodeKind,
    /// Whether it passes on the requests of others.
    pub is_relay: bool,
    /// How many replicas it has; `None` where it is not replicated.
    pub replicas: Option<usize>,
}

/// Where a simulation is: for the steps of the task that runs, and for reports of what went
/// wrong in it.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The wake-up that ended the task's last wait.
    pub ended: Wake,
    /// Its replica.
    pub replica: u32,
    /// The number of its state when it was resumed: see [`MachineInfo::state`].
    pub state: usize,
}

impl Default for Place {
    /// Before any task has run: at no node.
    fn default() -> Self {
        Self { ended: Wake::of(u16::MAX, 0), replica: 0, state: 0 }
    }
}

/// Those who wait for a condition, and how many did.
#[derive(Clone, Debug, Default)]
pub struct ConditionQueue {
    /// Path of the node that owns it, or the name under which it is shared.
    pub(super) owner: String,
    /// Who waits for it, and by which of their waits; those of whom it is no longer true too.
    queue: VecDeque<(ClaimKey, Wake)>,
    /// Waits that began, since the end of the warm-up.
    pub(super) waits: u64,
    /// Waits that a notification ended.
    pub(super) notified: u64,
}

impl ConditionQueue {
    /// Forgets those who timed out or were cancelled, instead of growing.
    fn make_room(&mut self, stations: &[Station]) {
        if self.queue.len() < self.queue.capacity() {
            return;
        }
        self.queue.retain(|&(key, waiter)| stations[key.station() as usize].is_parked(key, waiter));
        // On average an entry is looked at twice at most.
        self.queue.reserve(self.queue.len().max(4));
    }
}

/// The shared state of a simulation; see the module.
#[derive(Clone, Debug, Default)]
pub struct Core {
    /// Clock and event list.
    pub scheduler: Scheduler,
    /// All stations, by index.
    pub stations: Vec<Station>,
    /// All conditions, by index.
    pub(super) conditions: Vec<ConditionQueue>,
    /// All nodes, by index.
    pub nodes: Vec<NodeInfo>,
    /// All shared objects, by name: the owners of stations that belong to no node; with their types.
    pub shared: Vec<(&'static str, &'static str)>,
    /// The seed of the run.
    pub seed: u64,
    /// The task that runs, or ran last.
    pub place: Place,
}

impl Core {
    /// An empty simulation with this seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, ..Self::default() }
    }

    /// Forgets the statistics of the warm-up.
    pub fn reset_stats(&mut self) {
        let now = self.scheduler.now();
        self.stations.iter_mut().for_each(|station| station.reset_stats(now));
        for condition in 0..self.conditions.len() {
            self.conditions[condition].waits = self.parked(condition as u32) as u64;
            self.conditions[condition].notified = 0;
        }
    }

    /// Whether stations record times and levels, or counts only.
    pub fn set_timed(&mut self, timed: bool) {
        self.stations.iter_mut().for_each(|station| station.set_timed(timed));
    }

    /// As [`set_timed`](Self::set_timed), for the stations of one node, or of what is shared under this
    /// name.
    pub fn set_timed_of(&mut self, path: &str, timed: bool) {
        let is_its = |owner: &str| {
            owner.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
        };
        let stations = self.stations.iter_mut().filter(|station| is_its(&station.owner));
        stations.for_each(|station| station.set_timed(timed));
    }

    /// Whether anything is left to do; background work alone does not count.
    ///
    /// A change of capacity counts where a request waits for it, and only there: a profile that
    /// repeats has no end. Nor does a wait for more than it ever leaves free.
    pub fn is_alive(&self) -> bool {
        let now = self.scheduler.now();
        self.scheduler.is_alive()
            || self.stations.iter().any(|station| station.awaits_capacity(now))
    }

    /// Whether nothing is due, now or later, but changes of capacity that let in nobody who waits.
    pub(super) fn is_idle(&self) -> bool {
        let now = self.scheduler.now();
        self.scheduler.is_idle() && !self.stations.iter().any(|station| station.moves_on(now))
    }

    /// Adds a station and returns its index.
    pub(crate) fn add_station(&mut self, make: impl FnOnce(u32) -> Station) -> u32 {
        let index = self.stations.len() as u32;
        let mut station = make(index);
        // It may be made while the simulation runs already.
        station.follow_capacity(&mut self.scheduler);
        self.stations.push(station);
        index
    }

    /// Adds a condition and returns its index.
    pub(crate) fn add_condition(&mut self, owner: &str) -> u32 {
        self.conditions.push(ConditionQueue { owner: owner.to_owned(), ..Default::default() });
        (self.conditions.len() - 1) as u32
    }

    /// Claims without waiting.
    pub(crate) fn try_claim(&mut self, station: u32, amount: u64, waiter: Wake) -> Option<Permit> {
        let now = self.scheduler.now();
        let place = self.stations[station as usize].try_claim(amount, waiter, now)?;
        Some(Permit::new(ClaimTicket::new(ClaimKey::new(station, place))))
    }

    /// Claims: what is asked for is granted now, or waited for, or refused.
    #[inline(always)]
    pub(crate) fn claim(
        &mut self,
        station: u32,
        demand: Demand<'_>,
        waiter: Wake,
    ) -> Result<Begun<Permit>, Rejection> {
        let amount = demand.amount;
        let ticket = |place| ClaimTicket::new(ClaimKey::new(station, place));
        match self.stations[station as usize].claim(demand, waiter, &mut self.scheduler) {
            Claimed::Granted(place) => Ok(Begun::Ready(Permit::new(ticket(place)))),
            Claimed::Waits(place) => Ok(Begun::Wait(Wait::Claim(ticket(place)))),
            Claimed::Refused => Err(self.refusal(station, amount)),
        }
    }

    /// Why a claim was refused.
    #[cold]
    fn refusal(&mut self, station: u32, amount: u64) -> Rejection {
        let now = self.scheduler.now();
        self.stations[station as usize].refusal(amount, now)
    }

    /// Releases a claim or takes it out of its queue.
    #[inline]
    pub(crate) fn release(&mut self, key: ClaimKey) {
        self.stations[key.station() as usize].release(key, &mut self.scheduler);
    }

    #[inline]
    pub(crate) fn claim_state(&self, key: ClaimKey) -> ClaimState {
        self.stations[key.station() as usize].state(key)
    }

    /// What a claim that is still known asks for.
    pub(crate) fn claim_amount(&self, key: ClaimKey) -> u64 {
        self.stations[key.station() as usize].amount(key)
    }

    /// Whether a claim still waits, with a deadline at `time`.
    pub(super) fn awaits_deadline(&self, key: ClaimKey, time: Instant) -> bool {
        self.stations[key.station() as usize].awaits_deadline(key, time)
    }

    /// The holder of `permit` waits for `condition`, at most until `deadline`.
    pub(crate) fn park(
        &mut self,
        condition: u32,
        permit: Permit,
        deadline: Option<Instant>,
        waiter: Wake,
    ) -> Wait {
        let ticket = permit.into_ticket();
        let key = ticket.key();
        let ends = deadline.unwrap_or(Instant::MAX);
        self.stations[key.station() as usize].park(key, waiter, ends, &mut self.scheduler);
        let Self { conditions, stations, .. } = self;
        let condition = &mut conditions[condition as usize];
        condition.make_room(stations);
        condition.queue.push_back((key, waiter));
        condition.waits += 1;
        if let Some(deadline) = deadline {
            self.scheduler.at(deadline, Token::claim_deadline(key, waiter));
        }
        Wait::Claim(ticket)
    }

    /// Lets up to `count` waiters of a condition join the queue for their lock.
    pub(crate) fn notify(&mut self, condition: u32, count: usize) -> usize {
        let mut notified = 0;
        while notified < count {
            let next = self.conditions[condition as usize].queue.pop_front();
            let Some((key, waiter)) = next else { break };
            // Those who timed out or were cancelled do not wait here any more.
            if self.stations[key.station() as usize].is_parked(key, waiter) {
                self.stations[key.station() as usize].unpark(key, &mut self.scheduler);
                notified += 1;
            }
        }
        self.conditions[condition as usize].notified += notified as u64;
        notified
    }

    /// How many wait for a condition.
    pub(crate) fn parked(&self, condition: u32) -> usize {
        let parked = |entry: &&(ClaimKey, Wake)| {
            self.stations[entry.0.station() as usize].is_parked(entry.0, entry.1)
        };
        self.conditions[condition as usize].queue.iter().filter(parked).count()
    }

    /// Handles what needs no node: changes of capacity and deadlines of claims.
    #[inline(never)]
    pub fn handle(&mut self, token: Token) {
        match token.due() {
            Due::Capacity(station) => {
                self.stations[station as usize].capacity_changes(&mut self.scheduler);
            }
            Due::ClaimDeadline(key) => {
                self.stations[key.station() as usize].deadline(key, &mut self.scheduler);
            }
            Due::Wake(_) | Due::Deliver(..) => {
                unreachable!("tasks and messages belong to nodes")
            }
        }
    }
}
