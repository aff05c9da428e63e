//! The ranges of parameters, in words.

use proc_macro2::Ident;

/// What is said of a value that is out of the range of its parameter's type.
pub(crate) fn of_type(parameter: &Ident, ty: &str) -> String {
    match in_words(ty) {
        Some(range) => format!("`{parameter}` must be {range}"),
        None => format!("`{parameter}` is a `{ty}`, and this is out of its range"),
    }
}

/// An end of a declared range, in the unit of the parameter's type.
pub(crate) fn end(ty: &str, written: &str) -> String {
    let Ok(base) = written.parse::<f64>() else { return written.to_owned() };
    match varying(ty) {
        "Duration" | "Distribution" | "Discipline" => duration(base),
        "Rate" => format!("{base}/s"),
        "Bandwidth" => format!("{base}bps"),
        "Bytes" => format!("{base}B"),
        _ => written.to_owned(),
    }
}

fn duration(seconds: f64) -> String {
    let whole = [("s", 1.0), ("ms", 1e3), ("us", 1e6), ("ns", 1e9)].into_iter().find_map(
        |(unit, in_a_second)| {
            let count = seconds * in_a_second;
            let is_whole = count.abs() > 0.5 && (count - count.round()).abs() < 1e-6;
            is_whole.then(|| format!("{}{unit}", count.round()))
        },
    );
    whole.unwrap_or_else(|| format!("{seconds}s"))
}

/// The quantity behind `Option<Varying<..>>`.
fn varying(ty: &str) -> &str {
    let inner = ty.strip_prefix("Option<").and_then(|ty| ty.strip_suffix('>')).unwrap_or(ty);
    inner.strip_prefix("Varying<").and_then(|ty| ty.strip_suffix('>')).unwrap_or(inner)
}

/// The range of the runtime's own types; of others only rustc knows it.
fn in_words(ty: &str) -> Option<&'static str> {
    match varying(ty) {
        "usize" | "u32" | "u64" | "Resource" | "Semaphore" => Some("a whole number of at least 0"),
        "Chance" | "Probability" => Some("a probability, from 0% to 100%"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_ranges_have_units() {
        assert_eq!(end("Option<Varying<Duration>>", "1e-9"), "1ns");
        assert_eq!(end("Distribution", "0.001"), "1ms");
        assert_eq!(end("Duration", "1.5"), "1500ms");
        assert_eq!(end("Duration", "0"), "0s");
        assert_eq!(end("Varying<Bandwidth>", "1"), "1bps");
        assert_eq!(end("usize", "1"), "1");
        assert_eq!(end("Duration", "LIMIT"), "LIMIT");
    }
}
