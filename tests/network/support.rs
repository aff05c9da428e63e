//! What the tests of links share: packets, a sender, a receiver that writes down what arrives.

use happysim::prelude::*;

/// What is sent: when, and how many bytes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Packet {
    pub(crate) number: u64,
    pub(crate) bytes: u64,
    pub(crate) sent: Instant,
}

pub(crate) fn seconds_of(at: Instant) -> f64 {
    at.as_secs_f64()
}

/// Sends packets of these sizes at these times in seconds, and writes down the outcomes.
#[entity]
pub(crate) struct Sender {
    script: Vec<(f64, u64)>,
    #[param(default = None)]
    patience: Option<Duration>,
    #[param(default = GivingUp::Abandon)]
    giving_up: GivingUp,
    #[state]
    pub(crate) outcomes: Vec<(f64, Outcome<Ack>)>,
    #[port]
    out: Call<Packet, Ack>,
}

#[entity]
impl Sender {
    #[process]
    async fn run(&mut self, cx: &mut Cx<Self>) {
        let script: Vec<(f64, u64)> = self.script.clone();
        let mut number: u64 = 0;
        for (at, bytes) in script {
            let at: Instant = Instant::from_secs_f64(at);
            let packet: Packet = Packet { number, bytes, sent: at };
            number += 1;
            cx.sleep_until(at).await;
            cx.spawn(self.one(cx, packet));
        }
    }

    async fn one(&mut self, cx: &mut Cx<Self>, packet: Packet) {
        let (patience, giving_up) = (self.patience, self.giving_up);
        let outcome = self.out.call(packet).timeout_if(patience).giving_up(giving_up).await;
        self.outcomes.push((seconds_of(cx.now()), outcome));
    }
}

/// What comes back.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Ack {
    pub(crate) bytes: u64,
}

/// Writes down what arrives, and answers after a while.
#[entity]
pub(crate) struct Receiver {
    #[param(default = Duration::ZERO)]
    service: Varying<Duration>,
    /// The size of the answer; none: it refuses.
    #[param(default = Some(0))]
    answer: Option<u64>,
    #[state]
    pub(crate) arrivals: Vec<(u64, f64)>,
}

#[entity]
impl Receiver {
    async fn receive(&mut self, cx: &mut Cx<Self>, packet: Packet) -> Outcome<Ack> {
        self.arrivals.push((packet.number, seconds_of(cx.now())));
        let service = self.service.at(cx.now());
        cx.sleep(service).await;
        match self.answer {
            Some(bytes) => Ok(Ack { bytes }),
            None => Err(Failure::Rejected(Rejection::QueueFull)),
        }
    }
}

#[track_caller]
pub(crate) fn assert_near(what: &str, found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{what}: {found}, not {expected} +-{tolerance}");
}

#[track_caller]
pub(crate) fn assert_times(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len(), "{found:?}, not {expected:?}");
    for (found_at, expected_at) in found.iter().zip(expected) {
        assert!((found_at - expected_at).abs() <= 1e-9, "{found:?}, not {expected:?}");
    }
}
