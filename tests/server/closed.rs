//! Clients who send their next request only when the last was answered, and an event loop.

use happysim::prelude::*;
use suite::oracle::Experiment;

/// A population of clients: each thinks, sends a request, waits for its answer, and thinks again.
#[entity]
pub(crate) struct Population {
    size: usize,
    think: Distribution,
    #[port]
    next: Call<(), ()>,
}

#[entity]
impl Population {
    #[process]
    async fn begin(&mut self, cx: &mut Cx<Self>) {
        for _ in 0..self.size {
            cx.spawn(self.live(cx));
        }
    }

    async fn live(&mut self, cx: &mut Cx<Self>) {
        loop {
            cx.sleep(self.think.sample(cx)).await;
            let _ = self.next.call(()).await;
        }
    }
}

topology! {
    /// The machine repairman: the clients are the machines, their thinking is their running.
    pub(crate) Workshop {
        param clients: usize = 5;
        param think: Duration = 10s;
        param slots: usize = 1;
        node population: Population { size: clients, think: exp(think) };
        node server: Server { concurrency: slots, service: exp(1s) };
        population -> server;
    }
}

/// M/M/c//N: A. O. Allen, *Probability, Statistics and Queueing Theory* (1990), 5.2.6, and the
/// response time law R = N/X - Z.
#[test]
fn the_machine_repairman() {
    let cases = [
        (5, 10, 1, 480_000, [0.436_047_823_1, 1.466_632_178, 0.639_521_768_6, 0.436_047_823_1]),
        (10, 4, 2, 710_000, [1.708_532_481, 1.852_976_23, 3.165_870_075, 0.854_266_240_6]),
    ];
    for (clients, think, slots, needed, [throughput, response, number, use_of_slot]) in cases {
        let experiment = Experiment::new(needed, 200_000);
        let seconds_for = |customers: u64| seconds((customers as f64 / throughput) as u64);
        let params = WorkshopParams { clients, think: seconds(think), slots };
        let setup = Workshop::new(params).seed(4).warm_up(seconds_for(experiment.warm_up()));
        let report = setup.run_for(seconds_for(experiment.total())).unwrap();
        let server = report.node("server").requests();
        let measured = server.latency.as_ref().unwrap().mean.as_secs_f64();
        let slot = report.node("server").resource("slots").utilisation.unwrap();
        experiment
            .within(0.01, needed)
            .relative("X", server.throughput, throughput)
            .relative("R", measured, response)
            .relative("L", server.in_flight_mean, number)
            .relative("use", slot, use_of_slot);
        // The law in the form in which its error is known: that of the mean of the thinking times,
        // a share of 1/sqrt(needed) of Z. Four times that is at most 0.5 % of the whole cycle.
        let cycle = clients as f64 / server.throughput;
        experiment.within(0.005, needed).relative("R + Z", measured + think as f64, cycle);
    }
}

/// One thread that computes for one request after the other; what they wait for goes on meanwhile.
#[entity]
pub(crate) struct EventLoop {
    thread: Resource,
    cpu: Duration,
    io: Duration,
    #[state]
    ended: Vec<f64>,
}

#[entity]
impl EventLoop {
    async fn handle(&mut self, cx: &mut Cx<Self>, _request: ()) -> Outcome<()> {
        {
            let _thread = self.thread.acquire(1).await;
            cx.sleep(self.cpu).await;
        }
        cx.sleep(self.io).await;
        self.ended.push(cx.now().as_secs_f64());
        Ok(())
    }
}

topology! {
    /// Requests that come at once.
    pub(crate) Loop {
        source users: Arrivals::constant(Rate::per_second(1000.0)).in_batches(Distribution::constant(5)).limit(5) emits ();
        node server: EventLoop { thread: 1, cpu: 10ms, io: 100ms };
        users -> server;
    }
}

#[test]
fn an_event_loop_computes_in_turn_and_waits_for_all_at_once() {
    let mut simulation = Loop::new(default()).build().unwrap();
    simulation.run().unwrap();
    // All come at the first arrival, after one millisecond.
    assert_eq!(simulation.server.replicas[0].ended, [0.111, 0.121, 0.131, 0.141, 0.151]);
    assert!((simulation.report().node("server").requests().in_flight_max - 5.0).abs() < 1e-9);
}
