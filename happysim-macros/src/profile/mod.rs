//! `profile!`: from tokens to statements (`syntax`), what they mean (`model`), what is wrong with
//! them (`check`), and the calls that build the profile (`codegen`).

mod check;
mod codegen;
mod model;
mod syntax;

use proc_macro2::TokenStream;
use quote::quote;

use crate::diagnostics::{Diagnostics, codes};
use crate::units::Quantity;

codes! {
    EMPTY = "profile-empty";
    UNKNOWN_STATEMENT = "profile-unknown-statement";
    MISSING_SEMICOLON = "profile-missing-semicolon";
    UNKNOWN_CLAUSE = "profile-unknown-clause";
    DUPLICATE_CLAUSE = "profile-duplicate-clause";
    MISSING_CLAUSE = "profile-missing-clause";
    MISSING_VALUE = "profile-missing-value";
    UNEXPECTED_WORD = "profile-unexpected-word";
    NOT_AN_EXPRESSION = "profile-not-an-expression";
    NOT_A_DURATION = "profile-not-a-duration";
    BAD_REPEAT = "profile-bad-repeat";
    MIXED_UNITS = "profile-mixed-units";
    NO_VALUE_YET = "profile-no-value-yet";
    ZERO_LENGTH = "profile-zero-length";
    AFTER_OPEN_END = "profile-after-open-end";
    UNREACHABLE = "profile-unreachable";
    SINE_RANGE = "profile-sine-range";
    SPIKE_ON_SINE = "profile-spike-on-sine";
    GAP = "profile-gap";
    OVERLAP = "profile-overlap";
    OPEN_PASS = "profile-open-pass";
    TOO_LONG = "profile-too-long";
}

/// The expansion: an expression, or all errors and an expression that fits anywhere.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let Expansion { output, stand_in } = analyse(input, &mut diagnostics);
    if diagnostics.has_errors() {
        let errors = diagnostics.into_compile_errors();
        quote! {{ #errors #stand_in }}
    } else {
        output
    }
}

/// The values of a profile that are literals, for whoever knows what it is the profile of. What is
/// wrong with it is told where it is expanded.
pub(crate) fn levels(input: TokenStream) -> Vec<(Quantity, TokenStream)> {
    let mut levels = Vec::new();
    let statements = syntax::parse(input, &mut Diagnostics::default());
    model::each_level(&statements, &mut |value| {
        levels.extend(value.literal.map(|literal| (literal, value.source.clone())));
    });
    levels
}

struct Expansion {
    output: TokenStream,
    /// What stands for a profile with errors, so that rustc has nothing to add.
    stand_in: TokenStream,
}

fn analyse(input: TokenStream, diagnostics: &mut Diagnostics) -> Expansion {
    let statements = syntax::parse(input, diagnostics);
    let unit = check::check(&statements, diagnostics);
    let output = codegen::generate(&statements, unit.map(|(_, value)| value));
    Expansion { output, stand_in: codegen::stand_in(unit.map(|(unit, _)| unit)) }
}

#[cfg(test)]
mod tests;
