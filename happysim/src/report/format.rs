//! Numbers for people: units that fit, three significant digits, thousands separated.

use crate::time::Duration;

/// A count with its thousands separated: `1,234,567`.
pub(super) fn count(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 request`, `2,000 requests`.
pub(super) fn counted(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", count(number))
}

/// Three significant digits, and all digits of a whole number beyond 1,000: `0.0123`, `4.20`,
/// `12,345`. Below a thousandth with an exponent: `1.20e-5`.
pub(super) fn number(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if !value.is_finite() {
        return value.to_string();
    }
    let sign = if value < 0.0 { "-" } else { "" };
    let size = value.abs();
    if size < 1e-3 {
        format!("{value:.2e}")
    } else if size < 999.5 {
        format!("{sign}{}", significant(size))
    } else if size < 1e15 {
        format!("{sign}{}", count(size.round() as u64))
    } else {
        format!("{value:.2e}")
    }
}

/// A mean over time of what is whole at any time: `0.421`, and `<0.001` where that is next to
/// nothing.
pub(super) fn level(value: f64) -> String {
    if value > 0.0 && value < 0.001 { "<0.001".to_owned() } else { number(value) }
}

/// Three significant digits of a number from a thousandth up to 1,000.
fn significant(size: f64) -> String {
    let decimals = match size {
        ..0.009_995 => 5,
        ..0.099_95 => 4,
        ..0.999_5 => 3,
        ..9.995 => 2,
        ..99.95 => 1,
        _ => 0,
    };
    format!("{size:.decimals$}")
}

/// Events per second: `197/s`.
pub(super) fn rate(per_second: f64) -> String {
    format!("{}/s", number(per_second))
}

/// A fraction in per cent: `61.2%`, `0.12%`, `<0.01%`.
pub(super) fn percent(fraction: f64) -> String {
    let percent = fraction * 100.0;
    if percent == 0.0 {
        "0%".to_owned()
    } else if percent > 0.0 && percent < 0.01 {
        "<0.01%".to_owned()
    } else if percent.abs() < 0.995 {
        format!("{percent:.2}%")
    } else {
        format!("{percent:.1}%")
    }
}

/// Bytes in binary units, three significant digits: `512 B`, `1.50 KiB`.
pub(super) fn bytes(bytes: u64) -> String {
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    let mut size = bytes as f64;
    let mut unit = "B";
    for larger in ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"] {
        if size < 999.5 {
            break;
        }
        size /= 1024.0;
        unit = larger;
    }
    format!("{} {unit}", number(size))
}

/// A duration in the unit that fits, three significant digits: `12.3ms`, `4.50min`.
pub(super) fn duration(duration: Duration) -> String {
    // Each unit with its length, and where rounding reaches the next one.
    const UNITS: [(&str, f64, f64); 6] = [
        ("us", 1e3, 999.5),
        ("ms", 1e6, 999.5),
        ("s", 1e9, 59.95),
        ("min", 60e9, 59.95),
        ("h", 3_600e9, 47.95),
        ("d", 86_400e9, f64::INFINITY),
    ];
    let nanos = duration.as_nanos();
    if nanos == 0 {
        return "0s".to_owned();
    }
    if nanos < 1_000 {
        return format!("{nanos}ns");
    }
    let fits = |&(unit, length, end): &(&str, f64, f64)| {
        let size = nanos as f64 / length;
        (size < end).then(|| format!("{}{unit}", number(size)))
    };
    UNITS.iter().find_map(fits).unwrap_or_else(|| duration.to_string())
}

/// A duration exactly: `10min`, `1h 2min 3.5s`, `250ms`.
pub(super) fn span(duration: Duration) -> String {
    let mut rest = duration.as_nanos();
    let mut parts = Vec::new();
    for (unit, length) in [("d", 86_400_u64), ("h", 3_600), ("min", 60)] {
        let length = length * 1_000_000_000;
        if rest >= length {
            parts.push(format!("{}{unit}", rest / length));
            rest %= length;
        }
    }
    if rest > 0 || parts.is_empty() {
        parts.push(Duration::from_nanos(rest).to_string());
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{hours, micros, millis, minutes, nanos, seconds};

    #[test]
    fn counts_have_their_thousands_separated() {
        let found = [0, 7, 999, 1_000, 12_345, 123_456, u64::MAX].map(count);
        let expected =
            ["0", "7", "999", "1,000", "12,345", "123,456", "18,446,744,073,709,551,615"];
        assert_eq!(found, expected);
        assert_eq!([counted(1, "event"), counted(2_000, "event")], ["1 event", "2,000 events"]);
    }

    #[test]
    fn numbers_have_three_significant_digits() {
        for (value, expected) in [
            (0.0, "0"),
            (0.000_012, "1.20e-5"),
            (0.001_234, "0.00123"),
            (0.009_996, "0.0100"),
            (0.42, "0.420"),
            (0.999_7, "1.00"),
            (4.2, "4.20"),
            (9.996, "10.0"),
            (99.96, "100"),
            (999.7, "1,000"),
            (-12_345.6, "-12,346"),
            (-2.5, "-2.50"),
            (1.5e18, "1.50e18"),
        ] {
            assert_eq!(number(value), expected);
        }
    }

    #[test]
    fn a_level_next_to_nothing_is_not_told_to_its_digits() {
        let found = [0.0, 0.000_02, 0.000_999, 0.001, 0.421, 17.3].map(level);
        assert_eq!(found, ["0", "<0.001", "<0.001", "0.00100", "0.421", "17.3"]);
    }

    #[test]
    fn durations_are_in_the_unit_that_fits() {
        for (value, expected) in [
            (nanos(0), "0s"),
            (nanos(999), "999ns"),
            (nanos(1_000), "1.00us"),
            (nanos(999_400), "999us"),
            (nanos(999_600), "1.00ms"),
            (micros(12_345), "12.3ms"),
            (millis(1_500), "1.50s"),
            (millis(59_970), "1.00min"),
            (minutes(59), "59.0min"),
            (hours(36), "36.0h"),
            (hours(60), "2.50d"),
            (Duration::MAX, "213,504d"),
        ] {
            assert_eq!(duration(value), expected);
        }
    }

    #[test]
    fn spans_are_exact() {
        assert_eq!(span(minutes(10)), "10min");
        assert_eq!(span(hours(25) + seconds(123) + millis(500)), "1d 1h 2min 3.5s");
        assert_eq!([span(millis(250)), span(Duration::ZERO)], ["250ms", "0s"]);
    }

    #[test]
    fn fractions_and_bytes() {
        let found = [0.0, 0.000_01, 0.001_25, 0.009_96, 0.612, 1.0].map(percent);
        assert_eq!(found, ["0%", "<0.01%", "0.12%", "1.0%", "61.2%", "100.0%"]);
        let found = [0, 1_023, 1_536, 1_023 * 1_024, u64::MAX].map(bytes);
        assert_eq!(found, ["0 B", "1023 B", "1.50 KiB", "0.999 MiB", "16.0 EiB"]);
        assert_eq!(rate(196.67), "197/s");
    }
}
