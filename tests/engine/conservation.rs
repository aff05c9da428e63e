//! At every moment each node has as many requests in flight as came and did not end.

use happysim::prelude::*;
use happysim::report::NodeReport;

/// Calls a backend, with a timeout, and a second one for some requests; sometimes calls off
/// what it no longer wants, sometimes loses the answer.
#[entity]
struct Front {
    random: Random,
    patience: Distribution,
    #[port]
    near: Call<u64, ()>,
    #[port]
    far: Call<u64, ()>,
}

#[entity]
impl Front {
    async fn handle(&mut self, cx: &mut Cx<Self>, number: u64) -> Outcome<()> {
        let patience: Duration = self.patience.sample(cx);
        let kind: u64 = self.random.below(8);
        let mut handles: Vec<Handle<FrontFar>> = Vec::new();
        if kind < 4 {
            for _ in 0..kind {
                let lane = self.random.below(self.far.lanes(cx) as u64) as usize;
                handles.push(self.far.lane(lane).start(cx, number));
            }
        }
        let giving_up = if kind.is_multiple_of(2) { GivingUp::Cancel } else { GivingUp::Abandon };
        self.near.call(number).timeout(patience).giving_up(giving_up).await?;
        if kind == 0 {
            return Err(Failure::Lost);
        }
        if let Some((_, outcome)) = first(&mut handles).timeout(patience).await {
            let outcome: Outcome<()> = outcome;
            if kind == 1 {
                for handle in handles {
                    handle.cancel();
                }
            }
            return outcome;
        }
        Ok(())
    }
}

topology! {
    Layers {
        param arrivals: Arrivals = poisson(100/s);
        param replicas: usize = 2;
        param slots: usize = 1;
        param room: usize = 4;
        param service: Duration = 10ms;
        param patience: Duration = 50ms;

        source users: arrivals emits u64 = |arrival| arrival.number;
        node outer: Front { random: Random::new(0, "", ""), patience: exp(patience) };
        node inner: Front { random: Random::new(0, "", ""), patience: exp(patience) };
        node near: Server<u64> { concurrency: slots, service: exp(service), queue: lifo() };
        node far[replicas]: Server<u64> {
            concurrency: slots, service: lognormal(service, cv 2.0), queue_capacity: room,
            max_wait: patience, queue: codel(5ms, 100ms)
        };

        users -> outer;
        outer.near -> inner;
        outer.far -> far[*];
        inner.near -> near;
        inner.far -> far[*];
    }
}

fn assert_conserved(simulation: &Simulation<Layers>) -> u64 {
    let report = simulation.report();
    for node in report.all_nodes() {
        let unbalanced = node.handlers.iter().find(|handler| !handler.is_conserved());
        assert!(unbalanced.is_none(), "`{}` at {}: {unbalanced:?}", node.path, simulation.now());
    }
    let in_flight = |node: &NodeReport| node.requests().in_flight;
    in_flight(report.node("outer")) + in_flight(report.node("far"))
}

#[test]
fn the_books_balance_at_every_moment() {
    let mut in_flight = 0;
    for seed in 0..30 {
        let mut random = Random::new(seed, "test", "parameters");
        let params = LayersParams {
            arrivals: Arrivals::poisson(Rate::per_second(20.0 + 400.0 * random.uniform())),
            replicas: 1 + random.below(4) as usize,
            slots: 1 + random.below(4) as usize,
            room: random.below(20) as usize,
            service: micros(100 + random.below(30_000)),
            patience: micros(random.below(100_000) + 1),
        };
        let warm_up = millis(random.below(2_000));
        let setup = Layers::new(params).seed(seed).warm_up(warm_up);
        let mut simulation = setup.build().unwrap();
        while simulation.now() < Instant::ZERO + seconds(5) {
            simulation.run_for(micros(random.below(200_000))).unwrap();
            in_flight += assert_conserved(&simulation);
        }
    }
    assert!(in_flight > 10_000, "{in_flight}");
}

#[test]
fn every_request_ends_in_the_end() {
    for seed in 0..10 {
        let arrivals = Arrivals::poisson(Rate::per_second(150.0)).limit(1_500);
        let setup = Layers::new(LayersParams { arrivals, ..default() }).seed(seed);
        let report = setup.run().unwrap();
        assert_eq!(report.node("outer").requests().arrived, 1_500);
        for path in ["outer", "inner", "near", "far"] {
            assert_eq!(report.node(path).requests().in_flight, 0, "`{path}` with seed {seed}");
        }
        assert!(report.stuck.is_empty(), "{:?}", report.stuck);
    }
}

#[test]
fn a_warm_up_cuts_off_what_components_count_too() {
    topology! {
        Impatient {
            source users: poisson(100/s) emits u64 = |arrival| arrival.number;
            node client: Client { timeout: 15ms };
            node server: Server<u64> { concurrency: 2, service: exp(10ms) };
            users -> client -> server;
        }
    }
    let report = Impatient::new(default()).warm_up(seconds(10)).run_for(seconds(20)).unwrap();
    let client = report.node("client");
    let (requests, count) = (client.requests(), |name| client.metric(name).as_count().unwrap());
    assert!(requests.arrived > 900 && requests.arrived < 1_100, "{requests:?}");
    assert_eq!(count("attempts"), requests.arrived);
    assert_eq!(count("timeouts"), requests.failed);
    assert!(count("timeouts") > 100);
}
