use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let answer: u64 = id;
        cx.sleep(millis(1)).await;
        answer = self.db.call(id).await?;
        Ok(answer)
    }

    async fn read(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let last: u64;
        for number in 0..id {
            cx.sleep(millis(number)).await;
            last = number;
        }
        Ok(id)
    }

    // Given a value once on each way.
    async fn fine(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let answer: u64;
        cx.sleep(millis(1)).await;
        if id == 1 {
            answer = self.db.call(id).await?;
        } else {
            cx.sleep(millis(1)).await;
            answer = 2;
        }
        cx.sleep(millis(1)).await;
        Ok(answer)
    }
}

fn main() {}
