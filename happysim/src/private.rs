//! What generated code names. Not part of the public interface: it changes with any release.

pub use crate::engine::dropped::{CallKey, Collecting, Dropped};
pub use crate::engine::wake::{TaskId, Token, Wake};
pub use crate::model::bind::{BindFallback, Bindable, Binder, Part};
pub use crate::model::call::CallTable;
pub use crate::model::context::{Context, Wire};
pub use crate::model::core::{Core, NodeInfo, Place};
pub use crate::model::entity::{
    Attach, Behave, Entity, EntityParts, Field, Handler, HasPort, Name, Node, PortInfo, PortKind,
    Receive, Shape, SoleHandler, SolePort, Target, Unwired,
};
pub use crate::model::held::{Held, HeldCheck, HeldFallback};
pub use crate::model::machine::{Advance, Machine, MachineInfo, MachineKind, StateInfo};
pub use crate::model::message::{Envelope, ReplyTo};
pub use crate::model::metrics::{Observable, ObserveFallback, Observer};
pub use crate::model::parameter::{
    Given, InRange, IntoParameter, InvalidValue, Missing, Parameter, ParameterError,
};
pub use crate::model::port::Port;
pub use crate::model::mailbox::Mailbox;
pub use crate::model::simulation::{Topology, Visitor, build_errors};
pub use crate::model::step::{
    Begun, Complete, Granted, Repoll, Step, StepOutput, Success, Timed, Wait, step,
};
pub use crate::model::task::{LiveTask, Slab, Started, TaskStore};
pub use crate::report::{BuildError, NodeKind};
pub use crate::stats::{HandlerStatistics, PortStats};
