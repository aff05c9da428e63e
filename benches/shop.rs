//! The shop of the examples, in nanoseconds an event.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};

#[path = "../examples/shop.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "a program of its own, of which the bench runs a part"
)]
mod example;

use example::{Shop, ShopParams};
use happysim::prelude::*;

fn events(statistics: Statistics) -> u64 {
    let params = ShopParams { replicas: 5, ..default() };
    let setup = Shop::new(params).seed(42).statistics(statistics);
    let mut simulation = setup.build().expect("the parameters are valid");
    simulation.run_for(minutes(3)).expect("the model has no mistakes");
    simulation.events()
}

fn shop(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("shop");
    group.throughput(Throughput::Elements(events(Statistics::Full)));
    group.sample_size(20);
    group.bench_function("default statistics", |bencher| {
        bencher.iter(|| events(Statistics::Full));
    });
    group.bench_function("statistics off", |bencher| {
        bencher.iter(|| events(Statistics::Counts));
    });
    group.finish();
}

criterion_group!(benches, shop);
criterion_main!(benches);
