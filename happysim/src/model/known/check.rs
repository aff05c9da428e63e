//! The checks of a topology's names, which are evaluated while it is compiled. Each is called at
//! the name that it is about, and refuses it there: a function that tracks its caller is not a
//! place of its own in rustc's message.

#![allow(clippy::missing_panics_doc, reason = "a check that fails is a message of the compiler")]

use super::super::entity::{Entity, EntityParts, Handler, PortInfo, PortKind};
use super::super::machine::MachineKind;
use super::super::port::Port;
use super::Answer;
use super::text::{Text, contains, nearness, same};

/// Whether an entity that stands in a topology exists.
const fn exists<E: EntityParts>() -> bool {
    !E::NAME.is_empty()
}

/// Whether a port or a handler with this name exists.
const fn is_name(name: &str) -> bool {
    !name.is_empty()
}

/// Whether a name is one of the entity, or the entity cannot be asked.
pub const fn is_known<E: EntityParts>(name: &str) -> bool {
    !exists::<E>() || is_name(name)
}

/// The ports of an entity as a list of names.
struct Names {
    names: [&'static str; Self::MOST],
    count: usize,
}

impl Names {
    /// More are not shown.
    const MOST: usize = 48;

    const fn new() -> Self {
        Self { names: [""; Self::MOST], count: 0 }
    }

    const fn with(mut self, name: &'static str) -> Self {
        if self.count < Self::MOST {
            self.names[self.count] = name;
            self.count += 1;
        }
        self
    }

    const fn ports(ports: &'static [PortInfo]) -> Self {
        let (mut names, mut index) = (Self::new(), 0);
        while index < ports.len() {
            names = names.with(ports[index].name);
            index += 1;
        }
        names
    }

    const fn handlers<E: Entity>() -> Self {
        let (mut names, mut index) = (Self::new(), 0);
        while index < E::MACHINES.len() {
            if matches!(E::MACHINES[index].kind, MachineKind::Handler) {
                names = names.with(E::MACHINES[index].name);
            }
            index += 1;
        }
        names
    }

    const fn parameters<E: EntityParts>(mut self) -> Self {
        let mut index = 0;
        while index < E::PARAMETERS.len() {
            self = self.with(E::PARAMETERS[index].name);
            index += 1;
        }
        self
    }

    const fn with_all(mut self, others: &[&'static str]) -> Self {
        let mut index = 0;
        while index < others.len() {
            self = self.with(others[index]);
            index += 1;
        }
        self
    }

    const fn nearest(&self, word: &str) -> Option<&'static str> {
        let (mut best, mut least, mut index) = (None, usize::MAX, 0);
        while index < self.count {
            if let Some(distance) = nearness(word, self.names[index])
                && distance < least
            {
                least = distance;
                best = Some(self.names[index]);
            }
            index += 1;
        }
        best
    }

    /// "`a`, `b` and `c`"
    const fn list(&self, mut text: Text, last: &str) -> Text {
        let mut index = 0;
        while index < self.count {
            text = text.push_code(self.names[index]).push_separator(index, self.count, last);
            index += 1;
        }
        text
    }

