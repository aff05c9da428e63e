//! No permit is ever lost.

use happysim::model::simulation::Topology as _;
use happysim::prelude::*;

/// Takes and gives back whatever there is, sometimes without patience, and calls itself.
#[entity]
struct Guest {
    random: Random,
    #[param(default = 4)]
    seats: Semaphore,
    #[param(default = 3)]
    tables: Resource,
    #[state]
    door: Mutex,
    #[state]
    books: RwLock,
    #[state]
    bell: Condition,
    #[port]
    friend: Call<u32, ()>,
}

#[entity]
impl Guest {
    async fn visit(&mut self, cx: &mut Cx<Self>, depth: u32) -> Outcome<()> {
        let amount: u64 = 1 + self.random.below(3);
        let patience = micros(self.random.below(5_000));
        let _seats = self.seats.acquire(amount).timeout(patience).await?;
        cx.sleep(micros(self.random.below(3_000))).await;
        let kind: u64 = self.random.below(6);
        if kind == 0 {
            let _books = self.books.write().await;
            cx.sleep(micros(self.random.below(1_000))).await;
        } else if kind == 1 {
            let _books = self.books.read().timeout(patience).await?;
            cx.sleep(micros(self.random.below(1_000))).await;
        } else if kind == 2 {
            let door = self.door.lock().await;
            let (_door, _) = self.bell.wait(door).timeout(patience).await;
            cx.sleep(micros(self.random.below(1_000))).await;
        } else if kind == 3 {
            self.bell.notify_one(cx);
        } else {
            let claim = Claim::of(amount).patience(Some(patience));
            let _table = self.tables.enter(claim).await?;
            cx.sleep(micros(self.random.below(1_000))).await;
        }
        if depth == 0 {
            return Ok(());
        }
        let patience = micros(self.random.below(10_000));
        let giving_up = if self.random.chance(0.5) { GivingUp::Cancel } else { GivingUp::Abandon };
        self.friend.call(depth - 1).timeout(patience).giving_up(giving_up).await
    }
}

topology! {
    /// Guests who come in their thousands, and give up at any point.
    Restaurant {
        param guests: Arrivals = poisson(1200/s);
        source street: guests emits u32 = |arrival| arrival.random.below(4) as u32;
        node guest: Guest { random: Random::new(0, "", "") };
        street -> guest;
        guest.friend -> guest;
    }
}

#[test]
fn no_permit_is_ever_lost() {
    let mut failures = 0;
    for seed in 0..40 {
        let guests = Arrivals::poisson(Rate::per_second(1_200.0)).limit(1_000);
        let setup = Restaurant::new(RestaurantParams { guests }).seed(seed);
        let mut restaurant = setup.build().unwrap();
        restaurant.run().unwrap();
        for station in &restaurant.core().stations {
            let (name, in_use, waiting) = (&station.name, station.in_use(), station.waiting());
            assert_eq!((in_use, waiting), (0, 0), "`{name}` with seed {seed}");
        }
        let report = restaurant.report();
        let visits = report.node("guest").requests();
        assert!(visits.is_conserved() && visits.in_flight == 0, "seed {seed}: {visits:?}");
        assert!(report.stuck.is_empty());
        failures += visits.failed;
        for reason in ["timed out", "waited too long", "cancelled"] {
            assert!(visits.failed_for(reason) > 0, "seed {seed} has no visit that {reason}");
        }
    }
    assert!(failures > 1_000, "{failures}");
}
