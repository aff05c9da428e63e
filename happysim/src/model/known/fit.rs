//! Literals that cannot be the parameter that they are given for: a rate where a duration
//! belongs, a number where a policy does.

#![allow(clippy::missing_panics_doc, reason = "a check that fails is a message of the compiler")]

use super::super::entity::{EntityParts, Field, Name};
use super::super::parameter::IntoParameter;
use super::text::{Text, same};
use super::unit::Measure;
use super::{Ask, Known};

impl<E: Field<NAME>, const NAME: u64, V: IntoParameter<E::Type>> Ask<(E, Name<NAME>, V)> {
    /// A value of this type can be what the entity's field is.
    pub const CONVERTS: bool = true;
}

/// Hands on a value for the field behind the name with this hash.
pub trait Fit<E, const NAME: u64, V> {
    /// What is handed on.
    type Value;

    /// The value, or what stands for one that cannot be the parameter: a check tells of it.
    fn fit(value: V) -> Self::Value;
}

impl<E, const NAME: u64, V> Fit<E, NAME, V> for Known<true> {
    type Value = V;

    #[inline]
    fn fit(value: V) -> V {
        value
    }
}

impl<E: Field<NAME>, const NAME: u64, V> Fit<E, NAME, V> for Known<false> {
    type Value = E::Given;

    fn fit(_value: V) -> E::Given {
        super::absent::never()
    }
}

/// What to write for a parameter of a type that has no unit.
const ADVICE: &[(&str, &str)] = &[
    ("Arrivals", "`poisson(5/s)` for random arrivals, or `constant(5/s)` for regular ones"),
    ("RetryPolicy", "`fixed(3, 100ms)` or `exponential(3, 20ms..1s, full_jitter)`, for example"),
    ("HedgeDelay", "`50ms` or `percentile(95, 10ms)`, for example"),
    ("Weights", "one weight for each backend, as in `[3, 2, 1]`"),
    ("Resource", "a whole number, such as `8`"),
    ("Service", "`3ms` or `exp(3ms)`, for example"),
    ("Size", "`64KiB`, or a function of the message, `|message| Bytes(message.bytes)`"),
    ("usize", "a whole number, such as `8`"),
    ("u64", "a whole number, such as `8`"),
    ("u32", "a whole number, such as `8`"),
    ("f64", "a number with a point, such as `2.0`"),
    ("f32", "a number with a point, such as `2.0`"),
    ("fn", "a function, such as `|value| ...`"),
    ("Option<fn", "a function, such as `|value| ...`"),
    ("Varying<usize>", "a whole number, such as `8`, or a profile of them"),
    ("Discipline", "`fifo()`, `lifo()` or another discipline"),
];

/// Whether the type is of this name, whatever its arguments.
const fn is_called(ty: &str, name: &str) -> bool {
    let (ty, name) = (ty.as_bytes(), name.as_bytes());
    let mut index = 0;
    while index < name.len() {
        if index >= ty.len() || ty[index] != name[index] {
            return false;
        }
        index += 1;
    }
    index == ty.len() || matches!(ty[index], b'<' | b'(')
}

/// The type of a parameter as it was written; empty where the entity has none of that name.
#[must_use]
pub const fn written_type<E: EntityParts>(parameter: &str) -> &'static str {
    let mut index = 0;
    while index < E::PARAMETERS.len() {
        if same(E::PARAMETERS[index].name, parameter) {
            return E::PARAMETERS[index].ty;
        }
        index += 1;
    }
    ""
}

/// A literal must be able to be the parameter. It is called `kind`: "a rate".
#[track_caller]
pub const fn check_fits(
    fits: bool,
    measure: Option<Measure>,
    parameter: &str,
    ty: &str,
    kind: &str,
) {
    if fits {
        return;
    }
    let text = Text::new().push_code(parameter).push(" is ");
    let text = match measure {
        Some(Measure { name, .. }) => text.push(name),
        None => text.push_entity(ty),
    };
    let text = text.push(", and this is ").push(kind);
    let text = match measure {
        Some(Measure { name, units, .. }) => advise_unit(text, name, units, kind),
        None => advise(text, ty),
    };
    panic!("{}", text.as_str());
}

/// A literal of the source must lie in its parameter's range. One that is not `meant` as it
/// stands has a message of its own. A parameter that was given by a short name is called by it.
#[track_caller]
pub const fn check_literal(
    meant: bool,
    base: f64,
    range: (f64, f64),
    expected: &str,
    short: Option<&str>,
) {
    if !meant || range.0 <= base && base <= range.1 {
        return;
    }
    match short {
        None => panic!("{}", expected),
        Some(short) => panic!("{}", called(expected, short).as_str()),
    }
}

/// What is said of the parameter whose name in backticks comes first, with another name.
const fn called(expected: &str, short: &str) -> Text {
    let bytes = expected.as_bytes();
    let (mut index, mut ticks) = (0, 0);
    while index < bytes.len() && ticks < 2 {
        ticks += (bytes[index] == b'`') as usize;
        index += 1;
    }
    Text::new().push_code(short).push(expected.split_at(index).1)
}

const fn advise_unit(text: Text, name: &str, units: [&str; 2], kind: &str) -> Text {
    let text = text.push("\nhelp: write `5").push(units[0]).push("`");
    let text =
        if same(units[0], units[1]) { text } else { text.push(" or `5").push(units[1]).push("`") };
    let text = text.push(", for example");
    if same(name, "a bandwidth") && same(kind, "a number of bytes") {
        text.push("; bandwidth is in bits per second: 1 MB/s is `8Mbps`")
    } else {
        text
    }
}

const fn advise(text: Text, ty: &str) -> Text {
    let mut index = 0;
    while index < ADVICE.len() {
        if is_called(ty, ADVICE[index].0) {
            return text.push("\nhelp: write ").push(ADVICE[index].1);
        }
        index += 1;
    }
    text
}
