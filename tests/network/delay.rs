//! How long a message takes: the line, the bandwidth, the latency, the order.

use super::support::{Packet, Receiver, Sender, assert_times};
use happysim::prelude::*;

topology! {
    Pipe {
        param script: Vec<(f64, u64)> = Vec::new();
        param latency: Distribution = 0ms;
        param bandwidth: Option<Varying<Bandwidth>> = None;
        param loss: Varying<Probability> = 0%;
        param buffer: Option<Varying<Bytes>> = None;
        param reorder: bool = false;

        node sender: Sender { script: script };
        link wire: Link {
            latency: latency,
            bandwidth: bandwidth,
            loss: loss,
            buffer: buffer,
            reorder: reorder,
            size_of: |packet| Bytes(packet.bytes),
        };
        node receiver: Receiver {};
        sender -> wire -> receiver;
    }
}

fn run(params: PipeParams) -> Simulation<Pipe> {
    let mut simulation = Pipe::new(params).build().unwrap();
    simulation.run().unwrap();
    let report = simulation.report();
    assert!(report.node("wire").is_conserved());
    let line = &simulation.wire.replicas[0].requests;
    assert_eq!(line.sent, line.delivered + line.lost + line.dropped);
    simulation
}

fn arrivals(simulation: &Simulation<Pipe>) -> Vec<f64> {
    simulation.receiver.replicas[0].arrivals.iter().map(|&(_, at)| at).collect()
}

fn megabit() -> Varying<Bandwidth> {
    Bandwidth::bits_per_second(1e6).into()
}

/// NET-LINK1-v.
#[test]
fn one_packet_takes_its_transmission_and_the_latency() {
    let latency = millis(50).into();
    let params =
        PipeParams { script: vec![(0.0, 1500)], latency, bandwidth: Some(megabit()), ..default() };
    assert_times(&arrivals(&run(params)), &[0.062]);
}

/// NET-FIFO-v.
#[test]
fn packets_wait_for_the_line_first_in_first_out() {
    let script = vec![(0.0, 1500), (0.0, 1500), (0.001, 40), (0.05, 1500), (0.051, 500)];
    let latency = millis(20).into();
    let simulation = run(PipeParams { script, latency, bandwidth: Some(megabit()), ..default() });
    assert_times(&arrivals(&simulation), &[0.032, 0.044, 0.044_32, 0.082, 0.086]);
    let line = &simulation.wire.replicas[0].requests;
    assert_eq!(line.bytes, 5040);
    assert_times(&[line.busy_until(simulation.now()).as_secs_f64()], &[0.040_32]);
    let report = simulation.report();
    assert_eq!(report.node("wire").metric("requests bytes").as_f64(), 5040.0);
    let busy = 0.040_32 / simulation.now().as_secs_f64();
    assert_times(&[report.node("wire").metric("requests line busy").as_f64()], &[busy]);
}

#[test]
fn ten_packets_at_once_arrive_one_transmission_apart() {
    let latency = millis(100).into();
    let script = vec![(0.0, 1250); 10];
    let simulation = run(PipeParams { script, latency, bandwidth: Some(megabit()), ..default() });
    let expected: Vec<f64> = (1..=10).map(|k| 0.1 + 0.01 * f64::from(k)).collect();
    assert_times(&arrivals(&simulation), &expected);
}

#[test]
fn without_a_bandwidth_nobody_waits() {
    let latency = millis(7).into();
    let script = vec![(0.0, 1_000_000), (0.0, 1)];
    let simulation = run(PipeParams { script, latency, ..default() });
    assert_times(&arrivals(&simulation), &[0.007, 0.007]);
    assert_eq!(simulation.wire.replicas[0].requests.utilisation(simulation.now()), 0.0);
}

#[test]
fn the_line_counts_as_busy_only_as_far_as_it_has_come() {
    let params =
        PipeParams { script: vec![(0.0, 1250); 10], bandwidth: Some(megabit()), ..default() };
    let mut simulation = Pipe::new(params).build().unwrap();
    simulation.run_for(millis(50)).unwrap();
    let line = &simulation.wire.replicas[0].requests;
    assert_times(&[line.busy_until(simulation.now()).as_secs_f64()], &[0.05]);
    assert_eq!(line.utilisation(simulation.now()), 1.0);
}

#[test]
fn a_full_buffer_drops_the_last_to_come() {
    // The first is being transmitted, two wait; 0.015 s later the second is.
    let script = vec![(0.0, 1250), (0.0, 1250), (0.0, 1250), (0.0, 1250), (0.015, 1250)];
    let buffer = Some(Bytes(2500).into());
    let simulation = run(PipeParams { script, bandwidth: Some(megabit()), buffer, ..default() });
    assert_times(&arrivals(&simulation), &[0.01, 0.02, 0.03, 0.04]);
    let line = &simulation.wire.replicas[0].requests;
    assert_eq!((line.sent, line.delivered, line.dropped, line.lost), (5, 4, 1, 0));
    assert_eq!(line.bytes, 5000);
    assert_eq!(simulation.report().node("wire").requests().failed_for("lost"), 1);
}

