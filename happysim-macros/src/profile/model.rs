//! A profile as its author wrote it.

use proc_macro2::{Ident, TokenStream};

use crate::units::Quantity;

#[derive(Debug)]
pub(super) struct Statement {
    /// The word it begins with.
    pub(super) keyword: Ident,
    /// All of it, for messages.
    pub(super) source: TokenStream,
    pub(super) kind: Kind,
}

#[derive(Debug)]
pub(super) enum Kind {
    Hold {
        value: Option<Value>,
        length: Option<Time>,
    },
    Ramp {
        from: Option<Value>,
        to: Value,
        over: Time,
    },
    Step {
        to: Value,
        at: Time,
    },
    Sine {
        mean: Value,
        amplitude: Value,
        period: Time,
        phase: Option<Time>,
        length: Option<Time>,
    },
    Spike {
        to: Value,
        at: Time,
        length: Time,
    },
    Repeat {
        times: Option<Times>,
        body: Vec<Statement>,
    },
    /// Something whose mistake is reported already: nothing is known of it.
    Broken,
}

/// A value of the quantity that the profile describes.
#[derive(Debug)]
pub(super) struct Value {
    pub(super) source: TokenStream,
    /// With units replaced by constructor calls.
    pub(super) expression: TokenStream,
    /// What it is, if it is a literal.
    pub(super) literal: Option<Quantity>,
}

/// A duration.
#[derive(Debug)]
pub(super) struct Time {
    pub(super) source: TokenStream,
    pub(super) expression: TokenStream,
    /// Its length, if it is a literal.
    pub(super) nanos: Option<u64>,
}

/// How often something repeats.
#[derive(Debug)]
pub(super) struct Times {
    pub(super) source: TokenStream,
    pub(super) literal: Option<u64>,
}

/// Shows each level that a profile holds or comes to; how far a sine swings is none.
pub(super) fn each_level<'a>(statements: &'a [Statement], show: &mut impl FnMut(&'a Value)) {
    for statement in statements {
        match &statement.kind {
            Kind::Hold { value, .. } => value.iter().for_each(&mut *show),
            Kind::Ramp { from, to, .. } => from.iter().chain([to]).for_each(&mut *show),
            Kind::Step { to, .. } | Kind::Spike { to, .. } => show(to),
            Kind::Sine { mean, .. } => show(mean),
            Kind::Repeat { body, .. } => each_level(body, show),
            Kind::Broken => {}
        }
    }
}
