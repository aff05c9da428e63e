//! Partitions: hosts that cannot reach each other.

use crate::model::checked::{Checked, NamesLanes};
use crate::model::parameter::InvalidValue;
use crate::time::{Duration, Instant};
use core::ops::Range;

/// Two groups of hosts that cannot reach each other, or one way only.
///
/// Partitions may overlap: a message passes when no partition stands in its way. A host that is in both
/// groups is cut off from all others of them, as of `Partition::between([3], 0..5)`, and never from itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partition {
    left: Vec<usize>,
    right: Vec<usize>,
    is_one_way: bool,
    /// From when (inclusive) until when (exclusive), if that is fixed.
    during: Option<Range<Instant>>,
}

impl Partition {
    /// Between two groups, both ways.
    pub fn between(
        left: impl IntoIterator<Item = usize>,
        right: impl IntoIterator<Item = usize>,
    ) -> Self {
        let (left, right) = (left.into_iter().collect(), right.into_iter().collect());
        Self { left, right, is_one_way: false, during: None }
    }

    /// Messages of `sources` do not reach `destinations`; the others do.
    pub fn one_way(
        sources: impl IntoIterator<Item = usize>,
        destinations: impl IntoIterator<Item = usize>,
    ) -> Self {
        Self { is_one_way: true, ..Self::between(sources, destinations) }
    }

    /// Begins and ends at these times after the start of the simulation; it ends after it begins.
    #[must_use]
    pub fn during(self, times: Range<Duration>) -> Self {
        let [start, end] = [times.start, times.end].map(|time| Instant::ZERO.saturating_add(time));
        Self { during: Some(start..end), ..self }
    }

    /// Whether it separates these hosts.
    pub fn separates(&self, source: usize, destination: usize) -> bool {
        let across = |left: &[usize], right: &[usize]| {
            left.contains(&source) && right.contains(&destination)
        };
        let is_one_way = self.is_one_way;
        source != destination
            && (across(&self.left, &self.right) || (!is_one_way && across(&self.right, &self.left)))
    }

    /// The pairs of hosts, source first, of which it stops the messages.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        let across =
            self.left.iter().flat_map(|left| self.right.iter().map(|right| (*left, *right)));
        across.filter(|(left, right)| left != right).flat_map(|(left, right)| {
            let back = (!self.is_one_way).then_some((right, left));
            core::iter::once((left, right)).chain(back)
        })
    }

    /// A host that it names and that is none of `hosts`, counted from 0.
    pub(super) fn stranger(&self, hosts: usize) -> Option<usize> {
        self.left.iter().chain(&self.right).copied().find(|host| *host >= hosts)
    }

    /// What is allowed as a host, among so many.
    pub(super) fn hosts(hosts: usize) -> String {
        match hosts {
            1 => "the only host there is has the number 0".to_owned(),
            _ => format!(
                "a host must be from 0 to {}, as there are {hosts}",
                hosts.saturating_sub(1)
            ),
        }
    }

    /// Whether it stands at `now`.
    pub fn stands(&self, now: Instant) -> bool {
        self.during.as_ref().is_none_or(|during| during.contains(&now))
    }

    /// Whether it begins after `sent`, and not after `arrival`.
    pub(super) fn begins_within(&self, sent: Instant, arrival: Instant) -> bool {
        self.during.as_ref().is_some_and(|during| {
            !during.is_empty() && sent < during.start && during.start <= arrival
        })
    }
}

impl Checked for Vec<Partition> {
    fn check(&self) -> Result<(), InvalidValue> {
        for during in self.iter().filter_map(|partition| partition.during.as_ref()) {
            if during.is_empty() {
                let [start, end] = [during.start, during.end].map(|at| at.since(Instant::ZERO));
                return Err(InvalidValue {
                    value: format!("a partition during {start}..{end}"),
                    expected: "it must end after it begins".to_owned(),
                });
            }
        }
        Ok(())
    }
}

impl NamesLanes for Vec<Partition> {
    fn check_lanes(&self, hosts: usize) -> Result<(), InvalidValue> {
        match self.iter().find_map(|partition| partition.stranger(hosts)) {
            None => Ok(()),
            Some(host) => Err(InvalidValue {
                value: format!("a partition of host {host}"),
                expected: Partition::hosts(hosts),
            }),
        }
    }
}

/// A change that a [`Network`](super::Network) is told at `network.change`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartitionChange {
    /// The partition begins now; the number is the handle by which it is healed.
    Cut(u64, Partition),
    /// The partition with this number ends now; the others stand.
    Heal(u64),
}
