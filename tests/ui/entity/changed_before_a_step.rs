use happysim::prelude::*;

#[entity]
pub struct Api {
    #[state]
    seen: u64,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, _id: u64) -> Outcome<u64> {
        let mut count: u64 = 1;
        let pair: (u64, u64) = (count, {
            count += 1;
            cx.sleep(millis(1)).await;
            count
        });
        let sum: u64 = count + {
            count = 10;
            cx.sleep(millis(1)).await;
            count
        };
        self.seen += pair.0 + sum;
        Ok(self.seen)
    }
}

fn main() {}
