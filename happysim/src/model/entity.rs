//! Entities: what `#[entity]` makes of a struct and its `impl` block.

use core::fmt::Debug;
use core::marker::PhantomData;

use super::bind::Binder;
use super::context::Context;
use super::machine::{Machine, MachineInfo};
use super::message::{Envelope, Message};
use super::metrics::Observer;
use super::outcome::Outcome;
use super::parameter::ParameterError;
use super::port::Port;
use super::replicas::Replicas;
use super::task::{Answer, Started, TaskStore};
use crate::engine::wake::{TaskId, Wake};
use crate::time::Instant;

/// Whether a port waits for replies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortKind {
    /// `Call<Request, Reply>`.
    Call,
    /// `Send<Message>`.
    Send,
}

/// A port, for reports and drawings.
#[derive(Clone, Copy, Debug)]
pub struct PortInfo {
    /// The field's name.
    pub name: &'static str,
    /// Whether it waits for replies.
    pub kind: PortKind,
    /// The message's type, as written.
    pub message: &'static str,
    /// The reply's type, as written.
    pub reply: &'static str,
}

/// A parameter of an entity, for the checks of a topology.
#[derive(Clone, Copy, Debug)]
pub struct ParameterInfo {
    /// The field's name.
    pub name: &'static str,
    /// Its type as written.
    pub ty: &'static str,
    /// Whether it must be given: it has no default.
    pub is_required: bool,
}

/// A type whose struct has `#[entity]`: what the block asks for, in place of [`EntityParts`], whose
/// implementations rustc would list.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no entity: `#[entity]` is missing above its struct",
    label = "write `#[entity]` above the declaration of `{Self}`, too"
)]
pub trait HasAttribute {
    /// By whom the struct is declared.
    type Declared;
}

#[diagnostic::do_not_recommend]
impl<E: EntityParts> HasAttribute for E {
    type Declared = E::Declared;
}

/// By whom an entity `E` is declared, if its block may be a model's.
#[diagnostic::on_unimplemented(
    message = "`{E}` is a component of the library, which has its `#[entity] impl` block already",
    label = "declare a struct of your own with `#[entity]`, and write this block for it"
)]
pub trait ByModel<E> {
    /// Nothing; to ask for it in a type.
    type Asked;
}

/// What a model declares.
#[derive(Clone, Copy, Debug)]
pub struct OfModel;

#[diagnostic::do_not_recommend]
impl<E> ByModel<E> for OfModel {
    type Asked = ();
}

/// What the library declares.
#[derive(Clone, Copy, Debug)]
pub struct OfTheLibrary;

/// What the struct says.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no entity: `#[entity]` is missing above its struct",
    label = "write `#[entity]` above the declaration of `{Self}`, too"
)]
pub trait EntityParts: Sized {
    /// The builder of its parameters, to which none was given yet.
    type Parameters;
    /// [`OfModel`] or [`OfTheLibrary`].
    type Declared;
    /// The entity's name.
    const NAME: &'static str;
    /// Its ports.
    const PORTS: &'static [PortInfo];
    /// Its parameters.
    const PARAMETERS: &'static [ParameterInfo];
    /// Whether it passes on the requests of others.
    const IS_RELAY: bool;
    /// Its fields for shared synchronisation objects.
    const SHARED: &'static [&'static str];
    /// Parameters, none of which is given yet.
    fn no_parameters() -> Self::Parameters;
    /// What is wrong with the parameters that name lanes, where each port has so many.
    fn refused_by_lanes(&self, lanes: &dyn Fn(&str) -> usize) -> Vec<ParameterError> {
        let _ = lanes;
        Vec::new()
    }
    /// Gives its fields their random streams and places in the core.
    fn bind(&mut self, binder: &mut Binder<'_>);
    /// Publishes what its fields publish.
    fn observe(&self, observer: &mut Observer);
    /// Starts what its fields publish anew: the end of a warm-up.
    fn reset_metrics(&mut self, now: Instant);
}

/// What the `impl` block says.
pub trait Entity: EntityParts + Clone + Debug {
    /// The tasks of all its machines.
    type Tasks: TaskStore + Clone + Debug + Default;
    /// Tasks that are spawned during a step and start after it.
    type Spawns: Clone + Debug + Default;
    /// The answer of any of its handlers: an [`Answer`], or an enum of several.
    type Answers;
    /// Its machines, by index.
    const MACHINES: &'static [&'static MachineInfo];
}

/// The port behind the field whose name has this hash.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no port of this name",
    label = "no such port"
)]
pub trait HasPort<const NAME: u64> {
    /// Its marker type.
    type Port: Port;
}

/// The type of the field whose name has this hash.
pub trait Field<const NAME: u64> {
    /// As in the generated struct.
    type Type;
    /// What it is given as: of a function that there may not be, the function.
    type Given;
}

/// The handler with the name `N`, a [`Name`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no handler of this name",
    label = "no such handler"
)]
pub trait Handler<N>: Entity {
    /// What it receives.
    type Request: Message;
    /// What it returns when all goes well.
    type Reply: Message;
    /// The state of its tasks.
    type State: Machine<Entity = Self, Output = Outcome<Self::Reply>>;
    /// Its index among the entity's machines.
    const MACHINE: u8;
    /// Its name.
    const LABEL: &'static str;
    /// Its answer, if `answers` is one of it.
    fn answer(answers: Self::Answers) -> Option<Answer<Self::Reply>>;
}

