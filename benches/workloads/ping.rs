//! Calls to and fro that take no time.

use happysim::prelude::*;

use super::{Goal, Role, Sample, Workload, timed};
use crate::by_hand;

/// Calls, and calls again when the answer is there.
#[entity]
pub(crate) struct Caller {
    rounds: u64,
    #[state]
    sum: u64,
    #[port]
    next: Call<u64, u64>,
}

#[entity]
impl Caller {
    #[process]
    async fn play(&mut self, cx: &mut Cx<Self>) {
        for round in 0..self.rounds {
            let answer = self.next.call(round).await;
            self.sum += answer.unwrap_or(0);
        }
    }
}

/// Answers at once.
#[entity]
pub(crate) struct Echo {}

#[entity]
impl Echo {
    #[allow(clippy::unused_async, reason = "a handler is async also where it never waits")]
    async fn answer(&mut self, _cx: &mut Cx<Self>, number: u64) -> Outcome<u64> {
        Ok(number + 1)
    }
}

topology! {
    /// Two entities.
    pub(crate) Match {
        param rounds: u64 = 1;
        node caller: Caller { rounds: rounds };
        node echo: Echo;
        caller -> echo;
    }
}

const ROUNDS: u64 = 500_000;

fn declared(statistics: Statistics) -> Sample {
    let setup = Match::new(MatchParams { rounds: ROUNDS }).statistics(statistics);
    let mut simulation = setup.build().expect("the parameters are valid");
    let (elapsed, ()) =
        timed(|| simulation.run_for(seconds(1)).expect("the model has no mistakes"));
    let sum = simulation.caller.replicas[0].sum;
    Sample { elapsed, units: 2 * ROUNDS, figures: vec![("sum", sum as f64)] }
}

fn by_hand() -> Sample {
    let (elapsed, sum) = timed(|| by_hand::ping::run(std::hint::black_box(ROUNDS)));
    Sample { elapsed, units: 2 * ROUNDS, figures: vec![("sum", sum as f64)] }
}

pub(super) fn workload() -> Workload {
    let goal = Goal { ratio: 3.0, nanoseconds: Some(5.0) };
    Workload::new("ping", "message", 0.0)
        .by_hand("ring", by_hand)
        .form("declared, statistics off", Role::Measured(Some(goal)), || {
            declared(Statistics::Counts)
        })
        .declared("declared", None, || declared(Statistics::Full))
}
