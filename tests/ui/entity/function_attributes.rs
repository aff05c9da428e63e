use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    #[proces]
    async fn beat(&mut self, cx: &mut Cx<Self>) {
        cx.sleep(millis(1)).await;
    }

    #[inline]
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        self.db.call(id).await
    }

    #[cfg(test)]
    async fn test(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        self.db.call(id).await
    }

    #[handler(mian)]
    async fn other(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        self.db.call(id).await
    }

    #[process]
    #[background]
    async fn both(&mut self, cx: &mut Cx<Self>) {
        cx.sleep(millis(1)).await;
    }

    #[background(1)]
    async fn watch(&mut self, cx: &mut Cx<Self>) {
        cx.sleep(millis(1)).await;
    }
}

fn main() {}
