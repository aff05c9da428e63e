//! Semaphores.

use happysim::prelude::*;

use crate::{Visit, at, spans, visit};

/// Takes permits of a semaphore at given times.
#[entity]
struct Crew {
    visits: Vec<Visit>,
    /// Permits that are there.
    permits: Semaphore,
    #[state]
    held: Vec<(Instant, Instant)>,
    /// How many were free before each request.
    #[state]
    free: Vec<u64>,
}

#[entity]
impl Crew {
    #[process]
    async fn work(&mut self, cx: &mut Cx<Self>) {
        for number in 0..self.visits.len() {
            let visit: Visit = self.visits[number];
            cx.sleep_until(at(visit.at)).await;
            self.held.push((Instant::MAX, Instant::MAX));
            self.free.push(self.permits.available(cx));
            cx.spawn(self.enter(cx, number, visit));
        }
    }

    async fn enter(&mut self, cx: &mut Cx<Self>, number: usize, visit: Visit) {
        let _permits = self.permits.acquire(visit.amount).await;
        self.held[number].0 = cx.now();
        cx.sleep(Duration::from_secs_f64(visit.hold)).await;
        self.held[number].1 = cx.now();
    }
}

topology! {
    /// A semaphore.
    Yard {
        param visits: Vec<Visit> = Vec::new();
        param permits: Profile<usize> = Profile::constant(3);
        node crew: Crew { visits: visits, permits: permits };
    }
}

// SYN-SEM: a large request at the head of the queue is not overtaken.
#[test]
fn a_semaphore_is_strictly_first_in_first_out() {
    let requests = [(0.0, 1, 2.0), (0.1, 2, 1.0), (0.2, 1, 1.0), (0.3, 3, 0.5), (0.4, 1, 1.0)];
    let visits = requests.map(|(at, amount, hold)| Visit { at, amount, hold }).to_vec();
    let mut yard = Yard::new(YardParams { visits, ..default() }).build().unwrap();
    yard.run().unwrap();
    let crew = &yard.crew.replicas[0];
    let expected = [(0.0, 2.0), (0.1, 1.1), (1.1, 2.1), (2.1, 2.6), (2.6, 3.6)];
    assert_eq!(crew.held, spans(&expected));
    assert_eq!(crew.free, [3, 2, 0, 0, 0]);
}

#[test]
fn the_permits_of_a_semaphore_follow_a_profile() {
    let visits = vec![visit(0.0, 4.0), visit(0.0, 4.0), visit(2.0, 1.0), visit(2.0, 1.0)];
    let permits = profile! { hold 2 for 1s; hold 1 for 4s; hold 3 };
    let mut yard = Yard::new(YardParams { visits, permits }).build().unwrap();
    yard.run().unwrap();
    let crew = &yard.crew.replicas[0];
    // At 4 s both permits come back, and one is there; at 5 s there are three.
    assert_eq!(crew.held, spans(&[(0.0, 4.0), (0.0, 4.0), (4.0, 5.0), (5.0, 6.0)]));
    // More are out than there are: none is free.
    assert_eq!(crew.free, [2, 1, 0, 0]);
}
