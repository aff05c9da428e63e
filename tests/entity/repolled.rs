//! Steps whose state is in the locals: handles, races, groups.

use happysim::prelude::*;
use happysim::{all, first, quorum};

use crate::bench::{Query, failing, log, query, run};

#[entity]
pub(crate) struct Racer {
    #[port]
    db: Call<Query, u64>,
}

#[entity]
impl Racer {
    async fn handle(&mut self, cx: &mut Cx<Self>, kind: u64) -> Outcome<u64> {
        if kind == 0 {
            let mut slow = self.db.start(cx, query(1, 20));
            let quick: Handle<RacerDb> = self.db.start(cx, query(2, 5));
            let mut both: Vec<Handle<RacerDb>> = vec![quick, self.db.start(cx, query(3, 9))];
            cx.sleep(millis(1)).await;
            let winner: Option<(usize, Outcome<u64>)> = first(&mut both).await;
            log(cx, format!("first {winner:?}"));
            drop(both);
            let rest: u64 = slow.await?;
            log(cx, format!("rest {rest}"));
            return Ok(rest);
        }
        let mut group: Group<RacerDb> = Group::new();
        for id in 1..=kind {
            group
                .add(self.db.start(cx, if id == 2 { failing(id, id) } else { query(id, id * 10) }));
        }
        let some = quorum(&mut group, 1).timeout(millis(50)).await;
        log(cx, format!("{:?} {:?}", some.replies, some.failures));
        drop(group);
        let mut both: Group<RacerDb> = Group::new();
        both.add(self.db.start(cx, query(4, 1)));
        both.add(self.db.start(cx, query(5, 2)));
        let others = all(&mut both).await;
        log(cx, format!("{:?}", others.replies));
        Ok(kind)
    }
}

#[test]
fn handles_are_waited_for_later() {
    let racer = || Racer::parameters().build().unwrap();
    assert_eq!(
        run(racer(), vec![(0, 0)]),
        ["5 first Some((0, Ok(2)))", "call given up", "20 rest 1", "20 answer Ok(1)"]
    );
    assert_eq!(
        run(racer(), vec![(0, 3)]),
        ["10 [(0, 1)] [(1, Crashed)]", "call given up", "12 [(0, 4), (1, 5)]", "12 answer Ok(3)"]
    );
}

#[entity]
pub(crate) struct Collector {
    #[port]
    db: Call<Query, u64>,
}

#[entity]
impl Collector {
    /// Each branch begins with a wait for a handle, behind what its pattern binds.
    async fn handle(&mut self, cx: &mut Cx<Self>, count: u64) -> Outcome<u64> {
        let mut calls: Vec<Handle<CollectorDb>> = Vec::new();
        for id in 1..=count {
            calls.push(self.db.start(cx, query(id, 10 * id)));
        }
        let mut sum: u64 = 0;
        for turn in 1..=count {
            let next: Option<(usize, Outcome<u64>)> = first(&mut calls).await;
            log(cx, format!("turn {turn}: {next:?}"));
            if let Some((_, Ok(reply))) = next {
                sum += turn * reply;
            }
        }
        let above: Option<u64> = above_two(sum);
        match above {
            Some(rest) => {
                let none: Option<(usize, Outcome<u64>)> = first(&mut calls).await;
                Ok(rest + u64::from(none.is_none()))
            }
            None => Ok(sum),
        }
    }
}

fn above_two(sum: u64) -> Option<u64> {
    sum.checked_sub(2)
}

#[test]
fn a_branch_may_begin_with_a_wait_for_handles() {
    let collector = Collector::parameters().build().unwrap();
    assert_eq!(
        run(collector, vec![(0, 2)]),
        ["10 turn 1: Some((0, Ok(1)))", "20 turn 2: Some((0, Ok(2)))", "20 answer Ok(4)"]
    );
}

/// Comes back with its number, or fails, after two sleeps and some rounds within one instant.
#[derive(Clone, Copy, Debug, Default)]
struct Errand {
    number: u64,
    sleeps: [u64; 2],
    rounds: u64,
    fails: bool,
}

#[entity]
struct Runner;

#[entity]
impl Runner {
    async fn handle(&mut self, cx: &mut Cx<Self>, errand: Errand) -> Outcome<u64> {
        cx.sleep(millis(errand.sleeps[0])).await;
        cx.sleep(millis(errand.sleeps[1])).await;
        for _ in 0u64..errand.rounds {
            cx.yield_now().await;
        }
        if errand.fails { Err(Failure::Crashed) } else { Ok(errand.number) }
    }
}

