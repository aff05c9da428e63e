//! Types of locals that nobody wrote, and that show in how the locals are made.

use std::rc::Rc;

use happysim::time::{Duration, Instant, millis, seconds};
use happysim::{Call, Cx, Outcome, entity};

use crate::bench::{Query, log, query, run};

/// Is multiplied, and is a number of its own then.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Size(u64);

impl core::ops::Mul<u64> for Size {
    type Output = f64;

    fn mul(self, factor: u64) -> f64 {
        (self.0 * factor) as f64
    }
}

impl core::ops::Add<Size> for u64 {
    type Output = Size;

    fn add(self, size: Size) -> Size {
        Size(self + size.0)
    }
}

#[entity]
pub(crate) struct Backoff {
    #[param(default = millis(2))]
    base: Duration,
    #[state]
    size: Size,
    #[state]
    waiting: Vec<u64>,
    #[port]
    db: Call<Query, u64>,
}

#[entity]
impl Backoff {
    /// Nothing in it has a type beside its name.
    async fn handle(&mut self, cx: &mut Cx<Self>, attempt: u64) -> Outcome<u64> {
        let base = millis(5);
        let begun = cx.now();
        let delay = base * attempt;
        let own = self.base * attempt;
        let half = own / 2u64;
        let twice = base * 2u64;
        let end = begun + delay + twice;
        let shared = Rc::new(attempt);
        let boxed = Box::new(attempt + 1);
        let scaled = self.size * 3u64;
        let larger = 1u64 + Size(attempt);
        let above = self.waiting.iter().filter(|&&other| other > attempt).count();
        let length = self.waiting.len();
        cx.sleep(delay).await;
        log(cx, format!("{:?} {:?} {}", *shared, larger.0, *boxed));
        cx.sleep(own + half).await;
        log(cx, format!("{scaled} {above} {length}"));
        let passed = cx.now() - begun;
        let left = end - cx.now();
        cx.sleep(left).await;
        assert_eq!(cx.now(), Instant::ZERO + passed + left);
        log(cx, format!("{}", passed < seconds(1)));
        self.db.call(query(attempt, 5)).await
    }
}

#[test]
fn what_is_computed_with_times_and_numbers_of_ones_own_is_seen() {
    let backoff = Backoff::parameters().build().unwrap();
    let log = run(backoff, vec![(0, 3)]);
    assert_eq!(log, ["15 3 4 4", "24 0 0 0", "25 true", "30 answer Ok(3)"]);
}
