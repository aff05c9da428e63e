//! All workloads under criterion: `cargo bench --bench measure -- hold` measures those with `hold` in
//! their names (options with a value as `--sample-size=20`). What counts are the ratios between the
//! forms: `cargo bench --bench ratios`.

mod by_hand;
#[allow(dead_code, reason = "goals are of use for ratios only")]
mod workloads;

use criterion::{Criterion, Throughput};

fn suite(criterion: &mut Criterion) {
    for workload in workloads::wanted() {
        workload.assert_agreement();
        let mut group = criterion.benchmark_group(&workload.name);
        group.sample_size(10);
        for form in &workload.forms {
            group.throughput(Throughput::Elements((form.measure)().units));
            group.bench_function(form.name, |bencher| {
                bencher.iter_custom(|times| (0..times).map(|_| (form.measure)().elapsed).sum());
            });
        }
        group.finish();
    }
}

fn main() {
    // `cargo test --all-targets` and `cargo bench` build it; only the latter is to run it.
    if std::env::args().any(|argument| argument == "--bench") {
        let mut criterion = Criterion::default().configure_from_args();
        suite(&mut criterion);
        criterion.final_summary();
    }
}
