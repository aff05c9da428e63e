//! What generated code names. Not part of the public interface: it changes with any release.

pub use crate::distribution::InvalidDistribution;
pub use crate::engine::dropped::Collecting;
pub use crate::engine::keys::CallKey;
pub use crate::engine::wake::{Due, TaskId, Token, Wake};
pub use crate::model::bind::{BindFallback, Bindable, Binder, Part};
pub use crate::model::call_table::CallTable;
pub use crate::model::change::Changes;
pub use crate::model::checked::{CheckFallback, Checkable, Checked, NamesLanes, check_lanes};
pub use crate::model::context::{Context, Wire};
pub use crate::model::core::{Core, NodeInfo, Place};
pub use crate::model::entity::{
    Attach, Behave, ByModel, Entity, EntityParts, Entry, Field, Handler, HasAttribute, HasPort,
    LeadsTo, Name, Node, NodeSpec, OfModel, OfTheLibrary, ParameterInfo, PortInfo, PortKind,
    Receive, Shape, SoleEntry, SoleHandler, SolePort, Target, Unwired,
};
pub use crate::model::held::{
    Held, HeldCheck, HeldFallback, HeldPartsFallback, PartCheck, PartFallback, PartIsHeld,
};
pub use crate::model::kept::kept_as;
pub use crate::model::known::absent::{
    Anything, NoBuild, NoField, NoFurther, NoHandler, SharedField, Something, Unknown,
};
pub use crate::model::known::check::{
    check_entity, check_given, check_handler, check_idle, check_one_way, check_parameter,
    check_port, check_several_ports, check_shared, check_sole_handler, check_sole_port,
    check_time_of_codel, check_wired, is_known, is_one_way_to_answer, is_wired, refuse,
};
pub use crate::model::known::computed::{Computed, Iterated, IterationOf, operator};
pub use crate::model::known::fit::{Fit, check_fits, check_literal, written_type};
pub use crate::model::known::handed::{
    NoStepEnd, Restored, RestoredAsIs, StepEnd, Stored, StoredAsIs,
};
pub use crate::model::known::no_bounds;
pub use crate::model::known::relays::{Only, Way, check_relays, closes};
pub use crate::model::known::shared::{
    ByDefault, NoDefault, NoPart, SharedObject, SharedOf, bind_shared, check_default,
    check_shareable,
};
pub use crate::model::known::unit::{Unitless, Unmeasured, check_plain, is_measured, is_plain};
pub use crate::model::known::{
    Answer as Knows, Ask, Carried, Choose, ContextOf, EntityOf, FieldOf, HandlerOf, Known, Leads,
    Otherwise, Pass, PortOf, SoleHandlerOf, SolePortOf, StartedOf, StepOf, TargetOf,
};
pub use crate::model::library::{CallsAtOnce, HandsOn, OfLibrary};
pub use crate::model::machine::{
    Advance, Machine, MachineInfo, MachineKind, StateDiagram, StateDiagrams, StateInfo,
};
pub use crate::model::mailbox::Mailbox;
pub use crate::model::message::{Envelope, ReplyTo, Sent, is_message};
pub use crate::model::metrics::{Observable, ObserveFallback, Observer, ResetFallback, Resettable};
pub use crate::model::parameter::{
    AnyValue, Given, InRange, IntoParameter, InvalidValue, Limits, Missing, Parameter,
    ParameterError, TypeLimits, check_range,
};
pub use crate::model::port::Port;
pub use crate::model::replicas::Replicas;
pub use crate::model::simulation::{AskTable, Topology, Visitor, build_errors};
pub use crate::model::step::{
    Begun, Complete, Granted, Repoll, Step, StepOutput, Success, Timed, Wait, disown, fall_asleep,
    step, suspend,
};
pub use crate::model::task::{Answer, LiveTask, Slab, Started, Surroundings, TaskStore};
pub use crate::model::unbegun::{MaybeStep, NoStep};
pub use crate::report::{BuildError, NodeKind};
pub use crate::stats::{HandlerStatistics, PortStats};

use crate::model::outcome::{Failure, Outcome};

/// Runs a part of a function as a function of its own: what the compiler spends on one grows faster than its
/// length.
#[inline(never)]
pub fn apart<T>(part: impl FnOnce() -> T) -> T {
    part()
}

/// The default of a type that has many fields, in a function of its own.
#[inline(never)]
pub fn fresh<T: Default>() -> T {
    T::default()
}

/// A value of any type, in code that stands for what has mistakes and is never run.
///
/// # Panics
/// Always.
pub fn stand_in<T>() -> T {
    unreachable!("a program with mistakes does not run")
}

/// The replica behind a lane of a port.
///
/// # Panics
/// When there is no such lane.
#[inline]
pub fn lane(port: &str, lane: u32, lanes: u32) -> u32 {
    assert!(lane < lanes, "`{port}` has no lane {lane}: it is wired to {lanes} replicas");
    lane
}

/// Whether an entity has handlers, whose statistics a report shows.
pub fn answers<E: Entity>() -> bool {
    E::MACHINES.iter().any(|machine| machine.kind == MachineKind::Handler)
}

/// Whether a handler ended without an answer.
#[inline]
pub fn is_lost<T>(outcome: &Outcome<T>) -> bool {
    matches!(outcome, Err(Failure::Lost))
}

/// A number of replicas, at least 1.
pub fn replicas(
    node: &str,
    count: Result<usize, InvalidValue>,
    errors: &mut Vec<BuildError>,
) -> usize {
    let value = match count {
        Ok(count) if count > 0 => return count,
        Ok(count) => count.to_string(),
        Err(InvalidValue { value, .. }) => value,
    };
    errors.push(BuildError {
        node: node.to_owned(),
        parameter: "number of replicas".to_owned(),
        value,
        allowed: "it must be at least 1".to_owned(),
    });
    1
}

/// The replica to which an arrow leads by its number must be one of `count`.
pub fn has_replica(
    node: &str,
    count: usize,
    from: &str,
    replica: u32,
    errors: &mut Vec<BuildError>,
) {
    if replica as usize >= count {
        errors.push(BuildError {
            node: node.to_owned(),
            parameter: "number of replicas".to_owned(),
            value: count.to_string(),
            allowed: format!("`{from}` leads to replica {replica}, and they are numbered from 0"),
        });
    }
}

/// The default of a topology's parameter.
///
/// # Panics
/// When the value does not fit; the default is part of the program.
#[track_caller]
pub fn parameter<T>(name: &str, value: Result<T, InvalidValue>) -> T {
    match value {
        Ok(value) => value,
        Err(InvalidValue { value, expected }) => {
            panic!("the default of `{name}` is {value}: {expected}")
        }
    }
}
