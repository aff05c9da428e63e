//! The units that a literal can end in, and what to say about those it cannot.

use super::Kind;
use super::decimal::Decimal;
use crate::diagnostics::did_you_mean;

/// A unit: what is measured in it, and its size in nanoseconds, bits per second, or bytes.
pub(super) struct Unit {
    pub(super) kind: Kind,
    pub(super) size: u128,
}

const UNITS: &[(&str, Kind, u128)] = &[
    ("ns", Kind::Duration, 1),
    ("us", Kind::Duration, 1_000),
    ("ms", Kind::Duration, 1_000_000),
    ("s", Kind::Duration, 1_000_000_000),
    ("min", Kind::Duration, 60_000_000_000),
    ("h", Kind::Duration, 3_600_000_000_000),
    ("d", Kind::Duration, 86_400_000_000_000),
    ("bps", Kind::Bandwidth, 1),
    ("kbps", Kind::Bandwidth, 1_000),
    ("Mbps", Kind::Bandwidth, 1_000_000),
    ("Gbps", Kind::Bandwidth, 1_000_000_000),
    ("Tbps", Kind::Bandwidth, 1_000_000_000_000),
    ("B", Kind::Bytes, 1),
    ("kB", Kind::Bytes, 1_000),
    ("MB", Kind::Bytes, 1_000_000),
    ("GB", Kind::Bytes, 1_000_000_000),
    ("TB", Kind::Bytes, 1_000_000_000_000),
    ("KiB", Kind::Bytes, 1 << 10),
    ("MiB", Kind::Bytes, 1 << 20),
    ("GiB", Kind::Bytes, 1 << 30),
    ("TiB", Kind::Bytes, 1 << 40),
];

/// What people write for a unit of time, and how it is spelled here.
const SPELLED_OUT: &[(&str, &str)] = &[
    ("nsec", "ns"),
    ("nanos", "ns"),
    ("usec", "us"),
    ("micros", "us"),
    ("\u{b5}s", "us"),
    ("\u{3bc}s", "us"),
    ("msec", "ms"),
    ("msecs", "ms"),
    ("millis", "ms"),
    ("sec", "s"),
    ("secs", "s"),
    ("second", "s"),
    ("seconds", "s"),
    ("mins", "min"),
    ("minute", "min"),
    ("minutes", "min"),
    ("hr", "h"),
    ("hrs", "h"),
    ("hour", "h"),
    ("hours", "h"),
    ("day", "d"),
    ("days", "d"),
    ("kbit", "kbps"),
    ("Mbit", "Mbps"),
    ("Gbit", "Gbps"),
];

/// The suffixes of Rust's own numbers, which stay as they are.
const RUST: &[&str] = &[
    "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "f32",
    "f64",
];

pub(super) fn is_rust(suffix: &str) -> bool {
    RUST.contains(&suffix)
}

pub(super) fn unit(suffix: &str) -> Option<Unit> {
    let &(_, kind, size) = UNITS.iter().find(|(name, ..)| *name == suffix)?;
    Some(Unit { kind, size })
}

/// The nanoseconds of a unit of time.
pub(super) fn time_unit(name: &str) -> Option<u128> {
    unit(name).filter(|unit| unit.kind == Kind::Duration).map(|unit| unit.size)
}

/// How a unit of time that is spelled out is written here.
pub(super) fn short_for(name: &str) -> Option<&'static str> {
    SPELLED_OUT.iter().find(|(long, _)| *long == name).map(|&(_, short)| short)
}

/// Why `number` followed by `suffix` and `/s` is no bandwidth, and what to write; `None` where it
/// is no amount of data.
pub(super) fn per_second(number: &str, suffix: &str) -> Option<String> {
    let letter = |prefix: &str| if prefix == "K" { "k".to_owned() } else { prefix.to_owned() };
    let times = |factor| Some(Decimal::parse(number)?.times(factor)?.to_f64());
    let prefixes = ["", "k", "K", "M", "G", "T"];
    for bits in ["bit", "b"] {
        if let Some(prefix) = suffix.strip_suffix(bits).filter(|prefix| prefixes.contains(prefix)) {
            return Some(format!(
                "a bandwidth is one word: write `{number}{}bps` for {number} {}bit/s",
                letter(prefix),
                letter(prefix)
            ));
        }
    }
    let prefix = suffix.strip_suffix('B').filter(|prefix| prefixes.contains(prefix));
    let bits = match prefix {
        Some(prefix) => format!("{}{}bps", times(8)?, letter(prefix)),
        None => {
            format!("{}bps", times(unit(suffix).filter(|it| it.kind == Kind::Bytes)?.size)? * 8.0)
        }
    };
    Some(format!(
        "the unit `{suffix}/s` counts bytes, but bandwidth is in bits per second: write `{bits}`"
    ))
}

/// Why `number` followed by `suffix` is no quantity, and what to write.
pub(super) fn unknown(number: &str, suffix: &str) -> String {
    let eight_times = || {
        let eight = Decimal::parse(number).and_then(|number| number.times(8));
        eight.map_or_else(|| format!("8 * {number}"), |eight| eight.to_f64().to_string())
    };
    let prefix = |length: usize| suffix.get(..length).unwrap_or_default();
    match suffix {
        "m" | "M" => format!(
            "the unit `{suffix}` is ambiguous: write `{number}min` for minutes or `{number}ms` for \
             milliseconds"
        ),
        "mbps" | "gbps" | "tbps" | "kBps" | "KBps" | "MBps" | "GBps" | "TBps" => {
            let letter = if prefix(1).eq_ignore_ascii_case("k") {
                "k".to_owned()
            } else {
                prefix(1).to_uppercase()
            };
            let (why, bits) = if suffix.contains('B') {
                ("counts bytes, but bandwidth is in bits per second", String::new())
            } else {
                let bits = format!("`{number}{letter}bps` for {number} {letter}bit/s, or ");
                ("is ambiguous between bits and bytes", bits)
            };
            let eight = eight_times();
            format!(
                "the unit `{suffix}` {why}: write {bits}`{eight}{letter}bps` for {number} \
                 {letter}B/s"
            )
        }
        "Kbps" => format!("unknown unit `Kbps`: write `{number}kbps`"),
        "KB" => format!(
            "the unit `KB` is ambiguous: write `{number}kB` for 1000 bytes each or `{number}KiB` \
             for 1024 bytes each"
        ),
        "b" | "kb" | "Kb" | "mb" | "Mb" | "gb" | "Gb" | "tb" | "Tb" => {
            let letter = match prefix(suffix.len() - 1) {
                "K" | "k" => "k".to_owned(),
                letter => letter.to_uppercase(),
            };
            format!(
                "the unit `{suffix}` is ambiguous between bits and bytes: write `{number}{letter}B` \
                 for bytes or `{number}{letter}bps` for bits per second"
            )
        }
        _ => {
            let names = UNITS.iter().map(|(name, ..)| *name);
            match short_for(suffix).or_else(|| did_you_mean(suffix, names)) {
                Some(meant) => {
                    format!("unknown unit `{suffix}`: did you mean `{number}{meant}`?")
                }
                None => format!(
                    "unknown unit `{suffix}`: durations end in `ns`, `us`, `ms`, `s`, `min`, `h` or \
                     `d`, bandwidths in `bps`, `kbps`, `Mbps` or `Gbps`, sizes in `B`, `kB`, `MB`, \
                     `KiB`, `MiB` or `GiB`"
                ),
            }
        }
    }
}
