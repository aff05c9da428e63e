//! Links against theory.

use super::support::{Ack, Packet, Receiver, assert_near};
use happysim::prelude::*;
use suite::oracle::scaled;

topology! {
    Queue {
        param count: u64 = 100_000;
        source packets: poisson(60/s).limit(count) emits Packet =
            |arrival| Packet { number: arrival.number, sent: arrival.at, bytes: 1250 };
        link wire: Link { latency: 10ms, bandwidth: 1Mbps, size: 1250B };
        node receiver: Meter {};
        packets -> wire -> receiver;
    }
}

/// Writes down how long each packet was on its way.
#[entity]
pub(crate) struct Meter {
    #[state]
    pub(crate) delays: Vec<f64>,
}

#[entity]
impl Meter {
    #[allow(clippy::unused_async, reason = "a handler")]
    async fn receive(&mut self, cx: &mut Cx<Self>, packet: Packet) -> Outcome<()> {
        self.delays.push(cx.now().since(packet.sent).as_secs_f64());
        Ok(())
    }
}

/// NET-MD1-v.
#[test]
fn a_line_is_an_m_d_1_queue() {
    let (count, factor) = scaled(642_000, 200_000);
    let mut simulation = Queue::new(QueueParams { count }).seed(7).build().unwrap();
    simulation.run().unwrap();
    let delays = &simulation.receiver.replicas[0].delays;
    let mut delays = delays[delays.len() / 20..].to_vec();
    let tolerance = 0.02 * factor;
    let mean = delays.iter().sum::<f64>() / delays.len() as f64;
    assert_near("delay", mean, 0.0275, 0.0275 * tolerance);
    assert_near("wait", mean - 0.02, 0.0075, 0.0075 * tolerance);
    delays.sort_by(f64::total_cmp);
    let p99 = delays[delays.len() * 99 / 100] - 0.02;
    assert_near("p99 of the wait", p99, 0.045_296_125_62, 0.0453 * tolerance);
    let busy = simulation.wire.replicas[0].requests.utilisation(simulation.now());
    assert_near("utilisation", busy, 0.6, 0.6 * tolerance);
}

topology! {
    Overtaking {
        param count: u64 = 400_000;
        param reorder: bool = true;
        source packets: constant(100/s).limit(count) emits Packet =
            |arrival| Packet { number: arrival.number, ..default() };
        link wire: Link { latency: 100ms, jitter: exp(20ms), reorder: reorder };
        node receiver: Receiver {};
        packets -> wire -> receiver;
    }
}

/// How many packets arrive before the one that was sent just before them.
fn overtakers(params: OvertakingParams) -> u64 {
    let mut simulation = Overtaking::new(params).seed(2).build().unwrap();
    simulation.run().unwrap();
    let arrivals = &simulation.receiver.replicas[0].arrivals;
    let mut position = vec![0; arrivals.len()];
    for (index, &(number, _)) in arrivals.iter().enumerate() {
        position[number as usize] = index;
    }
    position.windows(2).filter(|pair| pair[1] < pair[0]).count() as u64
}

/// NET-REORD-exp-v.
#[test]
fn jitter_reorders_as_often_as_it_should_and_only_where_it_may() {
    let (count, factor) = scaled(400_000, 100_000);
    let overtaken = overtakers(OvertakingParams { count, ..default() });
    let fraction = overtaken as f64 / (count - 1) as f64;
    assert_near("overtaken", fraction, 0.303_265_329_9, 0.005_814_402_388 * factor);
    assert_eq!(overtakers(OvertakingParams { count: 20_000, reorder: false }), 0);
}

/// Keeps a number of packets on their way.
#[entity]
pub(crate) struct Window {
    size: usize,
    #[port]
    out: Call<Packet, Ack>,
}

#[entity]
impl Window {
    #[process]
    async fn start(&mut self, cx: &mut Cx<Self>) {
        for _ in 0..self.size {
            cx.spawn(self.place(cx));
        }
    }

    async fn place(&mut self, cx: &mut Cx<Self>) {
        loop {
            let _ack = self.out.call(Packet { bytes: 1250, ..default() }).await;
        }
    }
}

topology! {
    Windowed {
        node client: Window { size: 10 };
        link wire: Link { latency: 50ms, bandwidth: 10Mbps, size_of: |packet| Bytes(packet.bytes) };
        node receiver: Receiver {};
        client -> wire -> receiver;
    }
}

/// NET-BDP-v.
#[test]
fn a_window_limits_the_throughput_to_window_by_round_trip() {
    let mut simulation = Windowed::new(default()).build().unwrap();
    simulation.run_for(seconds(210)).unwrap();
    let line = &simulation.wire.replicas[0].requests;
    assert!(line.delivered > 20_000);
    let throughput = (line.delivered * 1250 * 8) as f64 / simulation.now().as_secs_f64();
    assert_near("throughput", throughput, 990_099.009_9, 990_099.0 * 0.005);
    let round_trip = simulation.report().node("wire").requests().latency.unwrap().mean;
    let product = round_trip.as_secs_f64() * 10e6 / (1250.0 * 8.0);
    assert_near("bandwidth-delay product", product, 101.0, 0.5);
}
