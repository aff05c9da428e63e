//! Literals with units: what they become, what stays Rust, and what is refused.

use super::*;

fn rewritten(source: &str) -> (String, Vec<String>) {
    let mut diagnostics = Diagnostics::default();
    let output = rewrite(source.parse().unwrap(), &mut diagnostics);
    (output.to_string().replace(' ', ""), diagnostics.messages())
}

#[track_caller]
fn assert_becomes(source: &str, expected: &str) {
    assert_eq!(rewritten(source), (expected.to_owned(), Vec::new()), "{source}");
}

#[track_caller]
fn assert_refused(source: &str, expected: &str) {
    let (_, messages) = rewritten(source);
    assert_eq!(messages, [expected], "{source}");
}

fn quantity(source: &str) -> Option<(Kind, f64)> {
    let quantity = literal_quantity(&source.parse().unwrap())?;
    Some((quantity.kind, quantity.base))
}

#[test]
fn durations_are_exact_nanoseconds() {
    for (source, nanos) in [
        ("10ns", "10"),
        ("5us", "5000"),
        ("10ms", "10000000"),
        ("1.5s", "1500000000"),
        ("0.1s", "100000000"),
        ("3min", "180000000000"),
        ("2h", "7200000000000"),
        ("1d", "86400000000000"),
        ("1_000ms", "1000000000"),
        ("1e3s", "1000000000000"),
    ] {
        assert_becomes(source, &format!("::happysim::time::Duration::from_nanos({nanos})"));
    }
}

#[test]
fn every_unit_has_its_constructor() {
    for (source, expected) in [
        ("10Gbps", "Bandwidth::bits_per_second(10000000000.0)"),
        ("1.5Mbps", "Bandwidth::bits_per_second(1500000.0)"),
        ("64kbps", "Bandwidth::bits_per_second(64000.0)"),
        ("100bps", "Bandwidth::bits_per_second(100.0)"),
        ("100B", "Bytes(100)"),
        ("64KiB", "Bytes(65536)"),
        ("1.5MB", "Bytes(1500000)"),
        ("2GiB", "Bytes(2147483648)"),
        ("400/s", "Rate::per_second(400.0)"),
        ("30/min", "Rate::per_second(0.5)"),
        ("9/h", "Rate::per_second(0.0025)"),
        ("2.5/ms", "Rate::per_second(2500.0)"),
        ("5%", "Probability::new(0.05)"),
        ("0.5%", "Probability::new(0.005)"),
    ] {
        assert_becomes(source, &format!("::happysim::quantity::{expected}"));
    }
}

#[test]
fn literals_are_found_anywhere_in_an_expression() {
    assert_becomes(
        "exponential(3, 20ms..1s, [5%, 1/s])",
        "exponential(3,::happysim::time::Duration::from_nanos(20000000)..\
         ::happysim::time::Duration::from_nanos(1000000000),\
         [::happysim::quantity::Probability::new(0.05),::happysim::quantity::Rate::per_second(1.0)])",
    );
    assert_becomes(
        "0%..5%",
        "::happysim::quantity::Probability::new(0.0)..::happysim::quantity::Probability::new(0.05)",
    );
    assert_becomes(
        "1/s..2/s",
        "::happysim::quantity::Rate::per_second(1.0)..::happysim::quantity::Rate::per_second(2.0)",
    );
}

#[test]
fn rust_stays_rust() {
    for source in [
        "5",
        "0.05",
        "5u64",
        "1.5f64",
        "0xffB",
        "\"10ms\"",
        "'s'",
        "7%n",
        "7%3",
        "7%(n)",
        "n%7",
        "x.0/s",
        "pair.0.1",
        "n/s",
        "100/s.len()",
        "100/s::MAX",
        "100/s(1)",
        "1e3",
        "-5",
        "a-5",
        "a[0]",
        "1..2",
        "7%-x",
        "profile!(hold 5ms)",
    ] {
        assert_becomes(source, &source.replace(' ', ""));
    }
}

