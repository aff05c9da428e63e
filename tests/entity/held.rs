//! What releases something when it is dropped is kept whole, whatever is read of it.

use happysim::time::millis;
use happysim::{Cx, Failure, Outcome, Permit, Resource, entity};

use crate::bench::{log, run};

/// A permit with a number.
#[derive(Clone, Debug)]
pub(crate) struct Lease {
    permit: Permit,
    number: u64,
}

impl Lease {
    /// No more than the name of a method that takes the value elsewhere.
    fn finish(&mut self) {
        self.number += 1;
    }
}

#[entity]
pub(crate) struct Keeping {
    #[state(Resource::new(4))]
    gate: Resource,
}

#[entity]
impl Keeping {
    async fn handle(&mut self, cx: &mut Cx<Self>, kind: u64) -> Outcome<u64> {
        let permit: Permit = self.gate.acquire(1).await;
        match kind {
            0 => {
                let pair: (Permit, u64) = (permit, 2);
                cx.sleep(millis(pair.1)).await;
                self.show(cx);
            }
            1 => {
                let pair: (Permit, u64) = (permit, 2);
                let (_, number) = pair;
                cx.sleep(millis(number)).await;
                self.show(cx);
            }
            2 => {
                let lease: Lease = Lease { permit, number: 2 };
                let double = lease.number * 2;
                cx.sleep(millis(double)).await;
                self.show(cx);
            }
            3 => {
                let mut lease: Lease = Lease { permit, number: 2 };
                lease.finish();
                cx.sleep(millis(1)).await;
                self.show(cx);
            }
            4 => {
                let mut spare: Option<Permit> = Some(permit);
                if let Some(_held) = spare.take() {
                    cx.sleep(millis(1)).await;
                    self.show(cx);
                }
                cx.sleep(millis(1)).await;
                self.show(cx);
            }
            5 => {
                let mut held: Vec<Permit> = vec![permit];
                while let Some(_last) = held.pop() {
                    cx.sleep(millis(1)).await;
                    self.show(cx);
                }
                cx.sleep(millis(1)).await;
                self.show(cx);
            }
            6 => {
                // What was to be released is gone; the rest releases nothing.
                let lease: Lease = Lease { permit, number: 2 };
                drop(lease.permit);
                cx.sleep(millis(1)).await;
                self.show(cx);
            }
            7 => {
                let _: Permit = self.gate.acquire(2).await;
                cx.sleep(millis(1)).await;
                self.show(cx);
            }
            8 => {
                'out: {
                    if kind == 8 {
                        break 'out;
                    }
                    drop(permit);
                }
                cx.sleep(millis(1)).await;
                self.show(cx);
            }
            9 => {
                let lease: Lease = Lease { permit, number: 2 };
                let mut seen: u64 = 0;
                seen += if kind == 8 {
                    drop(lease);
                    1
                } else {
                    2
                };
                for number in 0..seen {
                    if number > kind {
                        break;
                    }
                }
                cx.sleep(millis(seen)).await;
                self.show(cx);
            }
            _ => {
                let (mut first, mut second): (Permit, Permit) =
                    (permit, self.gate.acquire(2).await);
                (first, second) = (second, first);
                cx.sleep(millis(1)).await;
                self.show(cx);
                drop(first);
                cx.sleep(millis(1)).await;
                self.show(cx);
                drop(second);
            }
        }
        Ok(kind)
    }

    fn show(&self, cx: &mut Cx<Self>) {
        let in_use = self.gate.in_use(cx);
        log(cx, in_use.to_string());
    }
}

/// What is matched is held to the end of the branches, and what `let` does not bind no longer than `let`.
#[entity]
pub(crate) struct Matching {
    #[state(Resource::new(4))]
    gate: Resource,
    #[state(vec!["ab".to_owned(), "abc".to_owned()])]
    names: Vec<String>,
    #[state]
    kept: Option<u64>,
}

