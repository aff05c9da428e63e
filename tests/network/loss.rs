//! Loss: each message on its own, and in bursts.

use super::support::{Packet, Receiver, assert_near};
use happysim::prelude::*;
use suite::oracle::scaled;

topology! {
    Lossy {
        param count: u64 = 100_000;
        param loss: Varying<Probability> = 0%;
        param bursts: Option<BurstLoss> = None;

        source packets: constant(1000/s).limit(count) emits Packet =
            |arrival| Packet { number: arrival.number, ..default() };
        link wire: Link { latency: 10ms, loss: loss, bursts: bursts };
        node receiver: Receiver {};
        packets -> wire -> receiver;
    }
}

fn run(params: LossyParams) -> Simulation<Lossy> {
    let mut simulation = Lossy::new(params).seed(3).build().unwrap();
    simulation.run().unwrap();
    let line = &simulation.wire.replicas[0].requests;
    assert_eq!(line.sent, line.delivered + line.lost);
    assert_eq!(simulation.receiver.replicas[0].arrivals.len() as u64, line.delivered);
    assert!(simulation.report().node("wire").is_conserved());
    simulation
}

/// NET-LOSS-v.
#[test]
fn messages_are_lost_with_the_given_probability() {
    let (count, factor) = scaled(1_000_000, 100_000);
    let simulation = run(LossyParams { count, loss: Probability::new(0.01).into(), ..default() });
    let line = &simulation.wire.replicas[0].requests;
    assert_eq!(line.sent, count);
    let fraction = line.lost as f64 / count as f64;
    assert_near("lost", fraction, 0.01, 0.000_397_994_974_8 * factor);
}

/// Lengths of the runs of missing numbers.
fn gaps(simulation: &Simulation<Lossy>) -> Vec<u64> {
    let arrived = &simulation.receiver.replicas[0].arrivals;
    let gaps = arrived.windows(2).map(|pair| pair[1].0 - pair[0].0 - 1);
    gaps.filter(|&gap| gap > 0).collect()
}

#[test]
fn bursts_have_their_share_and_their_length() {
    // Bad for 1 / 0.2 = 5 messages on average, 1 message in 21.
    let bursts = Some(BurstLoss::new(Probability::new(0.01), Probability::new(0.2)));
    let simulation = run(LossyParams { count: 400_000, bursts, ..default() });
    let line = &simulation.wire.replicas[0].requests;
    // Losses come in runs of mean 5 and variance 20: the variance of their number is about
    // that of n x 0.01 x 0.95 runs, each of mean square 45. Four standard deviations.
    let fraction = line.lost as f64 / line.sent as f64;
    assert_near("lost", fraction, 0.01 / 0.21, 0.0042);
    let gaps = gaps(&simulation);
    let mean = gaps.iter().sum::<u64>() as f64 / gaps.len() as f64;
    assert_near("length", mean, 5.0, 4.0 * (20.0 / gaps.len() as f64).sqrt());
}

#[test]
fn loss_while_good_and_while_bad_have_their_own_probabilities() {
    // Half of the time bad, and then half is lost; a tenth while good.
    let half = Probability::new(0.5);
    let bursts = BurstLoss::new(Probability::new(0.1), Probability::new(0.1));
    let bursts = Some(bursts.while_good(Probability::new(0.1)).while_bad(half));
    let simulation = run(LossyParams { bursts, ..default() });
    let line = &simulation.wire.replicas[0].requests;
    assert_near("lost", line.lost as f64 / line.sent as f64, 0.3, 0.012);
}

#[test]
fn certain_bursts_lose_everything_from_the_first_message() {
    let bursts = Some(BurstLoss::new(Probability::new(1.0), Probability::new(0.0)));
    let simulation = run(LossyParams { count: 100, bursts, ..default() });
    assert_eq!(simulation.wire.replicas[0].requests.lost, 100);
}

#[test]
fn a_burst_is_short_in_a_topology() {
    topology! {
        Words {
            source packets: constant(1000/s).limit(2_000) emits Packet;
            link wire: Link::local() { bursts: burst_loss(50%, 50%) };
            node receiver: Receiver {};
            packets -> wire -> receiver;
        }
    }
    let report = Words::new(default()).run().unwrap();
    let lost = report.node("wire").metric("requests lost").as_f64();
    assert_near("lost", lost, 1_000.0, 100.0);
}
