use happysim::prelude::*;

#[entity]
pub struct Api {
    #[state]
    seen: u64,
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        self.pause(cx);
        let seen = self.count(cx);
        let _rows = self.look_up(cx, id, seen + 1);
        match self.look_up(cx, id, 1) {
            Ok(rows) => Ok(rows),
            Err(_) => Ok(0),
        }
    }

    async fn pause(&mut self, cx: &mut Cx<Self>) {
        cx.sleep(millis(1)).await;
    }

    async fn count(&mut self, cx: &mut Cx<Self>) -> u64 {
        cx.sleep(millis(1)).await;
        self.seen += 1;
        self.seen
    }

    async fn look_up(&mut self, cx: &mut Cx<Self>, id: u64, seen: u64) -> Outcome<u64> {
        cx.sleep(millis(1)).await;
        self.db.call(id + seen).await
    }
}

fn main() {}
