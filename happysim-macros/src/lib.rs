//! The three macros of happysim. This crate is an implementation detail: use `happysim`.

mod diagnostics;
mod profile;
mod units;

use proc_macro::TokenStream;

/// A quantity over simulated time: a rate, a latency, a loss, a capacity, a number.
///
/// The statements follow each other in time, separated by `;`. The result is an expression of
/// type `Profile<Q>`; `Q` follows from the units of the values, or from where the profile is
/// used.
///
/// | statement | meaning |
/// |---|---|
/// | `hold 50/s for 30s` | this value for that long |
/// | `hold 50/s` | this value until a `step` or `spike`, or for ever |
/// | `hold for 30s`, `hold` | the same with the value reached |
/// | `ramp to 400/s over 1min` | a straight line from the value reached |
/// | `ramp from 5/s to 35/s over 10s` | a straight line |
/// | `step to 8 at 10s` | jumps at that time, counted from the start of the profile |
/// | `sine mean 50/s amplitude 30/s period 20s` | a sine, until a `step` or for ever |
/// | `... phase 5s for 2min` | the sine is 5 s into its period at first, and ends after 2 min |
/// | `spike to 20 at 4s for 500ms` | the held value goes on before and after |
/// | `repeat 3 times { ... }` | the statements in braces, three times in a row |
/// | `repeat { ... }` | for ever |
///
/// After the last statement its last value holds. Within a `repeat`, `at` counts from the start
/// of each pass, and what depends on "the value reached" takes that of the pass before.
///
/// Values and times are literals with units (`10ms`, `1.5s`, `400/s`, `30/min`, `5%`, `10Gbps`,
/// `64KiB`), plain numbers, or any Rust expression of the quantity's type and of type `Duration`.
/// An expression ends at the next word of the grammar, so one that contains such a word as a
/// name needs parentheses: `hold (mean) for 3s`. Each expression is evaluated once. A plain number counts in
/// the base unit of the quantity: `hold 2` is two of whatever a count counts, 2 s or 2/s.
///
/// # Errors
/// What can be seen in the literals is refused by the compiler, all of it at once: mixed units,
/// gaps, overlaps, statements that are never reached, lengths of 0, values that do not exist.
///
/// # Panics
/// What depends on expressions is checked when the profile is built; it panics with the number
/// of the segment and what is wrong with it. `Profile::builder` returns the same as an error.
#[proc_macro]
pub fn profile(input: TokenStream) -> TokenStream {
    profile::expand(input.into()).into()
}
