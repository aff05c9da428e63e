//! Watches on parameters.

use happysim::prelude::*;

/// Several tasks that watch the same parameters.
#[entity]
struct Keeper {
    level: Varying<usize>,
    #[param(default = None)]
    limit: Option<Varying<Duration>>,
    /// What nobody watches.
    #[param(default = 0)]
    other: Varying<usize>,
    #[state(Watch::new((level.clone(), limit.clone())))]
    changes: Watch<(Varying<usize>, Option<Varying<Duration>>)>,
    /// Which task saw a change, when in milliseconds, and the level then.
    #[state]
    seen: Vec<(char, u64, usize)>,
}

#[entity]
impl Keeper {
    #[background]
    async fn start(&mut self, cx: &mut Cx<Self>) {
        cx.spawn(self.follow(cx, 'a'));
        cx.spawn(self.follow(cx, 'b'));
        cx.spawn(self.look(cx));
    }

    async fn follow(&mut self, cx: &mut Cx<Self>, name: char) {
        loop {
            self.changes.changed().await;
            self.note(cx, name);
        }
    }

    /// Looks at least every 10 ms, and three times at one instant that is past.
    async fn look(&mut self, cx: &mut Cx<Self>) {
        for _ in 0..3 {
            self.changes.changed_until(Instant::ZERO).await;
            self.note(cx, 'c');
        }
        loop {
            self.changes.changed_until(cx.now() + millis(10)).await;
            self.note(cx, 'd');
        }
    }

    fn note(&mut self, cx: &mut Cx<Self>, name: char) {
        let now = cx.now();
        self.seen.push((name, now.since(Instant::ZERO).as_nanos() / 1_000_000, self.level.at(now)));
    }
}

topology! {
    Kept {
        param level: Varying<usize> = 1;
        param limit: Option<Varying<Duration>> = None;
        node keeper: Keeper { level: level, limit: limit };
    }
}

fn kept(level: Varying<usize>, limit: Option<Varying<Duration>>) -> Simulation<Kept> {
    Kept::new(KeptParams { level, limit }).build().unwrap()
}

/// What was seen since the last time this was asked.
fn seen(simulation: &mut Simulation<Kept>, until: u64) -> Vec<(char, u64, usize)> {
    simulation.run_until(Instant::ZERO + millis(until)).unwrap();
    core::mem::take(&mut simulation.keeper.replicas[0].seen)
}

#[test]
fn a_profile_is_followed_at_each_of_its_jumps_by_everybody() {
    let mut simulation = kept(
        profile! { hold 1 for 3ms; ramp to 3 over 4ms; hold }.into(),
        Some(profile! { hold 1s for 9ms; hold 2s }.into()),
    );
    let start = [('c', 0, 1); 3];
    assert_eq!(seen(&mut simulation, 1), start);
    let each = |at, level| [('a', at, level), ('b', at, level), ('d', at, level)];
    let expected = [each(4, 2), each(6, 3), each(9, 3)].concat();
    assert_eq!(seen(&mut simulation, 18), expected);
    assert_eq!(seen(&mut simulation, 30), [('d', 19, 3), ('d', 29, 3)]);
}

#[test]
fn a_change_is_seen_at_its_instant_and_what_was_said_before_is_void() {
    let mut simulation = kept(profile! { hold 1 for 8ms; hold 2 }.into(), None);
    seen(&mut simulation, 5);
    let mut fork = simulation.fork();
    let later: Profile<usize> = profile! { hold 4 for 7ms; hold 5 };
    simulation.change(|it| &mut it.keeper, |keeper| keeper.level(later.clone())).unwrap();
    let each = |at, level| [('a', at, level), ('b', at, level), ('d', at, level)];
    assert_eq!(seen(&mut simulation, 12), [each(5, 4), each(7, 5)].concat());
    // Another parameter concerns nobody; one that was absent does.
    fork.change(|it| &mut it.keeper, |keeper| keeper.other(7)).unwrap();
    assert_eq!(seen(&mut fork, 7), []);
    fork.change(|it| &mut it.keeper, |keeper| keeper.limit(seconds(1))).unwrap();
    assert_eq!(seen(&mut fork, 7), each(7, 1));
    assert_eq!(seen(&mut fork, 9), each(8, 2));
    simulation.run().unwrap();
    assert_eq!(simulation.now(), Instant::ZERO + millis(12), "it keeps nothing going");
}
