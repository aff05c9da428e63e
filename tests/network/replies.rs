//! The way back: replies, failures, silence, cancellation.

use super::support::{Ack, Receiver, Sender, assert_times};
use happysim::prelude::*;

topology! {
    Duplex {
        param script: Vec<(f64, u64)> = vec![(0.0, 1250)];
        param patience: Option<Duration> = None;
        param giving_up: GivingUp = GivingUp::Abandon;
        param loss: Varying<Probability> = 0%;
        param answer: Option<u64> = Some(1250);

        node sender: Sender { script: script, patience: patience, giving_up: giving_up };
        link wire: Link {
            latency: 50ms,
            bandwidth: 1Mbps,
            loss: loss,
            size_of: |packet| Bytes(packet.bytes),
            reply_size_of: |ack| Bytes(ack.bytes),
        };
        node receiver: Receiver { service: 1s, answer: answer };
        sender -> wire -> receiver;
    }
}

fn run(params: DuplexParams) -> Simulation<Duplex> {
    let mut simulation = Duplex::new(params).build().unwrap();
    simulation.run().unwrap();
    let report = simulation.report();
    assert!(report.node("wire").is_conserved() && report.node("receiver").is_conserved());
    simulation
}

fn outcomes(simulation: &Simulation<Duplex>) -> Vec<(f64, Outcome<Ack>)> {
    simulation.sender.replicas[0].outcomes.clone()
}

#[test]
fn a_reply_travels_back_under_the_same_parameters() {
    let simulation = run(default());
    let outcomes = outcomes(&simulation);
    assert_times(&[outcomes[0].0], &[0.01 + 0.05 + 1.0 + 0.01 + 0.05]);
    assert_eq!(outcomes[0].1, Ok(Ack { bytes: 1250 }));
    let link = &simulation.wire.replicas[0];
    assert_eq!((link.requests.bytes, link.replies.bytes), (1250, 1250));
    // The callee saw only its own second, the link's caller everything.
    let report = simulation.report();
    let mean = |node: &str| report.node(node).requests().latency.unwrap().mean.as_secs_f64();
    super::support::assert_near("receiver", mean("receiver"), 1.0, 1e-3);
    super::support::assert_near("wire", mean("wire"), 1.12, 1e-3);
}

#[test]
fn replies_wait_for_their_own_line_only() {
    // Both requests are sent at once and both replies leave 10 ms apart, whatever the requests
    // of the other direction do meanwhile.
    let script = vec![(0.0, 1250), (0.0, 1250), (1.055, 12_500)];
    let simulation = run(DuplexParams { script, ..default() });
    let times: Vec<f64> = outcomes(&simulation).iter().map(|outcome| outcome.0).collect();
    assert_times(&times, &[1.12, 1.13, 1.055 + 0.1 + 0.05 + 1.0 + 0.06]);
}

#[test]
fn a_failure_travels_back_and_has_no_size() {
    let simulation = run(DuplexParams { answer: None, ..default() });
    let outcomes = outcomes(&simulation);
    assert_times(&[outcomes[0].0], &[0.06 + 1.0 + 0.05]);
    assert_eq!(outcomes[0].1, Err(Failure::Rejected(Rejection::QueueFull)));
    assert_eq!(simulation.report().node("wire").requests().failed_for("queue full"), 1);
}

#[test]
fn a_lost_request_is_silence_that_only_a_timeout_ends() {
    let loss = Varying::from(Probability::new(1.0));
    let patience = Some(millis(300));
    let simulation = run(DuplexParams { loss: loss.clone(), patience, ..default() });
    assert_eq!(outcomes(&simulation), [(0.3, Err(Failure::TimedOut))]);
    assert_eq!(simulation.report().node("receiver").requests().arrived, 0);
    assert_eq!(simulation.wire.replicas[0].requests.lost, 1);

    let simulation = run(DuplexParams { loss, ..default() });
    assert_eq!(outcomes(&simulation), []);
    let stuck: Vec<String> = simulation.stuck().into_iter().map(|task| task.node).collect();
    assert_eq!(stuck, ["sender"], "the link has done its work, its caller waits for ever");
    assert_eq!(simulation.report().node("wire").requests().failed_for("lost"), 1);
}

#[test]
fn a_lost_reply_is_silence_too_although_the_work_was_done() {
    let loss = Varying::from(profile! { hold 0% for 500ms; hold 100% });
    let patience = Some(seconds(5));
    let simulation = run(DuplexParams { patience, loss, ..default() });
    assert_eq!(outcomes(&simulation), [(5.0, Err(Failure::TimedOut))]);
    assert_eq!(simulation.report().node("receiver").requests().ok, 1);
    let link = &simulation.wire.replicas[0];
    assert_eq!((link.requests.delivered, link.replies.lost), (1, 1));
}

#[test]
fn an_abandoned_request_still_arrives_and_a_cancelled_one_does_not() {
    let patience = Some(millis(30));
    let simulation = run(DuplexParams { patience, ..default() });
    assert_eq!(outcomes(&simulation), [(0.03, Err(Failure::TimedOut))]);
    assert_eq!(simulation.report().node("receiver").requests().ok, 1);

    let giving_up = GivingUp::Cancel;
    let simulation = run(DuplexParams { patience, giving_up, ..default() });
    assert_eq!(outcomes(&simulation), [(0.03, Err(Failure::TimedOut))]);
    assert_eq!(simulation.report().node("receiver").requests().arrived, 0);
    assert_eq!(simulation.report().node("wire").requests().failed_for("cancelled"), 1);
}

#[test]
fn cancelling_reaches_the_callee_across_the_link() {
    let (patience, giving_up) = (Some(millis(500)), GivingUp::Cancel);
    let simulation = run(DuplexParams { patience, giving_up, ..default() });
    let report = simulation.report();
    assert_eq!(report.node("receiver").requests().failed_for("cancelled"), 1);
    assert_eq!(report.node("wire").requests().failed_for("cancelled"), 1);
    assert_eq!(simulation.wire.replicas[0].replies.sent, 0);
}
