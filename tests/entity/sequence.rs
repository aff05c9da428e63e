//! Steps in plain sequence: calls, sleeps, claims, `?`, steps inside expressions.

use happysim::time::{Instant, millis};
use happysim::{Call, Cx, GivingUp, Handle, Outcome, Resource, entity, first};

use crate::bench::{Query, failing, log, query, run, states};

#[derive(Clone, Debug)]
pub(crate) struct Request {
    id: u64,
    fails: bool,
}

#[entity]
pub(crate) struct Api {
    workers: Resource,
    #[state]
    served: u64,
    #[port]
    db: Call<Query, u64>,
}

#[entity]
impl Api {
    /// The common handler: a claim, some time, a call.
    async fn handle(&mut self, cx: &mut Cx<Self>, req: Request) -> Outcome<u64> {
        let _worker = self.workers.acquire(1).await;
        log(cx, format!("begin {}", req.id));
        cx.sleep(millis(5)).await;
        let rows = self.db.call(if req.fails { failing(1, 10) } else { query(req.id, 10) }).await?;
        self.served += 1;
        log(cx, format!("served {}", self.served));
        Ok(rows + 100)
    }
}

fn api(workers: usize) -> Api {
    Api::parameters().workers(Resource::new(workers)).build().unwrap()
}

#[test]
fn a_claim_is_held_to_the_end() {
    let request = |id| Request { id, fails: false };
    let log = run(api(1), vec![(0, request(1)), (1, request(2))]);
    assert_eq!(
        log,
        [
            "0 begin 1",
            "15 served 1",
            "15 answer Ok(101)",
            "15 begin 2",
            "30 served 2",
            "30 answer Ok(102)"
        ]
    );
}

#[test]
fn a_failure_ends_the_handler_early() {
    let log = run(api(1), vec![(0, Request { id: 1, fails: true })]);
    assert_eq!(log, ["0 begin 1", "15 answer Err(Crashed)"]);
}

#[test]
fn there_is_a_state_for_each_step() {
    use happysim::__private::Machine;
    assert_eq!(states(<ApiHandle>::INFO), ["AcquireWorkers", "Sleep", "CallDb"]);
    assert_eq!(<ApiHandle>::INFO.states[2].step, "self.db.call(..)");
    let diagram = <ApiHandle>::INFO.diagram;
    for edge in
        ["[*] --> AcquireWorkers", "AcquireWorkers --> Sleep", "Sleep --> CallDb", "CallDb --> [*]"]
    {
        assert!(diagram.contains(edge), "{edge} is missing in {diagram}");
    }
}

#[entity]
pub(crate) struct Nested {
    #[state(Resource::new(1))]
    gate: Resource,
    #[port]
    db: Call<Query, u64>,
}

fn sum(a: u64, b: u64) -> u64 {
    a * 10 + b
}

#[entity]
impl Nested {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        // Two steps in one expression, one behind the other.
        let both: u64 =
            sum(self.db.call(query(id, 3)).await?, self.db.call(query(id + 1, 4)).await?);
        log(cx, format!("{both}"));
        // A call inside a call.
        let inner = self.db.call(query(self.db.call(query(7, 1)).await?, 1)).await?;
        let start: Instant = cx.now();
        cx.sleep_until(start.saturating_add(millis(2))).await;
        cx.yield_now().await;
        // The format string captures a local across a step.
        log(cx, format!("{id} {inner} {both:>4}"));
        if self.gate.acquire(1).timeout(millis(1)).await.is_ok()
            && self.db.call(query(1, 0)).await? == 1
        {
            return Ok(9);
        }
        Ok(self.db.call(query(id, 1)).await? + 1)
    }
}

#[test]
fn steps_inside_expressions_run_in_order() {
    let nested = Nested::parameters().build().unwrap();
    let log = run(nested, vec![(0, 1)]);
    assert_eq!(log, ["7 12", "11 1 7   12", "11 answer Ok(9)"]);
}

/// Locals that a method takes, in the scope of a later step.
#[entity]
pub(crate) struct Taken {
    #[port]
    db: Call<Query, u64>,
}

/// What a method without a telling name takes.
struct Plan(Vec<u64>);

impl Plan {
    fn carry_out(self) -> u64 {
        self.0.into_iter().sum()
    }
}

fn plan(id: u64) -> Plan {
    Plan(vec![id, 1])
}

#[entity]
impl Taken {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let mut calls: Vec<Handle<TakenDb>> = Vec::new();
        let call = self.db.call(query(id, 5)).giving_up(GivingUp::Abandon);
        calls.push(call.start(cx));
        let plan = plan(id);
        let total: u64 = plan.carry_out();
        let answer: Option<(usize, Outcome<u64>)> = first(&mut calls).await;
        cx.sleep(millis(1)).await;
        let rows = answer.map_or(Ok(0), |(_, outcome)| outcome)?;
        Ok(rows + total)
    }
}

#[test]
fn what_a_method_takes_is_not_looked_for_at_the_step() {
    let taken = Taken::parameters().build().unwrap();
    assert_eq!(run(taken, vec![(0, 7)]).last().unwrap(), "6 answer Ok(15)");
}

/// A name that means another one for a while, behind which the first is needed again.
#[entity]
pub(crate) struct Hiding {
    #[port]
    db: Call<Query, u64>,
}

#[entity]
impl Hiding {
    async fn handle(&mut self, cx: &mut Cx<Self>, turns: u64) -> Outcome<u64> {
        let mut count: u64 = 5;
        for turn in 0..turns {
            log(cx, format!("{count}"));
            count = self.db.call(query(turn, 1)).await?;
            if turn % 2 == 0 {
                let count: u64 = 77;
                log(cx, format!("{count}"));
                cx.sleep(millis(2)).await;
            }
        }
        Ok(count)
    }
}

#[test]
fn a_hidden_local_is_seen_again() {
    let hiding = Hiding::parameters().build().unwrap();
    let log = run(hiding, vec![(0, 3)]);
    assert_eq!(log, ["0 5", "1 77", "3 0", "4 1", "5 77", "7 answer Ok(2)"]);
}
