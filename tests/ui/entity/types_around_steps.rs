use happysim::prelude::*;

fn noted(_: &mut String) {}

#[entity]
pub struct Api {
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn given(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        noted(cx);
        let text: String = cx;
        cx.rest();
        cx.seen += 1;
        self.db.call(id).await
    }

    async fn matched(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        match self.db.call(id).await {
            Ok(rows) => cx.sleep(millis(rows)).await,
        }
        Ok(id)
    }

    /// Told of at its own lines, although another mistake has been told of.
    async fn refused(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        self.looked_up(cx).await;
        let handle = self.db.start(cx, id);
        let rows: String = handle.await;
        if self.looked_up(cx, id).await {
            return Ok(1);
        }
        Ok(id)
    }

    async fn looked_up(&mut self, cx: &mut Cx<Self>, id: u64) -> u64 {
        cx.sleep(millis(id)).await;
        id
    }
}

fn main() {}
