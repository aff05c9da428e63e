//! The kinds of mistakes in an entity.

crate::diagnostics::codes! {
    /// `#[entity]` on something that is neither a struct nor an inherent `impl` block.
    PLACE = "entity-place";
    /// An argument of the attribute that it does not have.
    ARGUMENT = "entity-argument";
    /// A lifetime among the generic parameters.
    LIFETIME = "entity-lifetime";
    /// A type parameter without a bound.
    UNBOUNDED = "entity-unbounded";
    /// A relay without a request and a reply.
    RELAY = "entity-relay";
    /// Fields without names.
    FIELD_NAMES = "entity-field-names";
    /// A field with two roles.
    TWO_ROLES = "entity-two-roles";
    /// A port that does not say that it is one.
    UNMARKED_PORT = "entity-unmarked-port";
    /// A `#[port]` of another type.
    PORT_TYPE = "entity-port-type";
    /// Options of an attribute that are no Rust.
    ATTRIBUTE_SYNTAX = "entity-attribute-syntax";
    /// An option that `#[param]` does not have, or has twice.
    PARAM_OPTION = "entity-param-option";
    /// A range of a parameter that is none.
    RANGE = "entity-range";
    /// An attribute that a field or function cannot have.
    ATTRIBUTE = "entity-attribute";
    /// A number with a unit.
    UNIT = "entity-unit";
    /// An item that Rust accepts and `syn` does not.
    SYNTAX = "entity-syntax";

    /// A function without `&mut self`.
    RECEIVER = "entity-receiver";
    /// A function without the context.
    CONTEXT = "entity-context";
    /// The context of another entity.
    FOREIGN_CONTEXT = "entity-foreign-context";
    /// A function with generic parameters of its own.
    GENERIC_FUNCTION = "entity-generic-function";
    /// A parameter that cannot be part of a state.
    PARAMETER = "entity-parameter";
    /// A result that cannot leave a state.
    RESULT = "entity-result";
    /// A function that is `unsafe`, `const` or `extern`.
    QUALIFIER = "entity-qualifier";
    /// A handler without a message, or with several.
    MESSAGE = "entity-message";
    /// A handler that does not return an outcome.
    OUTCOME = "entity-outcome";
    /// A process that somebody would have to call.
    PROCESS = "entity-process";
    /// A function that looks like a handler, but is not `async`.
    NOT_ASYNC = "entity-not-async";
    /// Two functions of one name, or whose states would bear one name.
    DUPLICATE = "entity-duplicate";
    /// Several handlers that are the main one.
    SEVERAL_MAIN = "entity-several-main";
    /// More functions than can be numbered.
    TOO_LARGE = "entity-too-large";
    /// A function that awaits itself.
    RECURSION = "entity-recursion";

    /// A spawned function that is a handler.
    SPAWNED_HANDLER = "entity-spawned-handler";
    /// Something that cannot be spawned.
    SPAWN = "entity-spawn";
    /// A call of a function of the block with other arguments than it takes.
    ARGUMENTS = "entity-arguments";
    /// An `async fn` of the block that is called and not awaited.
    NOT_AWAITED = "entity-not-awaited";
    /// A step that is not awaited where its result is asked for.
    MISSING_AWAIT = "entity-missing-await";
    /// A step that is awaited elsewhere than where it is made.
    AWAITED_LATER = "entity-awaited-later";
    /// A `?` in a function that returns nothing.
    QUESTION = "entity-question";
    /// An awaited function without a step.
    IDLE = "entity-idle";
    /// `.await` behind something that is no step.
    NO_STEP = "entity-no-step";
    /// A step whose result's type cannot be seen.
    STEP_TYPE = "entity-step-type";
    /// A step where none can be.
    STEP_PLACE = "entity-step-place";
    /// A step behind something whose value would have to be kept.
    STEP_BEHIND = "entity-step-behind";
    /// A jump that leads nowhere.
    JUMP = "entity-jump";
    /// A loop over something that cannot be kept.
    LOOP_VALUES = "entity-loop-values";
    /// A local that is kept and has no visible type.
    UNTYPED = "entity-untyped";
    /// A reference that is kept.
    REFERENCE = "entity-reference";
    /// A permit that is given away on some paths only.
    CONDITIONAL_MOVE = "entity-conditional-move";
    /// A local that is hidden by another of its name, and still needed.
    HIDDEN = "entity-hidden";
    /// A local without `mut` that gets a second value.
    ASSIGNED_TWICE = "entity-assigned-twice";
    /// An item of an inner block whose name occurs elsewhere.
    ITEM = "entity-item";
    /// A macro of the body that uses a local or returns.
    MACRO = "entity-macro";
    /// A local that hides the context, which a step needs.
    HIDDEN_CONTEXT = "entity-hidden-context";
}
