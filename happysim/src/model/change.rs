//! Changing parameters of a simulation that is built: between two runs, or in a fork.

use core::mem;

use super::bind::Binder;
use super::entity::{Entity, Node};
use super::parameter::ParameterError;
use super::simulation::{Simulation, Topology, build_errors};
use crate::report::SimError;

/// New values for some of the parameters of an entity `E`: the builder of its parameters.
pub trait Changes<E> {
    /// What is wrong with the values.
    fn refused(&mut self) -> Vec<ParameterError>;
    /// What is wrong with those that name lanes, where each port has so many.
    fn refused_by_lanes(&self, lanes: &dyn Fn(&str) -> usize) -> Vec<ParameterError> {
        let _ = lanes;
        Vec::new()
    }
    /// Replaces the parameters of `entity`, at whose path the binder is.
    fn apply(self, entity: &mut E, binder: &mut Binder<'_>);
}

impl<T: Topology> Simulation<T> {
    /// Changes parameters of a node, all its replicas alike, from this instant on.
    ///
    /// The second argument gives the new values with the names that the parameters have in
    /// `topology!`; those it does not name stay as they are. Everything else goes on: random
    /// streams continue where they are, those who wait keep their places, permits stay granted.
    /// Raised capacity starts queued work at this very instant, lowered capacity drains. What is
    /// already decided (a service time that was drawn, a message on its way, the next arrival of
    /// a source) stays decided. Profiles count from time 0, as everywhere.
    ///
    /// ```
    /// use happysim::prelude::*;
    ///
    /// topology! {
    ///     Shop {
    ///         source users: poisson(100/s) emits u64 = |arrival| arrival.number;
    ///         node api[2]: Server<u64> { service: exp(15ms) };
    ///         node balancer: LoadBalancer<RoundRobin>;
    ///         users -> balancer -> api[*];
    ///     }
    /// }
    ///
    /// let mut as_it_was = Shop::new(default()).build()?;
    /// as_it_was.run_for(minutes(1))?;
    /// let mut larger = as_it_was.fork();
    /// larger.change(|shop| &mut shop.api, |api| api.concurrency(2).service(millis(12)))?;
    /// as_it_was.run_for(minutes(1))?;
    /// larger.run_for(minutes(1))?;
    /// let mean = |shop: &Simulation<Shop>| {
    ///     shop.report().node("api").requests().latency.as_ref().map(|latency| latency.mean)
    /// };
    /// assert!(mean(&larger) < mean(&as_it_was));
    /// # Ok::<(), SimError>(())
    /// ```
    ///
    /// # Errors
    /// [`SimError::Change`] with every value that is out of its range; nothing is changed then.
    pub fn change<E: Entity, P: Changes<E>>(
        &mut self,
        node: impl Fn(&mut T) -> &mut Node<E>,
        parameters: impl Fn(E::Parameters) -> P,
    ) -> Result<(), SimError> {
        let count = node(self).replicas.len();
        self.change_each(node, 0..count, parameters)
    }

    /// As [`change`](Self::change), for one replica of a node.
    ///
    /// # Errors
    /// As [`change`](Self::change).
    ///
    /// # Panics
    /// When there is no such replica.
    pub fn change_replica<E: Entity, P: Changes<E>>(
        &mut self,
        node: impl Fn(&mut T) -> &mut Node<E>,
        replica: usize,
        parameters: impl Fn(E::Parameters) -> P,
    ) -> Result<(), SimError> {
        let count = node(self).replicas.len();
        assert!(replica < count, "there is no replica {replica} among {count}");
        self.change_each(node, replica..replica + 1, parameters)
    }

    fn change_each<E: Entity, P: Changes<E>>(
        &mut self,
        node: impl Fn(&mut T) -> &mut Node<E>,
        replicas: core::ops::Range<usize>,
        parameters: impl Fn(E::Parameters) -> P,
    ) -> Result<(), SimError> {
        let index = node(self).index;
        let info = &self.core().nodes[usize::from(index)];
        let path = |replica| match info.replicas {
            Some(_) => format!("{}[{replica}]", info.path),
            None => info.path.to_owned(),
        };
        let paths: Vec<String> = replicas.clone().map(path).collect();
        let mut changes: Vec<P> =
            replicas.clone().map(|_| parameters(E::no_parameters())).collect();
        let lanes = |port: &str| self.topology().lanes(index, port);
        let refused = paths.iter().zip(&mut changes).flat_map(|(path, changes)| {
            let mut errors = changes.refused();
            errors.extend(changes.refused_by_lanes(&lanes));
            build_errors(path, errors)
        });
        let refused: Vec<_> = refused.collect();
        if !refused.is_empty() {
            return Err(SimError::Change(refused));
        }
        // The core leaves the topology for that long: both are needed.
        let mut core = mem::take(self.core_mut());
        for ((changes, replica), path) in changes.into_iter().zip(replicas).zip(&paths) {
            changes.apply(&mut node(self).replicas[replica], &mut Binder::new(&mut core, path));
        }
        *self.core_mut() = core;
        // Some stations may be new.
        let timed = self.is_timed();
        self.set_timed(timed);
        Ok(())
    }
}
