//! What the lints find in small topologies, and the arithmetic behind it.

use super::super::syntax::Topology;
use super::policy::Policy;
use super::*;
use crate::diagnostics::Diagnostics;
use crate::units;

/// Calls `look` with the graph of a topology without errors.
fn with_graph<R>(statements: &str, look: impl FnOnce(&Graph<'_>) -> R) -> R {
    let mut diagnostics = Diagnostics::default();
    let input = format!("Shop {{ {statements} }}").parse().unwrap();
    let topology = Topology::parse(input, &mut diagnostics).unwrap();
    let model = Model::resolve(topology, &mut diagnostics);
    assert_eq!(diagnostics.messages(), Vec::<String>::new());
    look(&Graph::new(&model))
}

/// The words of all findings, by their lints.
fn found(statements: &str) -> Vec<(&'static str, String)> {
    with_graph(statements, |graph| {
        findings(graph).into_iter().map(|finding| (finding.lint, finding.what)).collect()
    })
}

#[track_caller]
fn assert_finds(statements: &str, lint: &str, part: &str) {
    let found = found(statements);
    let [(name, what)] = &found[..] else { panic!("{found:?}") };
    assert_eq!(*name, lint);
    assert!(what.contains(part), "{what}");
}

#[track_caller]
fn assert_silent(statements: &str) {
    assert_eq!(found(statements), []);
}

fn policy(text: &str) -> Option<Policy> {
    let mut diagnostics = Diagnostics::default();
    let tokens = units::rewrite(text.parse().unwrap(), &mut diagnostics);
    Policy::parse(&syn::parse2(tokens).unwrap())
}

#[track_caller]
fn assert_delays(text: &str, millis: &[u64]) {
    let policy = policy(text).unwrap();
    assert_eq!(policy.attempts as usize, millis.len() + 1, "{text}");
    let delays: Vec<u64> = policy.delays.iter().map(|nanos| nanos / 1_000_000).collect();
    assert_eq!(delays, millis, "{text}");
}

/// The loads of a topology, as node, requests per second and text.
fn loads(statements: &str) -> Vec<(String, f64, String)> {
    with_graph(statements, |graph| {
        traffic::offered(graph)
            .into_iter()
            .map(|(node, load)| (graph.path(node).to_owned(), load.rate, load.text))
            .collect()
    })
}

#[test]
fn delays_are_the_longest_that_a_policy_can_draw() {
    assert_delays("no_retry", &[]);
    assert_delays("fixed(3, 100ms)", &[100, 100]);
    assert_delays("exponential(6, 20ms..200ms, full_jitter)", &[20, 40, 80, 160, 200]);
    assert_delays("exponential(4, 20ms..50ms, proportional_jitter(0.1))", &[22, 44, 50]);
    assert_delays("decorrelated(5, 20ms..1s)", &[60, 180, 540, 1000]);
}

#[test]
fn a_policy_with_anything_else_than_literals_is_not_judged() {
    for text in [
        "fixed(attempts, 100ms)",
        "fixed(3, delay)",
        "exponential(3, 20ms..cap, full_jitter)",
        "exponential(3, 20ms..1s, mine)",
        "fixed(3, 100ms).only_if(is_timeout)",
        "RetryPolicy::fixed(3, 100ms)",
        "fixed(0, 1s)",
        "fixed(100000, 1s)",
    ] {
        assert_eq!(policy(text), None, "{text}");
    }
}

#[test]
fn the_streams_of_several_sources_add_up() {
    let found = loads(
        "source phones: poisson(50/s); source desks: constant(1800/min); source rare: poisson(r);
         node client: Client; node server: Server;
         phones -> client; desks -> client; rare -> server; client -> server;",
    );
    assert_eq!(found, [("server".to_owned(), 80.0, "(50/s + 1800/min)".to_owned())]);
}

#[test]
fn retries_and_hedges_do_not_add_to_what_is_offered() {
    let found = loads(
        "source users: poisson(50/s);
         node client: Client { timeout: 1s, retry: fixed(3, 100ms) };
         node server: Server;
         users -> client -> hedge(10ms, 2) -> server;",
    );
    assert_eq!(found, [("server".to_owned(), 50.0, "50/s".to_owned())]);
}

#[test]
fn links_thin_a_stream_out() {
    let found = loads(
        "source users: poisson(50/s); link wan: Link { loss: 10% }; link far: Link { loss: 50% };
         node server: Server; users -> wan -> far -> server;",
    );
    let [(_, rate, text)] = &found[..] else { panic!("{found:?}") };
    assert!((rate - 22.5).abs() < 1e-9);
    assert_eq!(text, "50/s x 90% x 50%");
}

#[test]
fn a_stream_ends_where_load_may_be_shed_or_is_not_known() {
    for way in [
        "users -> bulkhead(4) -> server;",
        "users -> breaker() -> server;",
        "users -> timeout(1s, cancel) -> server;",
        "node pool: ConnectionPool; users -> pool -> server;",
        "link wan: Link { loss: p }; users -> wan -> server;",
        "link wan: Link { size: 1kB, bandwidth: 1Mbps }; users -> wan -> server;",
    ] {
        let statements = format!("source users: poisson(9/s); node server: Server; {way}");
        assert_eq!(loads(&statements), [], "{way}");
    }
    let through = loads(
        "source users: poisson(9/s); node mine: Mine; node server: Server;
         users -> mine; mine.db -> server;",
    );
    assert_eq!(through, [("mine".to_owned(), 9.0, "9/s".to_owned())]);
}

#[test]
fn capacity_is_that_of_all_replicas() {
    let split = |rate: u32| {
        format!(
            "source users: poisson({rate}/s); node lb: LoadBalancer;
             node api[3]: Server {{ concurrency: 4, service: exp(100ms) }};
             users -> lb -> api[*];"
        )
    };
    assert_silent(&split(119));
    let sum = "120/s x 100ms = 12 requests at a time, and works on 4 x 3 replicas = 12 at most";
    assert_finds(&split(120), "overload", sum);
}

#[test]
fn means_are_those_of_the_distributions() {
    for (service, mean) in [
        ("10ms", "10ms"),
        ("constant(10ms)", "10ms"),
        ("exp(10ms)", "10ms"),
        ("lognormal(10ms, cv 2.0)", "10ms"),
        ("hyperexponential(10ms, cv 2.0)", "10ms"),
        ("erlang(3, 10ms)", "10ms"),
        ("gamma(0.5, 10ms)", "10ms"),
        ("uniform(5ms..25ms)", "15ms"),
    ] {
        let statements = format!(
            "source users: poisson(200/s); node server: Server {{ service: {service} }};
             users -> server;"
        );
        assert_finds(&statements, "overload", &format!("200/s x {mean} = "));
    }
    for unknown in ["weibull(2.0, 10ms)", "profile! { hold 1s }", "mean", "by(f)"] {
        assert_silent(&format!(
            "source users: poisson(200/s); node server: Server {{ service: {unknown} }};
             users -> server;"
        ));
    }
}

#[test]
fn at_exactly_its_capacity_a_queue_grows_only_by_chance() {
    let model = |arrivals: &str, service: &str| {
        format!(
            "source users: {arrivals}(100/s); node server: Server {{ service: {service} }};
             users -> server;"
        )
    };
    assert_silent(&model("constant", "10ms"));
    assert_finds(&model("constant", "exp(10ms)"), "overload", "= 1 requests");
    assert_finds(&model("poisson", "10ms"), "overload", "= 1 requests");
    assert_finds(&model("constant", "10.1ms"), "overload", "= 1.01 requests");
}

#[test]
fn retries_behind_retries_multiply_in_the_worst_case() {
    let model = |way: &str| {
        format!(
            "source users: poisson(1/s); node server: Server; users -> {way} -> timeout(1s)
             -> server;"
        )
    };
    assert_silent(&model("retry(fixed(20, 1s))"));
    assert_silent(&model("retry(fixed(3, 1s)) -> retry(fixed(3, 1s))"));
    assert_silent(&model("retry(fixed(4, 1s)) -> breaker() -> retry(fixed(4, 1s))"));
    assert_silent(&model("retry(fixed(4, 1s), budget: b) -> retry(fixed(4, 1s))"));
    assert_finds(
        &model("retry(fixed(2, 1s)) -> hedge(100ms, 2) -> bulkhead(1) -> retry(fixed(2, 1s))"),
        "retry_amplification",
        "2 x 3 x 2 = 12 calls of `server`",
    );
}

#[test]
fn the_time_of_inner_retries_is_that_of_an_outer_attempt() {
    let model = |patience: &str| {
        format!(
            "source users: poisson(1/s); node server: Server;
             users -> timeout({patience}) -> retry(fixed(2, 1s)) -> retry(fixed(3, 100ms))
             -> timeout(200ms) -> server;"
        )
    };
    // 2 x (3 x 200ms + 2 x 100ms) + 1s
    assert_silent(&model("2600ms"));
    let sum = "after 2599ms, but the retries of `users.retry` behind it can take 2 x 800ms + 1s = \
               2.6s";
    assert_finds(&model("2599ms"), "timeout_below_retries", sum);
}

#[test]
fn a_breaker_that_opens_ends_the_attempts_early() {
    let model = |breaker: &str| {
        format!(
            "source users: poisson(1/s); node server: Server;
             users -> timeout(500ms) -> retry(fixed(3, 100ms)) -> {breaker}
             -> timeout(200ms) -> server;"
        )
    };
    assert_finds(&model("breaker(3)"), "timeout_below_retries", "3 x 200ms + 2 x 100ms = 800ms");
    assert_silent(&model("breaker(2)"));
    assert_silent(&model("breaker(failure_rate: 50%)"));
    assert_silent(&model("breaker(failures: threshold)"));
}

#[test]
fn nothing_is_tried_again_where_nothing_fails() {
    let model = |server: &str| {
        format!(
            "source users: poisson(1/s); node server: {server};
             users -> retry(fixed(4, 1s)) -> retry(fixed(4, 1s)) -> server;"
        )
    };
    assert_silent(&model("Server"));
    assert_finds(&model("Server { queue_capacity: 1 }"), "retry_amplification", "4 x 4 = 16");
    assert_finds(&model("Mine"), "retry_amplification", "4 x 4 = 16");
}

#[test]
fn the_nearest_timeout_that_is_too_short_is_told() {
    let model = |outer: &str, inner: &str| {
        format!(
            "source users: poisson(1/s); node server: Server;
             users -> timeout({outer}) -> timeout({inner}) -> retry(fixed(3, 100ms))
             -> timeout(200ms) -> server;"
        )
    };
    assert_silent(&model("800ms", "800ms"));
    assert_finds(&model("700ms", "800ms"), "timeout_below_retries", "`users.timeout` gives up");
    assert_finds(&model("800ms", "700ms"), "timeout_below_retries", "`users.timeout2` gives up");
    assert_finds(&model("1s", "700ms"), "timeout_below_retries", "`users.timeout2` gives up");
    assert_silent(&model("700ms", "patience"));
}

#[test]
fn a_hedge_at_the_end_of_patience_is_too_late() {
    let model = |way: &str| {
        format!("source users: poisson(1/s); node server: Server; users -> {way} -> server;")
    };
    assert_silent(&model("timeout(100ms) -> hedge(99ms)"));
    assert_finds(&model("timeout(100ms) -> hedge(100ms)"), "hedge_too_late", "after 100ms");
    assert_silent(&model("hedge(100ms) -> timeout(100ms)"));
    assert_finds(&model("hedge(101ms) -> timeout(100ms)"), "hedge_too_late", "at most 100ms");
    // What is behind the retry may be tried again by then.
    assert_silent(&model("hedge(101ms) -> retry(fixed(2, 1s)) -> timeout(100ms)"));
    assert_silent(&model("hedge(101ms, 0) -> timeout(100ms)"));
    assert_silent(&model("timeout(100ms) -> hedge(200ms, most)"));
}

#[test]
fn a_circle_of_relays_has_an_end() {
    assert_silent(
        "source users: poisson(1/s); node one: Client { timeout: 1s }; node two: Retry;
         users -> one -> two -> one;",
    );
}

#[test]
fn a_thousand_layers_are_reviewed() {
    let layers = "-> timeout(1s) -> retry(fixed(3, 1s)) ".repeat(500);
    let found = found(&format!(
        "source users: poisson(1/s); node server: Server; users {layers} -> server;"
    ));
    assert!(found.len() > 400);
}

#[test]
fn a_timeout_is_held_against_the_least_time_of_a_reply() {
    let model = |way: &str| {
        format!(
            "source users: poisson(1/s); link near: Link {{ latency: 5ms }};
             link far: Link {{ latency: 20ms }}; link vague: Link {{ latency: exp(1s) }};
             link preset: Link::internet() {{ loss: 0% }};
             node server: Server {{ service: 10ms, concurrency: 9 }}; node mine: Mine; {way}"
        )
    };
    let lint = "timeout_below_latency";
    let below = |way: &str, part: &str| assert_finds(&model(way), lint, part);
    below("users -> timeout(39ms) -> far -> server;", "`far` comes in less than 2 x 20ms = 40ms");
    let sum = "`server` comes in less than 2 x 20ms + 2 x 5ms + 10ms = 60ms";
    below("users -> timeout(59ms) -> far -> retry(fixed(2, 1s)) -> near -> server;", sum);
    below("users -> timeout(9ms) -> vague -> preset -> server;", "in less than 10ms: every");
    // Who gives up first is told.
    let first = "users -> timeout(1s) -> timeout(30ms) -> far -> timeout(8ms) -> near -> mine;";
    let found = found(&model(first));
    assert_eq!(found.iter().filter(|(name, _)| *name == lint).count(), 2, "{found:?}");
    for way in [
        "users -> timeout(60ms) -> far -> near -> server;",
        "users -> timeout(1ms) -> vague -> preset -> mine;",
        "users -> timeout(1ms) -> mine -> far -> server;",
        "node other: Fallback; users -> timeout(1ms) -> other; other.primary -> far -> server;
         other.fallback -> mine;",
        "param own: Duration; users -> timeout(1ms) -> timeout(own) -> far -> server;",
    ] {
        let found = self::found(&model(way));
        assert!(found.iter().all(|(name, _)| *name != lint), "{way}: {found:?}");
    }
}

#[test]
fn every_lint_has_a_compile_fail_case_and_is_documented() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let read = |path: String| std::fs::read_to_string(root.join(&path)).expect(&path);
    let documents = read("docs/diagnostics.md".to_owned());
    let reference = read("happysim-macros/src/lib.rs".to_owned());
    let silent = read("tests/lints.rs".to_owned());
    for lint in lints::ALL.iter().map(|lint| lint.name) {
        let words = read(format!("tests/ui/lints/{lint}.stderr"));
        assert!(words.contains(&format!("::happysim::{lint}`: ")), "{lint} warns of its case");
        assert!(documents.contains(&format!("\n### `{lint}`\n")), "{lint} is documented");
        assert!(reference.contains(&format!("\n/// | `{lint}` | ")), "{lint} is in the reference");
        assert!(silent.contains(&format!("happysim::{lint}")), "{lint} is allowed somewhere");
    }
}

#[test]
fn who_does_not_choose_sends_everything_to_the_first_replica() {
    let model = |way: &str, count: &str| {
        format!(
            "param replicas: usize = 3; source users: poisson(1/s); node client: Client;
             node api[{count}]: Server; link wan: Link; node lb: LoadBalancer; node mine: Mine;
             {way}"
        )
    };
    for way in [
        "users -> api[*];",
        "users -> client -> api[*];",
        "users -> lb -> wan -> api[*];",
        "users -> client -> bulkhead(1) -> api[*];",
    ] {
        for count in ["3", "replicas"] {
            let found = found(&model(way, count));
            let told: Vec<_> = found.iter().filter(|it| it.0 == "unchosen_lanes").collect();
            let [(_, what)] = told[..] else { panic!("{way}: {found:?}") };
            assert!(what.contains("among the replicas of `api`"), "{what}");
        }
        assert!(found(&model(way, "1")).iter().all(|it| it.0 != "unchosen_lanes"), "{way}");
    }
    assert_silent(&model("users -> client -> lb -> bulkhead(1) -> api[*];", "3"));
    assert_silent(&model("users -> client -> api[0];", "3"));
    assert_silent(&model("users -> mine; mine.api -> api[*];", "3"));
}