#[test]
fn mistaken_units_are_explained() {
    assert_refused("10msec", "unknown unit `msec`: did you mean `10ms`?");
    assert_refused("10Ms", "unknown unit `Ms`: did you mean `10ms`?");
    assert_refused("10KIB", "unknown unit `KIB`: did you mean `10KiB`?");
    assert_refused("5 ms", "a number and its unit are one word: write `5ms`");
    assert_refused("5 seconds", "a number and its unit are one word: write `5s`");
    assert_refused("5/sec", "unknown unit `sec`: did you mean `5/s`?");
    assert_refused(
        "10mbps",
        "the unit `mbps` is ambiguous between bits and bytes: write `10Mbps` for 10 Mbit/s, or \
         `80Mbps` for 10 MB/s",
    );
    assert_refused(
        "1.5GBps",
        "the unit `GBps` counts bytes, but bandwidth is in bits per second: write `12Gbps` for 1.5 \
         GB/s",
    );
    assert_refused(
        "10KB",
        "the unit `KB` is ambiguous: write `10kB` for 1000 bytes each or `10KiB` for 1024 bytes each",
    );
    assert_refused(
        "10m",
        "the unit `m` is ambiguous: write `10min` for minutes or `10ms` for milliseconds",
    );
    assert_refused(
        "8Mb",
        "the unit `Mb` is ambiguous between bits and bytes: write `8MB` for bytes or `8Mbps` for bits \
         per second",
    );
    assert_refused(
        "100MB/s",
        "the unit `MB/s` counts bytes, but bandwidth is in bits per second: write `800Mbps`",
    );
    assert_refused(
        "1KiB/s",
        "the unit `KiB/s` counts bytes, but bandwidth is in bits per second: write `8192bps`",
    );
    assert_refused("10Mbit/s", "a bandwidth is one word: write `10Mbps` for 10 Mbit/s");
    assert_refused("10Gbit", "unknown unit `Gbit`: did you mean `10Gbps`?");
    assert!(rewritten("10parsecs").1[0].starts_with("unknown unit `parsecs`: durations end in"));
}

#[test]
fn quantities_that_do_not_exist_are_refused() {
    assert_refused(
        "0.5ns",
        "`0.5ns` is not a whole number of nanoseconds, the resolution of simulated time",
    );
    assert_refused("300000d", "`300000d` is longer than 584 years, the range of simulated time");
    assert_refused("0.5B", "`0.5B` is not a whole number of bytes");
    assert_refused("150%", "`150%` is more than `100%`, which no probability can be");
    assert_refused("9000TiB", "`9000TiB` is more than 8192 TiB, the largest size");
    assert_refused("f(-5/s)", "`-5/s` is negative, which a rate cannot be");
    assert_refused("-10ms", "`-10ms` is negative, which a duration cannot be");
    assert_refused(
        &format!("{}s", "9".repeat(40)),
        &format!("the number `{}` has too many digits", "9".repeat(40)),
    );
}

#[test]
fn a_lone_literal_tells_its_kind() {
    assert_eq!(quantity("250ms"), Some((Kind::Duration, 0.25)));
    assert_eq!(quantity("30/min"), Some((Kind::Rate, 0.5)));
    assert_eq!(quantity("5%"), Some((Kind::Probability, 0.05)));
    assert_eq!(quantity("64KiB"), Some((Kind::Bytes, 65536.0)));
    assert_eq!(quantity("1Gbps"), Some((Kind::Bandwidth, 1e9)));
    assert_eq!(quantity("-2.5"), Some((Kind::Number, -2.5)));
    assert_eq!(quantity("8"), Some((Kind::Number, 8.0)));
    for source in ["8usize", "peak", "5 + 3", "10msec", "f(5ms)", ""] {
        assert_eq!(quantity(source), None, "{source}");
    }
}
