use happysim::prelude::*;

#[entity]
pub struct Api {
    cpu: Distribution<Duration>,
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    #[handler(main)]
    async fn by_let(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let cx = 5;
        cx.sleep(self.cpu.sample(cx)).await;
        let found = self.db.call(id).await?;
        Ok(found + cx)
    }

    async fn with_a_type(&mut self, context: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let (context, other): (u64, u64) = (5, id);
        let found = self.db.call(other).await?;
        Ok(context + found)
    }

    async fn by_a_loop(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let mut sum: u64 = 0;
        for cx in 0..id {
            sum += self.db.call(cx).await?;
        }
        Ok(sum)
    }

    async fn by_its_reply(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let cx = self.db.call(id).await?;
        if let Some(cx) = cx.checked_sub(5) {
            return self.db.call(cx).await;
        }
        Ok(cx)
    }

    async fn behind_the_last_step(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        {
            let cx = &mut *cx;
            cx.sleep(millis(1)).await;
        }
        let cx = self.db.call(id).await?;
        Ok(cx)
    }
}

fn main() {}
