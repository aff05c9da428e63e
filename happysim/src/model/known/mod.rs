//! Look-ups of what the user named in a topology. A name that does not exist is told once, by a
//! check at that name ([`check`]); every look-up of it finds a stand-in ([`absent`]), so that
//! nothing else fails.
//!
//! Whether a name exists is a constant: [`Ask`] has it as an inherent constant where the entity
//! has what is asked for, and by [`Otherwise`] where it has not. [`Known`] carries that constant
//! into the choice of a type.

pub mod absent;
pub mod check;
pub mod computed;
pub mod fit;
pub mod handed;
pub mod no_bounds;
pub mod relays;
pub mod shared;
mod text;
pub mod unit;

use core::marker::PhantomData;

use super::call::Handle;
use super::context::Context;
use super::entity::{
    Entity, EntityParts, Field, Handler, HasPort, LeadsTo, Name, Shape, SoleHandler, SolePort,
    Target,
};
use super::port::Port;
use super::step::StepOutput;
use absent::{NoContext, NoEntity, NoHandler, NoPort, Unknown};

/// What is asked of an entity, a name or a pair of types.
#[derive(Clone, Copy, Debug)]
pub struct Ask<T>(PhantomData<T>);

impl<E: HasPort<NAME>, const NAME: u64> Ask<(E, Name<NAME>)> {
    /// The entity has a port of this name.
    pub const HAS_PORT: bool = true;
}

impl<E: SolePort> Ask<E> {
    /// The entity has one port.
    pub const HAS_SOLE_PORT: bool = true;
}

impl<E: Handler<N>, N> Ask<(E, N)> {
    /// The entity has a handler of this name.
    pub const HAS_HANDLER: bool = true;
}

impl<E: SoleHandler> Ask<E> {
    /// The entity has one handler, or a main one.
    pub const HAS_SOLE_HANDLER: bool = true;
}

impl<E: Field<NAME>, const NAME: u64> Ask<(E, Name<NAME>)> {
    /// The entity has a field of this name.
    pub const HAS_FIELD: bool = true;
}

impl<E: Field<NAME>, const NAME: u64, M> Ask<(E, Name<NAME>, M)>
where
    E::Type: StepOutput<M>,
{
    /// The entity has a field of this name, of which the method is a step.
    pub const HAS_STEP: bool = true;
}

impl<E: Shape<T>, T> Ask<(E, T)>
where
    E::Entity: Entity,
{
    /// The type is that of an entity.
    pub const IS_ENTITY: bool = true;
}

impl<E: EntityParts> Ask<E> {
    /// The entity passes on whatever its target takes.
    pub const IS_RELAY: bool = E::IS_RELAY;
}

impl<T> Ask<(T, T)> {
    /// The two types are one.
    pub const ARE_SAME: bool = true;
}

/// The answer where [`Ask`] has none of its own.
pub trait Otherwise {
    /// No.
    const HAS_PORT: bool = false;
    /// No.
    const HAS_SOLE_PORT: bool = false;
    /// No.
    const HAS_HANDLER: bool = false;
    /// No.
    const HAS_SOLE_HANDLER: bool = false;
    /// No.
    const HAS_SHARED: bool = false;
    /// No.
    const IS_PART: bool = false;
    /// No.
    const CONVERTS: bool = false;
    /// No.
    const HAS_DEFAULT: bool = false;
    /// No.
    const HAS_FIELD: bool = false;
    /// No.
    const HAS_STEP: bool = false;
    /// No.
    const COMPUTES: bool = false;
    /// No.
    const ITERATES: bool = false;
    /// No.
    const IS_ENTITY: bool = false;
    /// No.
    const IS_RELAY: bool = false;
    /// No.
    const ARE_SAME: bool = false;
}

impl<T> Otherwise for Ask<T> {}

/// Whether something exists, as a type.
#[derive(Clone, Copy, Debug)]
pub struct Known<const YES: bool>;

/// What a [`Known`] says.
pub trait Answer {
    /// Whether it exists.
    const YES: bool;
}

impl<const YES: bool> Answer for Known<YES> {
    const YES: bool = YES;
}

/// The type itself: a path that begins and ends where the arrow does, over which it goes.
pub type Carried<T> = T;

/// One of two types.
pub trait Choose<A, B> {
    /// The first where it is known, else the second.
    type Type;
}

impl<A, B> Choose<A, B> for Known<true> {
    type Type = A;
}

impl<A, B> Choose<A, B> for Known<false> {
    type Type = B;
}

/// The entity behind a type in front of a target.
pub trait EntityOf<E, T> {
    /// [`NoEntity`] where there is none.
    type Entity: Entity;
}

impl<E: Shape<T>, T> EntityOf<E, T> for Known<true>
where
    E::Entity: Entity,
{
    type Entity = E::Entity;
}

impl<E, T> EntityOf<E, T> for Known<false> {
    type Entity = NoEntity;
}

