//! The stand-ins for what a topology names and nobody has. They exist while types are checked;
//! no topology with one of them is ever compiled to the end.

use core::convert::Infallible;
use core::fmt;
use core::marker::PhantomData;

use super::super::bind::Binder;
use super::super::call_table::CallTable;
use super::super::context::{Context, Wire};
use super::super::core::Core;
use super::super::entity::{
    Attach, Behave, Entity, EntityParts, Handler, LeadsTo, Name, Node, OfModel, ParameterInfo,
    PortInfo, Receive, Target,
};
use super::super::machine::{Machine, MachineInfo, MachineKind};
use super::super::message::Envelope;
use super::super::metrics::Observer;
use super::super::outcome::Outcome;
use super::super::parameter::ParameterError;
use super::super::port::Port;
use super::super::replicas::Replicas;
use super::super::step::{Success, Wait};
use super::super::task::{Answer, LiveTask, Started, TaskStore};
use crate::engine::wake::{TaskId, Wake};
use crate::stats::HandlerStatistics;
use crate::time::{Clock, Instant};

/// Message and reply of what does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unknown;

impl Success for Unknown {
    type Value = Self;
}

#[allow(clippy::copy_iterator, reason = "there is nothing in it that a copy could miss")]
impl Iterator for Unknown {
    type Item = Self;

    fn next(&mut self) -> Option<Self> {
        None
    }
}

/// What stands for a parameter of a topology while its nodes are asked what they have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Something;

/// What a relay stands in front of while it is not known: in front of nothing, or of that to which
/// the arrow from another of its ports leads.
#[derive(Clone, Copy, Debug)]
pub struct Anything;

impl Target for Anything {
    type Request = Unknown;
    type Reply = Unknown;
}

impl<const PORT: u64> LeadsTo<PORT> for Anything {
    type Target = Self;
}

/// A port that does not exist, on the wire with this number.
#[derive(Clone, Copy, Debug)]
pub struct NoPort<const WIRE: u16>;

impl<const WIRE: u16> Port for NoPort<WIRE> {
    type Message = Unknown;
    type Reply = Unknown;
    type Key = Name<0>;
    const NAME: &'static str = "";
    const ENTITY: &'static str = "";
}

/// The name of a handler that does not exist. Every entity has it.
#[derive(Clone, Copy, Debug)]
pub struct NoHandler;

/// The tasks of a handler that does not exist: none.
pub struct NoMachine<E> {
    never: Infallible,
    entity: PhantomData<fn(E)>,
}

impl<E> Clone for NoMachine<E> {
    fn clone(&self) -> Self {
        match self.never {}
    }
}

impl<E> fmt::Debug for NoMachine<E> {
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.never {}
    }
}

/// Nothing of what does not exist is ever run.
pub(super) fn never() -> ! {
    unreachable!("a topology that names what does not exist is not compiled")
}

impl<E: Entity> Machine for NoMachine<E> {
    type Entity = E;
    type Output = Outcome<Unknown>;
    const INFO: &'static MachineInfo =
        &MachineInfo { name: "", kind: MachineKind::Handler, states: &[], diagram: "" };

    fn finished() -> Self {
        never()
    }

    fn state(&self) -> usize {
        match self.never {}
    }

    fn wait(&self) -> Option<&Wait> {
        match self.never {}
    }
}

impl<E: Entity> Handler<NoHandler> for E {
    type Request = Unknown;
    type Reply = Unknown;
    type State = NoMachine<E>;
    const MACHINE: u8 = u8::MAX;
    const LABEL: &'static str = "";

    fn answer(_: Self::Answers) -> Option<Answer<Unknown>> {
        never()
    }
}

impl<C: Context, E: Behave<C>> Receive<NoHandler, C> for E {
    fn receive(_: &mut Node<Self>, _: &mut C, _: Wake, _: Envelope<Unknown>) -> Started<Unknown> {
        never()
    }
}

/// An entity that does not exist: a node has a type that is none.
#[derive(Clone, Copy, Debug)]
pub struct NoEntity;

/// The parameters of what does not exist.
#[derive(Clone, Copy, Debug)]
pub struct NoParameters;

