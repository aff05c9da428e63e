//! State machines: what `#[entity]` makes of the `async fn`s of an entity.

use core::fmt::Debug;
use core::task::Poll;

use super::entity::Entity;
use super::step::Wait;

/// What an `async fn` of an entity is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MachineKind {
    /// Started by a message.
    Handler,
    /// Started with the simulation, which it keeps alive.
    Process,
    /// Started with the simulation, which it does not keep alive.
    Background,
    /// Called or spawned by another.
    Helper,
}

/// A state of a machine: a step that it waits at.
#[derive(Clone, Copy, Debug)]
pub struct StateInfo {
    /// The variant's name.
    pub name: &'static str,
    /// The awaited expression.
    pub step: &'static str,
    /// Its line in the source file.
    pub line: u32,
}

/// A machine, for reports and drawings.
#[derive(Clone, Copy, Debug)]
pub struct MachineInfo {
    /// The function's name.
    pub name: &'static str,
    /// What it is there for.
    pub kind: MachineKind,
    /// Its states.
    pub states: &'static [StateInfo],
    /// Its states and transitions as a Mermaid state diagram.
    pub diagram: &'static str,
}

impl MachineInfo {
    /// The state of this number, from 1 on; `None` for the start and the end.
    pub fn state(&self, number: usize) -> Option<&'static StateInfo> {
        self.states.get(number.checked_sub(1)?)
    }
}

/// The drawing of one `async fn` of an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateDiagram {
    /// The entity's name.
    pub entity: &'static str,
    /// The function's name.
    pub function: &'static str,
    /// Its steps as the states of a Mermaid `stateDiagram-v2`.
    pub mermaid: &'static str,
}

/// What an entity's `async fn`s were made into, as drawings.
pub trait StateDiagrams {
    /// One drawing for each `async fn` of the `impl` block, in its order.
    fn state_diagrams() -> Vec<StateDiagram>;
}

impl<E: Entity> StateDiagrams for E {
    fn state_diagrams() -> Vec<StateDiagram> {
        let draw = |machine: &&MachineInfo| StateDiagram {
            entity: E::NAME,
            function: machine.name,
            mermaid: machine.diagram,
        };
        E::MACHINES.iter().map(draw).collect()
    }
}

/// The state of a task: an enum with a variant for each step.
pub trait Machine: Clone + Debug {
    /// The entity whose function it is.
    type Entity: Entity;
    /// What the function returns.
    type Output;
    /// Its description.
    const INFO: &'static MachineInfo;

    /// The state of an empty slot.
    fn finished() -> Self;
    /// The number of the current state: 0 before the first, as [`MachineInfo::state`] counts.
    fn state(&self) -> usize;
    /// What it waits for.
    fn wait(&self) -> Option<&Wait>;
}

/// A machine that can run in a context `C`.
pub trait Advance<C>: Machine {
    /// Runs from `from` to the next step, whose state is stored in `state`, or to the end.
    ///
    /// The state comes by value: of one that is new, the start, the compiler then sees what it is.
    fn advance(
        from: Self,
        state: &mut Self,
        entity: &mut Self::Entity,
        cx: &mut C,
        spawns: &mut <Self::Entity as Entity>::Spawns,
    ) -> Poll<Self::Output>;
}