/// Sends all errands at once, and waits for them later.
#[entity]
struct Sender {
    errands: Vec<Errand>,
    #[param(default = Duration::ZERO)]
    pause: Duration,
    #[state]
    replies: Vec<usize>,
    #[state]
    failures: Vec<usize>,
    #[state]
    ended: Instant,
    #[port]
    runner: Call<Errand, u64>,
}

#[entity]
impl Sender {
    #[process]
    async fn send(&mut self, cx: &mut Cx<Self>) {
        let mut group: Group<SenderRunner> = Group::new();
        let errands: Vec<Errand> = self.errands.clone();
        for errand in errands {
            group.add(self.runner.call(errand).start(cx));
        }
        cx.sleep(self.pause).await;
        let gathered = all(&mut group).await;
        self.replies = gathered.replies.iter().map(|(position, _)| *position).collect();
        self.failures = gathered.failures.iter().map(|(position, _)| *position).collect();
        self.ended = cx.now();
    }
}

topology! {
    Errands {
        param errands: Vec<Errand> = Vec::new();
        param pause: Duration = 0ms;
        node sender: Sender { errands: errands, pause: pause };
        node runner: Runner;
        sender -> runner;
    }
}

/// The positions of the replies and of the failures as they were gathered, and when.
fn gathered(pause: u64, errands: &[Errand]) -> (Vec<usize>, Vec<usize>, Instant) {
    let params = ErrandsParams { errands: errands.to_vec(), pause: millis(pause) };
    let mut simulation = Errands::new(params).build().unwrap();
    simulation.run().unwrap();
    let sender = &simulation.sender.replicas[0];
    (sender.replies.clone(), sender.failures.clone(), sender.ended)
}

fn errand(first: u64, second: u64) -> Errand {
    Errand { sleeps: [first, second], ..Errand::default() }
}

fn at(time: u64) -> Instant {
    Instant::ZERO + millis(time)
}

#[test]
fn replies_are_gathered_in_the_order_of_the_instants_at_which_they_come() {
    let errands = [errand(20, 10), errand(10, 0), errand(5, 10)];
    assert_eq!(gathered(0, &errands), (vec![1, 2, 0], vec![], at(30)));
    let failing = errands.map(|errand| Errand { fails: true, ..errand });
    assert_eq!(gathered(0, &failing), (vec![], vec![1, 2, 0], at(30)));
}

#[test]
fn replies_of_one_instant_are_gathered_by_position() {
    // The last is there first, and the first some resumptions of its caller later.
    let late = Errand { rounds: 9, ..errand(10, 10) };
    let later = Errand { rounds: 3, ..errand(10, 10) };
    let errands = [late, later, errand(20, 0), errand(5, 0)];
    assert_eq!(gathered(0, &errands), (vec![3, 0, 1, 2], vec![], at(20)));
    let failing = errands.map(|errand| Errand { fails: true, ..errand });
    assert_eq!(gathered(0, &failing), (vec![], vec![3, 0, 1, 2], at(20)));
}

#[test]
fn what_came_before_the_wait_began_is_gathered_by_position() {
    let errands = [errand(20, 0), errand(10, 0), errand(40, 0), errand(35, 0)];
    assert_eq!(gathered(30, &errands), (vec![0, 1, 3, 2], vec![], at(40)));
}

/// Counts how often it is asked.
#[entity]
pub(crate) struct Asking {
    #[state]
    asked: u64,
    #[port]
    db: Call<Query, u64>,
}

#[entity]
impl Asking {
    async fn handle(&mut self, cx: &mut Cx<Self>, kind: u64) -> Outcome<u64> {
        let mut group: Group<AskingDb> = Group::new();
        for id in 1..=3 {
            group.add(self.db.start(cx, query(id, id * 10)));
        }
        let some = quorum(&mut group, self.wanted(kind)).timeout(self.patience()).await;
        log(cx, format!("{:?}", some.replies));
        Ok(self.asked)
    }

    fn wanted(&mut self, kind: u64) -> usize {
        self.asked += 1;
        kind as usize
    }

    fn patience(&mut self) -> Duration {
        self.asked += 1;
        millis(25 + self.asked)
    }
}

#[test]
fn what_a_group_is_given_is_evaluated_once() {
    let asking = || Asking::parameters().build().unwrap();
    assert_eq!(
        run(asking(), vec![(0, 2)]),
        ["20 [(0, 1), (1, 2)]", "20 answer Ok(2)", "call given up"]
    );
    assert_eq!(
        run(asking(), vec![(0, 3)]),
        ["27 [(0, 1), (1, 2)]", "27 answer Ok(2)", "call given up"]
    );
}
