//! What is in scope stays until the end of its scope, and goes in reverse order of declaration.

use happysim::time::millis;
use happysim::{Call, Cx, Failure, Outcome, Permit, Resource, entity};

use crate::bench::{Query, Tracer, failing, log, query, run};

#[entity]
pub(crate) struct Dropper {
    #[port]
    db: Call<Query, u64>,
}

fn consume(_: Tracer) {}

#[entity]
impl Dropper {
    async fn handle(&mut self, cx: &mut Cx<Self>, kind: u64) -> Outcome<u64> {
        let _outer = Tracer::new("outer");
        let a = Tracer::new("a");
        let _b = Tracer("b");
        {
            let _inner: Tracer = Tracer::new("inner");
            cx.sleep(millis(1)).await;
            let _second = Tracer::new("second");
            log(cx, "end of block");
        }
        log(cx, "behind block");
        if kind == 1 {
            consume(a);
        } else {
            cx.sleep(millis(1)).await;
        }
        log(cx, "joined");
        cx.sleep(millis(1)).await;
        if kind == 2 {
            self.db.call(failing(1, 1)).await?;
        }
        let a = Tracer::new("a2");
        for turn in 0..2u64 {
            let _turn = Tracer::new("turn");
            cx.sleep(millis(1)).await;
            if turn == 1 {
                break;
            }
        }
        let _a = a;
        let Ok(_) = self.db.call(query(1, 1)).await else { return Err(Failure::Lost) };
        log(cx, "end");
        Ok(kind)
    }
}

#[test]
fn locals_are_dropped_in_reverse_order_at_the_end_of_their_scope() {
    let dropper = || Dropper::parameters().build().unwrap();
    assert_eq!(
        run(dropper(), vec![(0, 0)]),
        [
            "1 end of block",
            "drop second",
            "drop inner",
            "1 behind block",
            "2 joined",
            "drop turn",
            "drop turn",
            "6 end",
            "drop a2",
            "drop b",
            "drop a",
            "drop outer",
            "6 answer Ok(0)"
        ]
    );
    assert_eq!(
        run(dropper(), vec![(0, 1)]),
        [
            "1 end of block",
            "drop second",
            "drop inner",
            "1 behind block",
            "drop a",
            "1 joined",
            "drop turn",
            "drop turn",
            "5 end",
            "drop a2",
            "drop b",
            "drop outer",
            "5 answer Ok(1)"
        ]
    );
    assert_eq!(
        run(dropper(), vec![(0, 2)]),
        [
            "1 end of block",
            "drop second",
            "drop inner",
            "1 behind block",
            "2 joined",
            "drop b",
            "drop a",
            "drop outer",
            "4 answer Err(Crashed)"
        ]
    );
}

#[entity]
pub(crate) struct Shadows {
    #[state(Resource::new(2))]
    gate: Resource,
    #[port]
    db: Call<Query, u64>,
}

#[entity]
impl Shadows {
    async fn handle(&mut self, cx: &mut Cx<Self>, kind: u64) -> Outcome<u64> {
        let permit = self.gate.acquire(1).await;
        let first: &'static str = "first";
        let permit = (permit, self.gate.acquire(1).await);
        let x: Tracer = Tracer::new("x1");
        cx.sleep(millis(1)).await;
        let x = Tracer(if x.0 == "x1" { "x2" } else { "?" });
        {
            let x = Tracer(if x.0 == "x2" { "x3" } else { "?" });
            cx.sleep(millis(1)).await;
            log(cx, format!("{} {first}", x.0));
        }
        log(cx, x.0);
        let rows = self.db.call(query(kind, 1)).await?;
        let rows = self.db.call(query(rows + 1, 1)).await?;
        let held: (Permit, Permit) = permit;
        cx.sleep(millis(1)).await;
        drop(held);
        cx.sleep(millis(1)).await;
        Ok(rows)
    }
}

#[test]
fn hidden_variables_are_kept_too() {
    let shadows = Shadows::parameters().build().unwrap();
    assert_eq!(
        run(shadows, vec![(0, 5), (1, 7)]),
        [
            "2 x3 first",
            "drop x3",
            "2 x2",
            "drop x2",
            "drop x1",
            "6 answer Ok(6)",
            "7 x3 first",
            "drop x3",
            "7 x2",
            "drop x2",
            "drop x1",
            "11 answer Ok(8)"
        ]
    );
}

/// Gives a local another value behind a step.
#[entity]
pub(crate) struct Replacing {}

#[entity]
impl Replacing {
    async fn handle(&mut self, cx: &mut Cx<Self>, turns: u64) -> Outcome<u64> {
        for turn in 0..turns {
            let mut first = Tracer::new("first");
            cx.sleep(millis(1)).await;
            log(cx, format!("turn {turn}"));
            first = Tracer::new("second");
            log(cx, format!("now {}", first.0));
            let _last = Tracer::new("last");
            cx.sleep(millis(1)).await;
        }
        Ok(turns)
    }
}

#[test]
fn a_value_that_is_replaced_is_dropped_there() {
    let log = run(Replacing::parameters().build().unwrap(), vec![(0, 2)]);
    let turn = |turn, second| [turn, "drop first", second, "drop last", "drop second"];
    let turns = [turn("1 turn 0", "1 now second"), turn("3 turn 1", "3 now second")];
    assert_eq!(log[..10], turns.concat());
}

/// Hides a number and a tracer at once, both older than another tracer.
#[entity]
pub(crate) struct HidingBoth {}

#[entity]
impl HidingBoth {
    async fn handle(&mut self, cx: &mut Cx<Self>, count: u64) -> Outcome<u64> {
        let number: u64 = count + 1;
        let tracer: Tracer = Tracer::new("older");
        let _younger: Tracer = Tracer::new("younger");
        if let (number, Some(tracer)) = (number + 7, Some(Tracer::new("inner"))) {
            log(cx, format!("{number} {}", tracer.0));
            if count == 0 {
                return Ok(number);
            }
            cx.sleep(millis(1)).await;
        }
        log(cx, format!("{number} {}", tracer.0));
        Ok(number)
    }
}

#[test]
fn what_is_hidden_together_is_dropped_in_order() {
    let run = |count| run(HidingBoth::parameters().build().unwrap(), vec![(0, count)]);
    assert_eq!(run(0)[..4], ["0 8 inner", "drop inner", "drop younger", "drop older"]);
    let behind = ["drop inner", "1 2 older", "drop younger", "drop older"];
    assert_eq!(run(1)[..5], [&["0 9 inner"][..], &behind].concat());
}

/// Given away on one of two ways behind the last step, after a new value has come.
#[entity]
pub(crate) struct Giving {}

#[entity]
impl Giving {
    async fn handle(&mut self, cx: &mut Cx<Self>, turns: u64) -> Outcome<u64> {
        for turn in 0..turns {
            let mut value: Tracer = Tracer::new("former");
            cx.sleep(millis(1)).await;
            value = Tracer::new("new");
            if turn == 1 {
                drop(value);
                let (count, value): (u64, Tracer) = (turn + 1, Tracer::new("inner"));
                log(cx, format!("{count} {}", value.0));
            }
            let end: u64 = turn;
            log(cx, format!("end of {end}"));
        }
        Ok(turns)
    }
}

#[test]
fn a_new_value_is_given_away_on_one_way() {
    assert_eq!(
        run(Giving::parameters().build().unwrap(), vec![(0, 2)]),
        [
            "drop former",
            "1 end of 0",
            "drop new",
            "drop former",
            "drop new",
            "2 2 inner",
            "drop inner",
            "2 end of 1",
            "2 answer Ok(2)"
        ]
    );
}
