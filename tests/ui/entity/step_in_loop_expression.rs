use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let rows = id + loop {
            cx.sleep(millis(1)).await;
            break 3;
        };
        let all = (1, for _ in 0..3 {
            cx.sleep(millis(1)).await;
        });
        Ok(rows)
    }
}

fn main() {}
