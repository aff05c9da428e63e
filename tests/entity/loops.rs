//! Loops, labels, `break` with a value, `continue`.

use happysim::time::millis;
use happysim::{Call, Cx, Outcome, entity};

use crate::bench::{Query, failing, log, query, run};

#[entity]
pub(crate) struct Looper {
    #[param(default = 3u64)]
    retries: u64,
    #[port]
    db: Call<Query, u64>,
}

#[entity]
impl Looper {
    async fn handle(&mut self, cx: &mut Cx<Self>, kind: u64) -> Outcome<u64> {
        match kind {
            0 => self.retry(cx).await,
            1 => self.nested(cx).await,
            2 => self.over(cx, vec![3, 1, 2]).await,
            _ => self.until(cx).await,
        }
    }

    async fn retry(&mut self, cx: &mut Cx<Self>) -> Outcome<u64> {
        let mut attempt: u64 = 0;
        let reply = loop {
            let request = if attempt < 2 { failing(1, 1) } else { query(attempt, 1) };
            match self.db.call(request).await {
                Ok(reply) => break reply,
                Err(failure) if attempt == self.retries => return Err(failure),
                Err(_) => {}
            }
            attempt += 1;
            cx.sleep(millis(10 * attempt)).await;
        };
        Ok(reply)
    }

    async fn nested(&mut self, cx: &mut Cx<Self>) -> Outcome<u64> {
        let mut total: u64 = 0;
        'outer: for row in 0..4u64 {
            for column in 0..=row {
                if column == 2 {
                    continue 'outer;
                }
                if row == 3 {
                    log(cx, format!("leave at {row}"));
                    break 'outer;
                }
                cx.sleep(millis(1)).await;
                total += row * 10 + column;
            }
            log(cx, format!("row {row} total {total}"));
        }
        Ok(total)
    }

    async fn over(&mut self, cx: &mut Cx<Self>, items: Vec<u64>) -> Outcome<u64> {
        let mut total: u64 = 0;
        for item in items {
            total += self.db.call(query(item, item)).await?;
            log(cx, format!("{item}"));
        }
        for _ in 0..2 {
            cx.sleep(millis(1)).await;
        }
        for _ in 0..self.retries {
            total += 1;
            cx.yield_now().await;
        }
        Ok(total)
    }

    async fn until(&mut self, cx: &mut Cx<Self>) -> Outcome<u64> {
        let mut left: u64 = 3;
        while left > 0 {
            left -= 1;
            if left == 1 {
                continue;
            }
            cx.sleep(millis(2)).await;
        }
        while let Ok(reply) =
            self.db.call(if left < 2 { query(left, 1) } else { failing(0, 1) }).await
        {
            left += reply + 1;
        }
        let found = 'search: {
            if left == 3 {
                break 'search 30;
            }
            cx.sleep(millis(1)).await;
            left
        };
        let same: u64 = found;
        while self.db.call(query(left, 1)).await? < 5 {
            left += 1;
        }
        Ok(same + left)
    }
}

#[test]
fn loops_wait_in_every_turn() {
    let looper = || Looper::parameters().build().unwrap();
    assert_eq!(run(looper(), vec![(0, 0)]), ["33 answer Ok(2)"]);
    assert_eq!(
        run(looper(), vec![(0, 1)]),
        ["1 row 0 total 0", "3 row 1 total 21", "5 leave at 3", "5 answer Ok(62)"]
    );
    assert_eq!(run(looper(), vec![(0, 2)]), ["3 3", "4 1", "6 2", "8 answer Ok(9)"]);
    assert_eq!(run(looper(), vec![(0, 9)]), ["10 answer Ok(35)"]);
}