    /// "; did you mean `a`?" and which there are.
    const fn hint(&self, mut text: Text, word: &str, kinds: [&str; 2]) -> Text {
        if let Some(near) = self.nearest(word) {
            text = text.push("; did you mean ").push_code(near).push("?");
        }
        match self.count {
            0 => text.push("\nhelp: it has no ").push(kinds[1]),
            1 => self.list(text.push("\nhelp: its only ").push(kinds[0]).push(" is "), ""),
            _ => self.list(text.push("\nhelp: its ").push(kinds[1]).push(" are "), " and "),
        }
    }
}

/// "`api` is an `Api`, which "
const fn subject(node: &str, entity: &str) -> Text {
    Text::new().push_code(node).push(" is ").push_entity(entity).push(", which ")
}

/// A mistake of which the macro knows the words, and only the types whether it is one.
#[track_caller]
pub const fn refuse(is_mistaken: bool, message: &'static str) {
    assert!(!is_mistaken, "{}", message);
}

/// The type of a node must be that of an entity.
#[track_caller]
pub const fn check_entity<E: EntityParts>(ty: &str) {
    if !exists::<E>() {
        let text = Text::new().push_code(ty).push(
            " is no entity\nhelp: write `#[entity]` before its `struct` and before its `impl`",
        );
        panic!("{}", text.as_str());
    }
}

/// An arrow out of a node by the name of a port: there must be such a port.
#[track_caller]
pub const fn check_port<E: EntityParts, P: Port>(node: &str, port: &str) {
    if !is_name(P::NAME) && exists::<E>() {
        let text = subject(node, E::NAME).push("has no port ").push_code(port);
        let text = Names::ports(E::PORTS).hint(text, port, ["port", "ports"]);
        panic!("{}", text.as_str());
    }
}

/// An arrow out of a node without the name of a port: it must have one.
#[track_caller]
pub const fn check_sole_port<E: EntityParts, P: Port>(node: &str) {
    if is_name(P::NAME) || !exists::<E>() {
        return;
    }
    check_several_ports::<E>(node);
    if E::PORTS.is_empty() {
        let text = subject(node, E::NAME).push("has no ports: no arrow can lead out of it");
        panic!("{}", text.as_str());
    }
}

/// An arrow out of a node of several ports must name one of them.
#[track_caller]
pub const fn check_several_ports<E: EntityParts>(node: &str) {
    let ports = Names::ports(E::PORTS);
    if ports.count > 1 {
        let text = subject(node, E::NAME).push("has several ports: ");
        let text = ports.list(text, " and ").push("\nhelp: say which one, as in `").push(node);
        let text = text.push(".").push(ports.names[0]).push(" -> ...`");
        panic!("{}", text.as_str());
    }
}

/// An arrow to a node by the name of a handler: there must be such a handler.
#[track_caller]
pub const fn check_handler<E: Handler<N>, N>(node: &str, handler: &str) {
    if !is_name(E::LABEL) && exists::<E>() {
        let text = subject(node, E::NAME).push("has no handler ").push_code(handler);
        let text = Names::handlers::<E>().hint(text, handler, ["handler", "handlers"]);
        panic!("{}", text.as_str());
    }
}

/// An arrow to a node without the name of a handler: it must have one, or a main one.
#[track_caller]
pub const fn check_sole_handler<E: Handler<N>, N>(node: &str) {
    if is_name(E::LABEL) || !exists::<E>() {
        return;
    }
    let handlers = Names::handlers::<E>();
    if handlers.count == 0 {
        let text = subject(node, E::NAME).push("has no handler: nothing can be sent to it");
        panic!("{}", text.as_str());
    }
    let text = subject(node, E::NAME).push("has several handlers: ");
    let text = handlers.list(text, " and ").push("\nhelp: say which one, as in `-> ").push(node);
    let text = text.push(".").push(handlers.names[0]).push("`");
    panic!("{}", text.as_str());
}

/// Whether all ports of an entity are among those that arrows lead out of.
pub const fn is_wired(ports: &[PortInfo], wired: &[&str]) -> bool {
    let mut index = 0;
    while index < ports.len() {
        if !contains(wired, ports[index].name) {
            return false;
        }
        index += 1;
    }
    true
}

/// All ports of a node must be wired. Of one that `is_isolated` and has no work of its own
/// another check tells. A node with an arrow from a port that does not exist has
/// been told of already: that arrow was meant for one of them.
#[track_caller]
pub const fn check_wired<E: Entity>(node: &str, is_isolated: bool, wired: &[&str]) {
    if is_wired(E::PORTS, wired) || contains(wired, "") || (is_isolated && !works_alone::<E>()) {
        return;
    }
    let (mut missing, mut index) = (Names::new(), 0);
    while index < E::PORTS.len() {
        if !contains(wired, E::PORTS[index].name) {
            missing = missing.with(E::PORTS[index].name);
        }
        index += 1;
    }
    let several = missing.count > 1;
    let text = Text::new().push(if several { "the ports " } else { "the port " });
    let text = missing.list(text, " and ").push(" of ").push_code(node);
    let text = text.push(if several { " lead nowhere" } else { " leads nowhere" });
    let text = text.push("\nhelp: add `").push(node);
    let text = if E::PORTS.len() > 1 { text.push(".").push(missing.names[0]) } else { text };
    panic!("{}", text.push(" -> ...;`").as_str());
}

/// Whether an entity does anything that no message starts.
const fn works_alone<E: Entity>() -> bool {
    let mut index = 0;
    while index < E::MACHINES.len() {
        if matches!(E::MACHINES[index].kind, MachineKind::Process | MachineKind::Background) {
            return true;
        }
        index += 1;
    }
    false
}

/// A node without arrows must have work of its own, which no message starts.
#[track_caller]
pub const fn check_idle<E: Entity>(node: &str) {
    if exists::<E>() && !works_alone::<E>() {
        let text =
            Text::new().push("no arrow leads to ").push_code(node).push(" or out of it, and ");
        let text = text.push("it has no work of its own\nhelp: add `... -> ").push(node);
        panic!("{}", text.push(";`, or remove it").as_str());
    }
}

/// A parameter of a node by its name: there must be such a parameter, of a field or a `further`
/// one of the builder. `short` are names that stand for some of them.
#[track_caller]
pub const fn check_parameter<E: EntityParts>(
    node: &str,
    name: &str,
    further: &[&'static str],
    short: &[&'static str],
) {
    if !exists::<E>() || is_parameter::<E>(name, further) {
        return;
    }
    let text = subject(node, E::NAME).push("has no parameter ").push_code(name);
    let names = Names::new().with_all(short).parameters::<E>().with_all(further);
    let text = names.hint(text, name, ["parameter", "parameters"]);
    panic!("{}", text.as_str());
}

const fn is_parameter<E: EntityParts>(name: &str, further: &[&str]) -> bool {
    if contains(further, name) {
        return true;
    }
    let mut index = 0;
    while index < E::PARAMETERS.len() {
        if same(E::PARAMETERS[index].name, name) {
            return true;
        }
        index += 1;
    }
    false
}

/// All parameters without a default must be given, by the names of `given`. A name among them
/// that no parameter has was meant for one of those, and is told of where it stands.
#[track_caller]
pub const fn check_given<E: EntityParts>(
    node: &str,
    given: &[&str],
    further: &[&str],
    brackets: &str,
) {
    let mut index = 0;
    while index < given.len() {
        if !is_parameter::<E>(given[index], further) {
            return;
        }
        index += 1;
    }
    let (mut missing, mut index) = (Names::new(), 0);
    while index < E::PARAMETERS.len() {
        let parameter = E::PARAMETERS[index];
        if parameter.is_required && !contains(given, parameter.name) {
            missing = missing.with(parameter.name);
        }
        index += 1;
    }
    if missing.count == 0 {
        return;
    }
    let several = missing.count > 1;
    let text = subject(node, E::NAME).push("needs the parameter");
    let text = missing.list(text.push(if several { "s " } else { " " }), " and ");
    let text = text.push("\nhelp: add `").push(missing.names[0]).push(": ...`");
    let text = text.push(if given.is_empty() { brackets } else { "" });
    panic!("{}", text.as_str());
}

/// A field that a shared object is attached to: there must be such a field.
#[track_caller]
pub const fn check_shared<E: EntityParts>(known: bool, node: &str, field: &str) {
    if !known && exists::<E>() {
        let text = subject(node, E::NAME).push("has no `#[shared]` field ").push_code(field);
        let names = Names::new().with_all(E::SHARED);
        let text = names.hint(text, field, ["shared field", "shared fields"]);
        panic!("{}", text.as_str());
    }
}

/// Whether nothing is waited for behind this port of an entity, but the handler at the other end of
/// the arrow answers: its reply does not fit.
pub const fn is_one_way_to_answer<E: EntityParts, P: Port, Fits: Answer>() -> bool {
    let mut index = 0;
    while !Fits::YES && index < E::PORTS.len() {
        if same(E::PORTS[index].name, P::NAME) {
            return matches!(E::PORTS[index].kind, PortKind::Send);
        }
        index += 1;
    }
    false
}

/// An arrow from a one-way port must not lead to a handler that answers.
#[track_caller]
pub const fn check_one_way<E: EntityParts, P: Port, Fits: Answer>(from: &str, to: &str) {
    if is_one_way_to_answer::<E, P, Fits>() {
        let text = Text::new().push_code(from).push(" is one-way, a `Send`, but ").push_code(to);
        let text = text.push(" answers\nhelp: make the port a `Call` with that answer, or let ");
        let text = text.push("the handler return `Outcome<()>`");
        panic!("{}", text.as_str());
    }
}

/// A time of a discipline that is written as `codel(..)` must lie in the range of the parameter.
#[track_caller]
pub const fn check_time_of_codel(
    seconds: f64,
    range: (f64, f64),
    expected: &'static str,
    argument: &str,
) {
    if seconds < range.0 || seconds > range.1 {
        let text = Text::new().push(expected).push(", and so must the ").push(argument);
        panic!("{}", text.push(" of `codel`").as_str());
    }
}