/// The port behind the name with this hash, on the wire with this number.
pub trait PortOf<E, const NAME: u64, const WIRE: u16> {
    /// [`NoPort`] where there is none.
    type Port: Port;
}

impl<E: HasPort<NAME>, const NAME: u64, const WIRE: u16> PortOf<E, NAME, WIRE> for Known<true> {
    type Port = E::Port;
}

impl<E, const NAME: u64, const WIRE: u16> PortOf<E, NAME, WIRE> for Known<false> {
    type Port = NoPort<WIRE>;
}

/// The only port of an entity, on the wire with this number.
pub trait SolePortOf<E, const WIRE: u16> {
    /// [`NoPort`] where there is none, or more than one.
    type Port: Port;
}

impl<E: SolePort, const WIRE: u16> SolePortOf<E, WIRE> for Known<true> {
    type Port = E::Port;
}

impl<E, const WIRE: u16> SolePortOf<E, WIRE> for Known<false> {
    type Port = NoPort<WIRE>;
}

/// What an arrow leads to, resolved only when a relay in front of it asks: nodes that call each
/// other in a circle must not ask for each other's types otherwise.
pub trait Leads {
    /// The node's entity.
    type Entity: Handler<Self::Handler>;
    /// The handler's name, or [`NoHandler`].
    type Handler;
}

/// The [`Target`] that `L` leads to.
#[derive(Clone, Copy, Debug)]
pub struct TargetOf<L>(PhantomData<fn(L)>);

impl<L: Leads> Target for TargetOf<L> {
    type Request = <L::Entity as Handler<L::Handler>>::Request;
    type Reply = <L::Entity as Handler<L::Handler>>::Reply;
}

impl<L: Leads, const PORT: u64> LeadsTo<PORT> for TargetOf<L> {
    type Target = Self;
}

/// The name of a handler.
pub trait HandlerOf<N> {
    /// [`NoHandler`] where the entity has none of that name.
    type Name;
}

impl<N> HandlerOf<N> for Known<true> {
    type Name = N;
}

impl<N> HandlerOf<N> for Known<false> {
    type Name = NoHandler;
}

/// The name of an entity's only handler.
pub trait SoleHandlerOf<E> {
    /// [`NoHandler`] where there is none, or more than one.
    type Name;
}

impl<E: SoleHandler> SoleHandlerOf<E> for Known<true> {
    type Name = E::Name;
}

impl<E> SoleHandlerOf<E> for Known<false> {
    type Name = NoHandler;
}

/// The type of the field behind the name with this hash.
pub trait FieldOf<E, const NAME: u64> {
    /// [`Unknown`] where there is none.
    type Type;
}

impl<E: Field<NAME>, const NAME: u64> FieldOf<E, NAME> for Known<true> {
    type Type = E::Type;
}

impl<E, const NAME: u64> FieldOf<E, NAME> for Known<false> {
    type Type = Unknown;
}

/// What the step method `M` of that field yields.
pub trait StepOf<E, const NAME: u64, M> {
    /// [`Unknown`] where there is no such field, or where the method is no step of it.
    type Output;
}

impl<E: Field<NAME>, const NAME: u64, M> StepOf<E, NAME, M> for Known<true>
where
    E::Type: StepOutput<M>,
{
    type Output = <E::Type as StepOutput<M>>::Output;
}

impl<E, const NAME: u64, M> StepOf<E, NAME, M> for Known<false> {
    type Output = Unknown;
}

/// What `start` gives of that field.
pub trait StartedOf<E, const NAME: u64> {
    /// [`Unknown`] where the entity has no such port: it may have a field with a method of that name.
    type Handle;
}

impl<E: HasPort<NAME>, const NAME: u64> StartedOf<E, NAME> for Known<true> {
    type Handle = Handle<E::Port>;
}

impl<E, const NAME: u64> StartedOf<E, NAME> for Known<false> {
    type Handle = Unknown;
}

/// The context of a node, all of whose ports are wired.
pub trait ContextOf<'a, C: Context + 'a> {
    /// [`NoContext`] where a port is not.
    type Context: Context + 'a;
}

impl<'a, C: Context + 'a> ContextOf<'a, C> for Known<true> {
    type Context = C;
}

impl<'a, C: Context + 'a> ContextOf<'a, C> for Known<false> {
    type Context = NoContext<'a>;
}

/// Hands over a message or a reply from one side of an arrow to the other.
#[diagnostic::on_unimplemented(
    message = "a `{A}` cannot be handed over where a `{B}` is expected",
    label = "the types of the two sides differ"
)]
pub trait Pass<A, B> {
    /// The value as it is.
    fn pass(value: A) -> B;
}

#[diagnostic::do_not_recommend]
impl<T> Pass<T, T> for Known<true> {
    #[inline]
    fn pass(value: T) -> T {
        value
    }
}

impl<A, B> Pass<A, B> for Known<false> {
    fn pass(_value: A) -> B {
        unreachable!("a topology whose types do not fit together is not compiled")
    }
}
