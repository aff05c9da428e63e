use happysim::prelude::*;

#[entity]
pub struct Store {
    #[state]
    read: u64,
}

#[entity]
impl Store {
    async fn read(&mut self, cx: &mut Cx<Store>, id: u64) -> Outcome<u64> {
        cx.sleep(millis(1)).await;
        self.read += 1;
        Ok(id)
    }
}

#[entity]
pub struct Api {
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Store>, id: u64) -> Outcome<u64> {
        let found = self.look_up(cx, id).await?;
        Ok(found + self.waiting(cx))
    }

    async fn look_up(&mut self, cx: &mut Cx<Vec<Self>>, id: u64) -> Outcome<u64> {
        self.db.call(id).await
    }

    fn waiting(&self, cx: &Cx<Store>) -> u64 {
        let now = cx.now();
        println!("{now}");
        1
    }
}

fn main() {}