impl NoEntity {
    /// None.
    pub fn parameters() -> NoParameters {
        NoParameters
    }
}

impl EntityParts for NoEntity {
    type Declared = OfModel;
    type Parameters = NoParameters;
    const NAME: &'static str = "";
    const PORTS: &'static [PortInfo] = &[];
    const PARAMETERS: &'static [ParameterInfo] = &[];
    const IS_RELAY: bool = false;
    const SHARED: &'static [&'static str] = &[];

    fn no_parameters() -> NoParameters {
        NoParameters
    }

    fn bind(&mut self, _: &mut Binder<'_>) {}

    fn observe(&self, _: &mut Observer) {}

    fn reset_metrics(&mut self, _: Instant) {}
}

impl Entity for NoEntity {
    type Tasks = NoTasks;
    type Spawns = ();
    type Answers = ();
    const MACHINES: &'static [&'static MachineInfo] = &[];
}

impl<C: Context> Behave<C> for NoEntity {
    fn launch(_: &mut Node<Self>, _: &mut C, _: u32) {}

    fn resume(_: &mut Node<Self>, _: &mut C, _: Wake) -> Option<()> {
        never()
    }

    fn discard(_: &mut Node<Self>, _: &mut C, _: TaskId) {}
}

/// The tasks of an entity that does not exist: none.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoTasks;

impl TaskStore for NoTasks {
    fn set_replicas(&mut self, _: usize) {}

    fn set_timed(&mut self, _: bool) {}

    fn reset_stats(&mut self, _: Instant) {}

    fn glance(&self, _: u8, _: u32) -> usize {
        0
    }

    fn waits(&self, _: u8, _: u32, _: u32) -> bool {
        false
    }

    fn for_each_live(&self, _: &mut impl FnMut(LiveTask<'_>)) {}

    fn find(&self, _: u8, _: u32) -> Option<LiveTask<'_>> {
        None
    }

    fn for_each_handler(&self, _: &mut impl FnMut(&'static str, &Replicas<HandlerStatistics>)) {}
}

/// The context of a node whose ports are not all wired: any port has a wire in it.
#[derive(Debug)]
pub struct NoContext<'a> {
    core: &'a mut Core,
}

impl<'a> NoContext<'a> {
    /// In place of the topology's own context.
    pub fn new<W>(core: &'a mut Core, _wires: &'a mut W) -> Self {
        Self { core }
    }
}

impl Clock for NoContext<'_> {
    fn now(&self) -> Instant {
        self.core.scheduler.now()
    }
}

impl Context for NoContext<'_> {
    fn core(&mut self) -> &mut Core {
        self.core
    }

    fn shared(&self) -> &Core {
        self.core
    }
}

impl<P: Port> Wire<P> for NoContext<'_> {
    fn lanes(&self) -> usize {
        never()
    }

    fn number(&self) -> u16 {
        never()
    }

    fn table(&mut self) -> &mut CallTable<P::Reply> {
        never()
    }

    fn deliver(&mut self, _: Envelope<P::Message>) {
        never()
    }
}

/// A field of an entity to which a shared object is attached, unless there is no such field.
#[derive(Debug)]
pub struct SharedField<'a, E, const NAME: u64>(pub &'a mut E);

impl<E: Attach<NAME>, const NAME: u64> SharedField<'_, E, NAME> {
    /// Makes the field an alias of `shared`.
    pub fn attach(self, shared: &E::Shared) {
        self.0.attach(shared);
    }
}

/// For a [`SharedField`] that does not exist.
pub trait NoField: Sized {
    /// Attaches nothing.
    fn attach<S>(self, _shared: &S) {
        never()
    }
}

impl<E, const NAME: u64> NoField for SharedField<'_, E, NAME> {}

/// The parameters that builders have beside those of the fields, where they do not say so
/// themselves: none.
pub trait NoFurther {
    /// None.
    const FURTHER: &'static [&'static str] = &[];
}

impl<T> NoFurther for T {}

/// Builds nothing of parameters that are not complete.
pub trait NoBuild: Sized {
    /// In place of the builder's own.
    fn __build<E>(self) -> Result<E, Vec<ParameterError>> {
        never()
    }
}

impl<T> NoBuild for T {}
