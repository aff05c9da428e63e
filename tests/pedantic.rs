//! Generated code draws no warnings that its user would have to allow.

#![deny(warnings, clippy::pedantic)]
#![allow(missing_docs, reason = "entities of a test")]
#![deny(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::cast_lossless,
    clippy::must_use_candidate,
    clippy::single_match_else,
    clippy::inline_always,
    clippy::missing_errors_doc,
    clippy::module_name_repetitions
)]

use happysim::prelude::*;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ask;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer;

/// Starts a call and waits for it by reference, so that it can ask what became of it.
#[entity]
struct Front {
    #[state]
    answered: u32,
    #[shared]
    lock: Mutex,
    #[port]
    back: Call<Ask, Answer>,
    #[port]
    log: Send<Ask>,
}

#[entity]
impl Front {
    async fn ask(&mut self, cx: &mut Cx<Self>, ask: Ask) -> Outcome<Answer> {
        let _held = self.lock.lock().await;
        let mut handle: Handle<FrontBack> = self.back.start(cx, ask.clone());
        let answer = (&mut handle).await?;
        self.answered += 1;
        self.log.send(cx, ask);
        Ok(answer)
    }
}

#[entity]
struct Log {
    #[state]
    lines: u32,
}

#[entity]
impl Log {
    #[allow(clippy::unused_async, reason = "a handler is async also where it never waits")]
    async fn write(&mut self, _cx: &mut Cx<Self>, _line: Ask) -> Outcome<()> {
        self.lines += 1;
        Ok(())
    }
}

const FIRST: usize = 0;

topology! {
    Whole {
        param rate: Rate = 10/s;
        param fronts: usize = 2;
        source users: constant(rate) emits Ask;
        node lb: LoadBalancer<RoundRobin>;
        node front[fronts]: Front;
        node servers[3]: Server<Ask, Answer> { service: exp(5ms), concurrency: 4 };
        node back[2]: Client { timeout: 40ms };
        node log: Log;
        link cable: Link::datacenter() { loss: 0.1% };
        shared lock: Mutex;
        users -> retry(fixed(3, 100ms)) -> timeout(150ms) -> cable -> lb -> bulkhead(4) -> front[*];
        front.back -> breaker(failures: 5, open: 1s) -> back[same];
        front.log -> log;
        front.lock -> lock;
        back -> hedge(20ms, up_to: 1) -> servers[FIRST];
    }
}

topology! {
    /// Generic over the messages.
    Generic<T: Message + Default, R: Message + Default> {
        source users: poisson(30/s) emits T;
        node server[2]: Server<T, R> { service: exp(5ms) };
        users -> timeout(1s) -> server[1];
    }
}

#[test]
fn they_run() {
    let mut simulation = Whole::new(default()).build().expect("valid");
    simulation.run_for(seconds(2)).expect("runs");
    assert!(simulation.front.replicas[0].answered > 0);
    assert!(simulation.log.replicas[0].lines > 0);
    let mut simulation = Generic::<Ask, Answer>::new(default()).build().expect("valid");
    simulation.run_for(seconds(2)).expect("runs");
    assert!(simulation.report().node("users.timeout").requests().arrived > 0);
}
