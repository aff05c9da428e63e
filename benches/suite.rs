//! All workloads under criterion: `cargo bench --bench suite -- hold` measures those with `hold` in
//! their names. The ratios between the forms are what counts: `cargo bench --bench ratios`.

mod by_hand;
#[allow(dead_code, reason = "goals are of use for ratios only")]
mod workloads;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};

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

criterion_group!(benches, suite);
criterion_main!(benches);