/// The handler that is addressed by the node's name alone: the only one, or the one of several
/// that is marked `#[handler(main)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has several handlers",
    label = "say which one: `-> node.handler`"
)]
pub trait SoleHandler: Entity {
    /// The hash of its name, a [`Name`].
    type Name;
}

/// The name of a handler as a type: its FNV-1a hash.
#[derive(Clone, Copy, Debug)]
pub struct Name<const HASH: u64>;

/// The entity has one port only, which is addressed by the node's name alone.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not have exactly one port",
    label = "say which port: `node.port -> ...`"
)]
pub trait SolePort {
    /// Its marker type.
    type Port: Port;
}

/// An entity that can run in a context `C`: all its ports are wired there.
pub trait Behave<C: Context>: Entity {
    /// Starts the processes and background work of a replica.
    fn launch(node: &mut Node<Self>, cx: &mut C, replica: u32);
    /// Resumes a task; the answer of its handler, if it has come to its end.
    fn resume(node: &mut Node<Self>, cx: &mut C, wake: Wake) -> Option<Self::Answers>;
    /// Drops a task as cancelled.
    fn discard(node: &mut Node<Self>, cx: &mut C, task: TaskId);
}

/// An entity whose handler of this name can run in a context `C`.
pub trait Receive<N, C: Context>: Handler<N> + Behave<C> {
    /// Starts a task for a message, on the handler at the address `machine`.
    fn receive(
        node: &mut Node<Self>,
        cx: &mut C,
        machine: Wake,
        envelope: Envelope<Self::Request>,
    ) -> Started<Self::Reply>;
}

/// A field for a shared synchronisation object.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no `#[shared]` field of this name",
    label = "no such field"
)]
pub trait Attach<const NAME: u64> {
    /// The field's type.
    type Shared;
    /// Makes the field an alias of `shared`.
    fn attach(&mut self, shared: &Self::Shared);
}

/// A node of a topology: its replicas and their tasks.
#[derive(Clone, Debug)]
pub struct Node<E: Entity> {
    /// Its index.
    pub(super) index: u16,
    /// The entity, once for each replica.
    pub replicas: Replicas<E>,
    /// The tasks of all replicas.
    pub tasks: E::Tasks,
    /// Tasks that start after the current step.
    pub spawns: E::Spawns,
}

impl<E: Entity> Node<E> {
    /// The node number `index`, with these replicas: `None` without any.
    pub fn new(index: u16, replicas: Vec<E>) -> Option<Self> {
        let mut tasks = E::Tasks::default();
        tasks.set_replicas(replicas.len());
        let replicas = Replicas::new(replicas)?;
        Some(Self { index, replicas, tasks, spawns: E::Spawns::default() })
    }

    /// The address of its machine with this index.
    #[inline]
    pub fn machine(&self, index: u8) -> Wake {
        Wake::of(self.index, index)
    }

    /// Forgets the statistics of the warm-up.
    pub fn reset_stats(&mut self, now: Instant) {
        self.tasks.reset_stats(now);
        self.replicas.iter_mut().for_each(|entity| entity.reset_metrics(now));
    }
}

/// A relay before its message types are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unwired;

/// What an arrow leads to, as a type.
pub trait Target {
    /// What it receives.
    type Request: Message;
    /// What it returns.
    type Reply: Message;
}

/// A node of a topology as a type.
pub trait NodeSpec {
    /// Its entity.
    type Entity: Entity;
    /// Its index.
    const INDEX: u16;
}

/// The handler with the name `H` of node `N`.
#[derive(Clone, Copy, Debug)]
pub struct Entry<N, H>(PhantomData<fn(N, H)>);

impl<N: NodeSpec, H> Target for Entry<N, H>
where
    N::Entity: Handler<H>,
{
    type Request = <N::Entity as Handler<H>>::Request;
    type Reply = <N::Entity as Handler<H>>::Reply;
}

/// The only handler of node `N`.
#[derive(Clone, Copy, Debug)]
pub struct SoleEntry<N>(PhantomData<fn(N)>);

impl<N: NodeSpec> Target for SoleEntry<N>
where
    N::Entity: SoleHandler + Handler<<N::Entity as SoleHandler>::Name>,
{
    type Request = <N::Entity as Handler<<N::Entity as SoleHandler>::Name>>::Request;
    type Reply = <N::Entity as Handler<<N::Entity as SoleHandler>::Name>>::Reply;
}

/// Where the port whose name has the hash `PORT` leads to: what a [`Target`] itself is, whatever
/// the port, for a node with one arrow only; a node with several says it for each.
#[diagnostic::on_unimplemented(
    message = "the port that says what this relay carries has no arrow",
    label = "add an arrow from it",
    note = "it is the first port that is declared with the relay's own request and reply"
)]
pub trait LeadsTo<const PORT: u64> {
    /// The target.
    type Target: Target;
}

impl<N, H, const PORT: u64> LeadsTo<PORT> for Entry<N, H>
where
    Self: Target,
{
    type Target = Self;
}

impl<N, const PORT: u64> LeadsTo<PORT> for SoleEntry<N>
where
    Self: Target,
{
    type Target = Self;
}

/// The entity that a type names when it stands in front of `T`, a [`Target`] or the node's marker
/// with what each port [`LeadsTo`]: relays (links,
/// balancers, wrappers) carry the messages of their target, all others are what they are.
pub trait Shape<T> {
    /// The entity.
    type Entity;
}