#[entity]
impl Matching {
    async fn handle(&mut self, cx: &mut Cx<Self>, kind: u64) -> Outcome<u64> {
        match kind {
            0 => {
                if let Some(_) = self.gate.try_acquire(cx, 1) {
                    cx.sleep(millis(1)).await;
                    self.show(cx);
                }
                cx.sleep(millis(1)).await;
                self.show(cx);
            }
            1 => {
                match self.gate.try_acquire(cx, 1) {
                    None => cx.sleep(millis(5)).await,
                    _ => cx.sleep(millis(1)).await,
                }
                self.show(cx);
                cx.sleep(millis(1)).await;
                self.show(cx);
            }
            2 => {
                let Some(_) = self.taken(cx, 1).await else {
                    cx.sleep(millis(5)).await;
                    return Ok(0);
                };
                cx.sleep(millis(1)).await;
                self.show(cx);
            }
            3 => {
                let (_, number): (Option<Permit>, u64) = (self.taken(cx, 1).await, 3);
                cx.sleep(millis(number)).await;
                self.show(cx);
            }
            4 => {
                if let Some(_) = self.gate.try_acquire(cx, 1)
                    && kind == 4
                    && let Some(second) = self.taken(cx, 2).await
                    && kind < 5
                {
                    self.show(cx);
                    cx.sleep(millis(1)).await;
                    self.show(cx);
                    drop(second);
                    cx.sleep(millis(1)).await;
                    self.show(cx);
                }
                cx.sleep(millis(1)).await;
                self.show(cx);
            }
            5 => {
                if let Some(_) = self.gate.try_acquire(cx, 1)
                    && let Some(5) = self.number(cx).await
                {
                    cx.sleep(millis(5)).await;
                } else if let Some(_first) = self.taken(cx, 1).await
                    && let Some(4) = self.number(cx).await
                {
                    cx.sleep(millis(1)).await;
                    self.show(cx);
                } else {
                    cx.sleep(millis(9)).await;
                }
                cx.sleep(millis(1)).await;
                self.show(cx);
            }
            6 => {
                let mut turns: u64 = 0;
                while let Some(_) = self.gate.try_acquire(cx, 1)
                    && turns < 2
                {
                    turns += 1;
                    cx.sleep(millis(turns)).await;
                    self.show(cx);
                }
                cx.sleep(millis(1)).await;
                self.show(cx);
            }
            8 => {
                let _first = &self.gate.acquire(1).await;
                let second = &mut self.gate.try_acquire(cx, 2);
                assert!(second.is_some());
                cx.sleep(millis(1)).await;
                self.show(cx);
            }
            11 => {
                match self.gate.try_acquire(cx, 1).is_some() {
                    true => cx.sleep(millis(1)).await,
                    false => cx.sleep(millis(9)).await,
                }
                cx.sleep(millis(1)).await;
                self.show(cx);
                if let Some(_held) = self.gate.try_acquire(cx, 2).as_ref() {
                    cx.sleep(millis(1)).await;
                    self.show(cx);
                }
                cx.sleep(millis(1)).await;
                if let Ok(()) = self.gate.try_acquire(cx, 3).ok_or(Failure::Crashed).map(drop) {
                    cx.sleep(millis(1)).await;
                    self.show(cx);
                }
            }
            9 => {
                // Taken where it fits, and nowhere else.
                let taken: Option<Permit> = self.gate.try_acquire(cx, 1);
                match taken {
                    Some(permit) if kind == 1 => drop(permit),
                    _ => cx.sleep(millis(1)).await,
                }
                self.show(cx);
                let refused: Result<Permit, Permit> = self.refused(cx);
                if let Ok(permit) = refused {
                    drop(permit);
                }
                cx.sleep(millis(1)).await;
                self.show(cx);
                let other: Result<Permit, Permit> = self.refused(cx);
                if let Ok(permit) = other {
                    drop(permit);
                } else {
                    cx.sleep(millis(1)).await;
                    self.show(cx);
                }
                let given: Option<Permit> = self.gate.try_acquire(cx, 1);
                match given {
                    Some(permit) if kind == 9 => drop(permit),
                    _ => {}
                }
                cx.sleep(millis(1)).await;
                self.show(cx);
            }
            10 => {
                let permit: Permit = self.gate.acquire(1).await;
                if matches!(self.kept, Some(permit)) {
                    self.show(cx);
                }
                cx.sleep(millis(1)).await;
                self.show(cx);
                drop(permit);
                let _late: Permit;
                if kind == 10 {
                    _late = self.gate.acquire(3).await;
                }
                cx.sleep(millis(1)).await;
                self.show(cx);
            }
            _ => {
                // What a value borrows from is there as long as it is.
                if let Some(_) = self.names().iter().find(|name| name.len() == 3) {
                    cx.sleep(millis(1)).await;
                }
                match self.names().len() + 1 {
                    3 => cx.sleep(millis(1)).await,
                    _ => cx.sleep(millis(5)).await,
                }
                match &mut self.names()[..] {
                    [first, ..] => {
                        first.push('!');
                        log(cx, first.clone());
                        cx.sleep(millis(1)).await;
                    }
                    _ => cx.sleep(millis(5)).await,
                }
                self.show(cx);
            }
        }
        Ok(kind)
    }

