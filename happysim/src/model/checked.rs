//! What is asked of the value of a parameter beyond its range: by its type, and by how its node is
//! wired.

use super::entity::{Entity, Node};
use super::parameter::{InRange, InvalidValue, ParameterError};
use super::simulation::{Topology, Visitor, build_errors};
use crate::queueing::Discipline;
use crate::report::BuildError;
use crate::stats::PortStats;

/// A type of parameters whose values are not all valid: each is checked when a parameter of an
/// entity is given it, and when it is the default of one.
///
/// For types whose parts are given one by one, and those of which a number is one part only; the
/// range of a number stands at the parameter: `#[param(range = 1..)]`.
pub trait Checked {
    /// Whether the value is valid.
    ///
    /// # Errors
    /// The value, and what is allowed.
    fn check(&self) -> Result<(), InvalidValue>;
}

impl<T: Checked> Checked for Option<T> {
    fn check(&self) -> Result<(), InvalidValue> {
        self.as_ref().map_or(Ok(()), Checked::check)
    }
}

/// A parameter on its way to be checked: types that are [`Checked`] have the inherent method, all
/// others fall back to [`CheckFallback`], which does nothing.
#[derive(Debug)]
pub struct Checkable<'a, T>(pub &'a T);

impl<T: Checked> Checkable<'_, T> {
    /// Checks the value.
    ///
    /// # Errors
    /// As [`Checked::check`].
    pub fn check(self) -> Result<(), InvalidValue> {
        self.0.check()
    }
}

/// For types of which every value is valid.
pub trait CheckFallback: Sized {
    /// Does nothing.
    ///
    /// # Errors
    /// None.
    fn check(self) -> Result<(), InvalidValue> {
        Ok(())
    }
}

impl<T> CheckFallback for Checkable<'_, T> {}

/// A type of parameters that name lanes of a port by their numbers:
/// `#[param(lanes = port)]`.
pub trait NamesLanes {
    /// Whether there are all that it names, where the port is wired to so many, counted from 0.
    ///
    /// # Errors
    /// The value, and what is allowed.
    fn check_lanes(&self, lanes: usize) -> Result<(), InvalidValue>;
}

/// Checks a parameter that names lanes.
pub fn check_lanes(
    parameter: &'static str,
    value: &impl NamesLanes,
    lanes: usize,
    errors: &mut Vec<ParameterError>,
) {
    if let Err(InvalidValue { value, expected }) = value.check_lanes(lanes) {
        errors.push(ParameterError { parameter, value, expected });
    }
}

/// What is wrong with parameters that name lanes, anywhere in a topology.
pub(super) fn refused_by_lanes<T: Topology>(topology: &T) -> Vec<BuildError> {
    let mut check = LanesCheck { topology, errors: Vec::new() };
    topology.visit(&mut check);
    check.errors
}

/// Asks all parameters that name lanes whether there are those.
struct LanesCheck<'a, T> {
    topology: &'a T,
    errors: Vec<BuildError>,
}

impl<T: Topology> Visitor for LanesCheck<'_, T> {
    fn node<E: Entity>(&mut self, path: &'static str, node: &Node<E>, _: &[(&str, &PortStats)]) {
        let is_replicated = self.topology.core().nodes[usize::from(node.index)].replicas.is_some();
        for (replica, entity) in node.replicas.iter().enumerate() {
            let refused = entity.refused_by_lanes(&|port| self.topology.lanes(node.index, port));
            if !refused.is_empty() {
                let path =
                    if is_replicated { format!("{path}[{replica}]") } else { path.to_owned() };
                self.errors.extend(build_errors(&path, refused));
            }
        }
    }
}

/// The shortest time of a discipline, in seconds.
const SHORTEST: f64 = 1e-9;

/// Checks the discipline of what has one among other parts.
pub(crate) fn check_discipline(queue: &Discipline) -> Result<(), InvalidValue> {
    queue.check(SHORTEST, f64::INFINITY).map_err(|value| InvalidValue {
        value,
        expected: format!("it must be at least {}", Discipline::show(SHORTEST)),
    })
}
