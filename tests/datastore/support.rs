//! What the tests share: a client that records the outcomes of a script of requests.

use happysim::model::entity::Unwired;
use happysim::prelude::*;

/// When something happened, in microseconds, and what.
pub type Record<R> = (u64, Outcome<R>);

pub fn micros_of(at: Instant) -> u64 {
    at.since(Instant::ZERO).as_nanos() / 1_000
}

/// Sends its requests at given instants, without waiting for replies, and records the outcomes
/// in the order in which they come.
#[entity(relay)]
pub struct Recorder<Request: Message = Unwired, Reply: Message = Unwired> {
    script: Vec<(Duration, Request)>,
    #[state]
    pub records: Vec<Record<Reply>>,
    #[port]
    out: Call<Request, Reply>,
}

#[entity]
impl<Request: Message, Reply: Message> Recorder<Request, Reply> {
    #[process]
    async fn run(&mut self, cx: &mut Cx<Self>) {
        let script: Vec<(Duration, Request)> = self.script.clone();
        for (at, request) in script {
            cx.sleep_until(Instant::ZERO + at).await;
            cx.spawn(self.one(cx, request));
        }
    }

    async fn one(&mut self, cx: &mut Cx<Self>, request: Request) {
        let outcome: Outcome<Reply> = self.out.call(request).await;
        self.records.push((micros_of(cx.now()), outcome));
    }
}

/// Sends its requests one after another, each when the one before is answered.
#[entity(relay)]
pub struct Sequence<Request: Message = Unwired, Reply: Message = Unwired> {
    script: Vec<Request>,
    #[state]
    pub records: Vec<Record<Reply>>,
    #[port]
    out: Call<Request, Reply>,
}

#[entity]
impl<Request: Message, Reply: Message> Sequence<Request, Reply> {
    #[process]
    async fn run(&mut self, cx: &mut Cx<Self>) {
        let script: Vec<Request> = self.script.clone();
        for request in script {
            let outcome: Outcome<Reply> = self.out.call(request).await;
            self.records.push((micros_of(cx.now()), outcome));
        }
    }
}

#[track_caller]
pub fn assert_near(what: &str, found: f64, expected: f64, relative: f64) {
    let error = (found - expected).abs() / expected;
    assert!(error <= relative, "{what}: {found}, expected {expected} +-{relative}");
}