    fn refused(&self, cx: &mut Cx<Self>) -> Result<Permit, Permit> {
        Err(self.gate.try_acquire(cx, 1).expect("there is room"))
    }

    async fn taken(&mut self, cx: &mut Cx<Self>, units: u64) -> Option<Permit> {
        Some(self.gate.acquire(units).await)
    }

    async fn number(&mut self, cx: &mut Cx<Self>) -> Option<u64> {
        cx.sleep(millis(1)).await;
        Some(4)
    }

    fn names(&self) -> Vec<String> {
        self.names.clone()
    }

    fn show(&self, cx: &mut Cx<Self>) {
        let in_use = self.gate.in_use(cx);
        log(cx, in_use.to_string());
    }
}

#[test]
fn what_is_matched_is_held_to_the_end_of_the_branches() {
    let shown = |kind: u64| {
        let mut log = run(Matching::parameters().build().unwrap(), vec![(0, kind)]);
        assert!(log.pop().is_some_and(|line| line.ends_with(&format!("answer Ok({kind})"))));
        log
    };
    assert_eq!(shown(0), ["1 1", "2 0"]);
    assert_eq!(shown(1), ["1 1", "2 0"]);
    assert_eq!(shown(2), ["1 0"]);
    assert_eq!(shown(3), ["3 0"]);
    assert_eq!(shown(4), ["0 3", "1 3", "2 1", "3 0"]);
    assert_eq!(shown(5), ["3 1", "4 0"]);
    assert_eq!(shown(6), ["1 1", "3 1", "4 0"]);
    assert_eq!(shown(7), ["2 ab!", "3 0"]);
    assert_eq!(shown(8), ["1 3"]);
    assert_eq!(shown(9), ["1 1", "2 2", "3 3", "4 3"]);
    assert_eq!(shown(10), ["1 1", "2 3"]);
    assert_eq!(shown(11), ["2 0", "3 2", "5 0"]);
}

#[test]
fn what_is_held_is_held_to_the_end() {
    let shown = |kind: u64| {
        let mut log = run(Keeping::parameters().build().unwrap(), vec![(0, kind)]);
        assert!(log.pop().is_some_and(|line| line.ends_with(&format!("answer Ok({kind})"))));
        log
    };
    assert_eq!(shown(0), ["2 1"]);
    assert_eq!(shown(1), ["2 1"]);
    assert_eq!(shown(2), ["4 1"]);
    assert_eq!(shown(3), ["1 1"]);
    assert_eq!(shown(4), ["1 1", "2 0"]);
    assert_eq!(shown(5), ["1 1", "2 0"]);
    assert_eq!(shown(6), ["1 0"]);
    assert_eq!(shown(7), ["1 1"]);
    assert_eq!(shown(8), ["1 1"]);
    assert_eq!(shown(9), ["2 1"]);
    assert_eq!(shown(10), ["1 3", "2 1"]);
}