#[test]
fn an_idle_line_needs_no_buffer() {
    let buffer = Some(Bytes(0).into());
    let script = vec![(0.0, 1250), (0.005, 10), (0.02, 1250)];
    let simulation = run(PipeParams { script, bandwidth: Some(megabit()), buffer, ..default() });
    assert_times(&arrivals(&simulation), &[0.01, 0.03]);
}

/// A latency that falls: the second would overtake the first.
fn falling() -> PipeParams {
    let latency = Distribution::from(profile! { hold 100ms for 1s; hold 10ms });
    PipeParams { script: vec![(0.99, 0), (1.01, 0)], latency, ..default() }
}

#[test]
fn order_is_kept_unless_reordering_is_asked_for() {
    let kept = run(falling());
    assert_eq!(kept.receiver.replicas[0].arrivals, [(0, 1.09), (1, 1.09)]);
    let free = run(PipeParams { reorder: true, ..falling() });
    assert_eq!(free.receiver.replicas[0].arrivals, [(1, 1.02), (0, 1.09)]);
}

#[test]
fn latency_and_bandwidth_are_those_of_the_start_of_the_transmission() {
    // The second starts at 1 s, when the line is ten times as fast and the way half as long.
    let bandwidth = Some(Varying::from(profile! { hold 10kbps for 1s; hold 100kbps }));
    let latency = Distribution::from(profile! { hold 1s for 1s; hold 500ms });
    let script = vec![(0.0, 1250), (0.5, 1250)];
    let simulation = run(PipeParams { script, latency, bandwidth, ..default() });
    assert_times(&arrivals(&simulation), &[2.0, 2.0]);
    let script = vec![(0.0, 1250), (0.5, 12_500)];
    let bandwidth = Some(Varying::from(profile! { hold 10kbps for 1s; hold 100kbps }));
    let latency = Distribution::from(profile! { hold 1s for 1s; hold 500ms });
    let simulation = run(PipeParams { script, latency, bandwidth, ..default() });
    assert_times(&arrivals(&simulation), &[2.0, 2.5]);
}

/// NET-PART-v: a partition is a loss of all that is sent while it lasts.
#[test]
fn a_partition_loses_what_is_sent_while_it_lasts() {
    let script = (0..10).map(|k| (0.5 + f64::from(k), 100)).collect();
    let loss = Varying::from(profile! { hold 0% for 2s; hold 100% for 4s; hold 0% });
    let simulation = run(PipeParams { script, latency: millis(100).into(), loss, ..default() });
    assert_times(&arrivals(&simulation), &[0.6, 1.6, 6.6, 7.6, 8.6, 9.6]);
    assert_eq!(simulation.wire.replicas[0].requests.lost, 4);
}

#[test]
fn several_senders_share_the_line() {
    topology! {
        Shared {
            node left: Sender { script: vec![(0.0, 1250)] };
            node right: Sender { script: vec![(0.0, 1250)] };
            link wire: Link { bandwidth: 1Mbps, size: 1250B };
            node receiver: Receiver {};
            left -> wire -> receiver;
            right -> wire;
        }
    }
    let mut simulation = Shared::new(default()).build().unwrap();
    simulation.run().unwrap();
    assert_eq!(simulation.receiver.replicas[0].arrivals, [(0, 0.01), (0, 0.02)]);
}

#[test]
fn a_bandwidth_of_nothing_is_refused() {
    let bandwidth = Some(Bandwidth::bits_per_second(0.0).into());
    let error = Pipe::new(PipeParams { bandwidth, ..default() }).build().unwrap_err().to_string();
    assert!(error.contains("wire") && error.contains("bandwidth"), "{error}");
}

#[test]
fn presets_are_starting_points() {
    topology! {
        Tour {
            source packets: constant(10/s).limit(50) emits Packet;
            link local: Link::local();
            link datacenter: Link::datacenter();
            link cross_region: Link::cross_region();
            link internet: Link::internet() { loss: 0% };
            link satellite: Link::satellite() { loss: 0%, jitter: 0ms };
            link mobile_3g: Link::mobile_3g() { loss: 0% };
            link mobile_4g: Link::mobile_4g() { loss: 0% };
            link lossy: Link::lossy(20%);
            node receiver: Receiver {};
            packets -> local -> datacenter -> cross_region -> internet -> satellite -> mobile_3g
                -> mobile_4g -> lossy -> receiver;
        }
    }
    let report = Tour::new(default()).seed(1).run().unwrap();
    let node = |name: &str| report.node(name).requests().clone();
    assert!(node("receiver").arrived < 50 && node("receiver").arrived > 20);
    assert_eq!(node("lossy").arrived, 50);
    let fastest = |name: &str| node(name).latency.unwrap().min.as_secs_f64();
    // There and back: 2 x (0.1 + 100 + 85 + 150 + 300 + 100 + 50 + 0.25 + 0.1) ms and jitter.
    assert!(fastest("lossy") >= 0.2 && fastest("mobile_4g") >= 0.37);
    assert!(fastest("satellite") >= 0.6 + fastest("mobile_3g"), "{}", fastest("satellite"));
    assert!(fastest("local") >= 1.5706, "{}", fastest("local"));
}
