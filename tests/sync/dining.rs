//! Deadlocks are found and named.

use happysim::prelude::*;

use crate::at;

/// Thinks, takes the left fork, thinks, takes the right fork, eats.
#[entity]
struct Philosopher {
    starts: Duration,
    #[state]
    meals: u64,
    #[shared]
    left: Mutex,
    #[shared]
    right: Mutex,
}

#[entity]
impl Philosopher {
    #[process]
    async fn dine(&mut self, cx: &mut Cx<Self>) {
        cx.sleep(self.starts).await;
        let _left = self.left.lock().await;
        cx.sleep(seconds(1)).await;
        let _right = self.right.lock().await;
        cx.sleep(seconds(1)).await;
        self.meals += 1;
    }
}

/// Looks after the table and is never done.
#[entity]
struct Waiter {
    #[state]
    rounds: u64,
}

#[entity]
impl Waiter {
    #[background]
    async fn serve(&mut self, cx: &mut Cx<Self>) {
        loop {
            cx.sleep(seconds(10)).await;
            self.rounds += 1;
        }
    }
}

topology! {
    /// Five philosophers; where the last one is left-handed, nobody starves.
    Dinner {
        shared f0: Mutex;
        shared f1: Mutex;
        shared f2: Mutex;
        shared f3: Mutex;
        shared f4: Mutex;
        node p0: Philosopher { starts: 0s };
        node p1: Philosopher { starts: 100ms };
        node p2: Philosopher { starts: 200ms };
        node p3: Philosopher { starts: 300ms };
        node p4: Philosopher { starts: 400ms };
        node waiter: Waiter;
        p0.left -> f0;
        p0.right -> f1;
        p1.left -> f1;
        p1.right -> f2;
        p2.left -> f2;
        p2.right -> f3;
        p3.left -> f3;
        p3.right -> f4;
        p4.left -> f4;
        p4.right -> f0;
    }
}

fn assert_dining(result: Result<(), SimError>, meals: u64) {
    let Err(SimError::Deadlock { at: since, tasks, cycle: Some(cycle), report }) = result else {
        panic!("a deadlock is an error: {result:?}")
    };
    assert_eq!((since, meals), (at(1.4), 0));
    assert_eq!(tasks.len(), 5);
    for (task, fork) in tasks.iter().zip([1, 2, 3, 4, 0]) {
        assert!(task.waits_on.contains(&format!("f{fork}")), "{}", task.waits_on);
    }
    let order: Vec<usize> =
        (0..5).map(|name| cycle.find(&format!("p{name}.dine")).expect("all are named")).collect();
    assert!(order.is_sorted(), "{cycle}");
    assert!(cycle.contains("waits for `f1` of f1, held by p1.dine"), "{cycle}");
    // The diners, the waiter, and the forks.
    assert_eq!(report.nodes.len(), 11);
}

// SYN-DINING-dead: Dijkstra (1971): everyone holds a fork by 0.4 s.
#[test]
fn philosophers_who_starve_are_named() {
    let mut dinner = Dinner::new(default()).build().unwrap();
    let result = dinner.run();
    let meals = dinner.p0.replicas[0].meals + dinner.p4.replicas[0].meals;
    assert_dining(result, meals);
    let mut dinner = Dinner::new(default()).build().unwrap();
    let result = dinner.run_for(seconds(1_000));
    assert_dining(result, dinner.p2.replicas[0].meals);
}
