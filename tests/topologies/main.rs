//! Random topologies: at random instants all books balance, nothing leaks, forks and repetitions
//! run alike.
#![allow(missing_docs, reason = "a test suite")]
#![allow(deprecated, reason = "random topologies make no sense, as lints say")]
#![allow(unreachable_pub, reason = "what `#[entity]` makes is public")]

use happysim::model::simulation::Topology;
use happysim::prelude::*;

/// What a run of a topology is given.
#[derive(Clone, Debug)]
struct Case {
    seed: u64,
    /// Arrivals of each source.
    limit: u64,
    loss: Varying<Probability>,
    buffer: Option<Varying<Bytes>>,
    warm_up: Duration,
}

impl Case {
    /// Nothing is lost.
    fn safe(seed: u64) -> Self {
        let loss = Varying::Constant(Probability::default());
        Self { seed, limit: u64::MAX, loss, buffer: None, warm_up: Duration::ZERO }
    }

    /// Links lose messages, all of them for a while.
    fn lossy(seed: u64) -> Self {
        let loss = profile! { hold 3% for 1s; hold 100% for 500ms; hold 3% }.into();
        let buffer = Some(Varying::Constant(Bytes(10_000)));
        Self { loss, buffer, ..Self::safe(seed) }
    }
}

/// The tests of each topology.
macro_rules! check_all {
    ($($name:ident $topology:ident $params:ident;)*) => {
        /// What each topology reports of one run.
        pub(crate) fn reports() -> Vec<(&'static str, String)> {
            vec![$((stringify!($topology), $name::report()),)*]
        }

        $(mod $name {
            use crate::Case;
            use happysim::prelude::*;
            use super::{$params, $topology};

            fn build(case: &Case) -> Simulation<$topology> {
                let Case { seed, limit, loss, buffer, warm_up } = case.clone();
                let setup = $topology::new($params { limit, loss, buffer });
                setup.seed(seed).warm_up(warm_up).build().unwrap()
            }

            #[test]
            fn the_books_balance_at_random_instants() {
                crate::the_books_balance_at_random_instants(build);
            }

            #[test]
            fn nothing_is_left_when_the_sources_have_stopped() {
                crate::nothing_is_left_when_the_sources_have_stopped(build);
            }

            #[test]
            fn pieces_and_forks_run_as_the_whole() {
                crate::pieces_and_forks_run_as_the_whole(build);
            }

            pub(super) fn report() -> String {
                crate::report(build)
            }
        })*
    };
}

mod books;
#[rustfmt::skip]
mod generated;
mod generator;
mod parts;

const LENGTH: Duration = seconds(4);

fn cases(seed: u64) -> [Case; 3] {
    let mut random = Random::new(seed, "topologies", "warm-up");
    let warm_up = millis(random.below(2_000));
    [Case::safe(seed), Case::lossy(seed), Case { warm_up, ..Case::lossy(seed + 1) }]
}

fn the_books_balance_at_random_instants<T: Topology>(build: fn(&Case) -> Simulation<T>) {
    let mut random = Random::new(7, "topologies", "instants");
    let mut at_work = 0;
    for case in cases(random.below(1_000)) {
        let mut simulation = build(&case);
        while simulation.now() < Instant::ZERO + LENGTH {
            simulation.run_for(micros(random.below(150_000))).unwrap();
            let books = books::check(&simulation);
            at_work += books.at_work;
            if case.warm_up.is_zero() {
                books.check_messages();
            }
            if random.below(16) == 0 {
                books::check_rights(&simulation);
            }
        }
        books::check_rights(&simulation);
        assert!(simulation.report().all_nodes().all(happysim::report::NodeReport::is_conserved));
    }
    assert!(at_work > 20, "somebody is at work at some instant: {at_work}");
}

fn nothing_is_left_when_the_sources_have_stopped<T: Topology>(build: fn(&Case) -> Simulation<T>) {
    for case in cases(3) {
        let case = Case { limit: 150, ..case };
        let mut simulation = build(&case);
        simulation.run_for(seconds(10)).unwrap();
        simulation.run().unwrap();
        books::check(&simulation);
        books::check_rights(&simulation);
        assert_eq!(books::unfinished(&simulation), Vec::<String>::new(), "{case:?}");
        for station in &simulation.core().stations {
            let name = format!("`{}` of `{}`", station.name, station.owner);
            let busy = (station.in_use(), station.waiting());
            assert!(busy == (0, 0) || station.name == "reaper", "{busy:?} at {name}");
        }
        let report = simulation.report();
        assert!(report.stuck.is_empty(), "{:?}", report.stuck);
    }
}

fn pieces_and_forks_run_as_the_whole<T: Topology>(build: fn(&Case) -> Simulation<T>) {
    let mut random = Random::new(11, "topologies", "pieces");
    let end = Instant::ZERO + LENGTH;
    let mut reports = Vec::new();
    for case in cases(random.below(1_000)) {
        let mut whole = build(&case);
        whole.run_until(end).unwrap();
        let whole = whole.report().to_string();
        let mut simulation = build(&case);
        let fork_at = Instant::ZERO + millis(random.below(4_000));
        let mut fork = None;
        while simulation.now() < end {
            if fork.is_none() && simulation.now() >= fork_at {
                fork = Some(simulation.fork());
            }
            let next = simulation.now() + micros(random.below(300_000));
            simulation.run_until(next.min(end)).unwrap();
        }
        assert_eq!(simulation.report().to_string(), whole, "in pieces");
        let mut fork = fork.unwrap_or_else(|| simulation.fork());
        books::check(&fork);
        fork.run_until(end).unwrap();
        assert_eq!(fork.report().to_string(), whole, "forked at {fork_at}");
        books::check_rights(&fork);
        reports.push(whole);
    }
    assert_ne!(reports[0], reports[1], "losses make a difference");
}

/// A run of a case with losses, but for the first line, which counts events.
fn report<T: Topology>(build: fn(&Case) -> Simulation<T>) -> String {
    let mut simulation = build(&Case::lossy(2026));
    simulation.run_for(LENGTH).unwrap();
    let text = simulation.report().to_string();
    text.split_once('\n').expect("a report has several lines").1.to_owned()
}

/// FNV-1a.
fn digest(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |digest, byte| {
        (digest ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// Debug and release builds and all platforms agree on every byte of every report: on the numbers
/// in `digests.txt`, which `HAPPYSIM_WRITE=1` writes.
#[test]
fn reports_are_the_same_in_every_build() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/topologies/digests.txt");
    let reports = std::thread::spawn(generated::reports).join().unwrap();
    assert!(reports == generated::reports(), "twice the same");
    let line = |(name, text): &(&str, String)| format!("{name} {:016x}\n", digest(text));
    let found: String = reports.iter().map(line).collect();
    if is_writing() {
        std::fs::write(path, &found).unwrap();
    }
    assert_eq!(found, std::fs::read_to_string(path).unwrap());
}

fn is_writing() -> bool {
    std::env::var_os("HAPPYSIM_WRITE").is_some_and(|value| value == "1")
}

/// With `HAPPYSIM_WRITE=1` the module is written, else compared.
#[test]
fn the_generated_module_is_what_the_generator_writes() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/topologies/generated.rs");
    let module = generator::module();
    if is_writing() {
        std::fs::write(path, &module).unwrap();
    }
    assert!(std::fs::read_to_string(path).unwrap() == module, "write it with HAPPYSIM_WRITE=1");
}
