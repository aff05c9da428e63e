use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

#[entity]
pub struct Front {
    workers: Resource,
    #[shared]
    lock: Mutex,
    #[port]
    db: Call<Query, Rows>,
}

#[entity]
impl Front {
    async fn handle(&mut self, cx: &mut Cx<Self>, _request: Request) -> Outcome<()> {
        let _worker = self.workers.acquire(1);
        let _lock = self.lock.lock().timeout(millis(5));
        let _ = self.db.call(Query);
        let _pause = cx.sleep(millis(3));
        cx.sleep(millis(3)).await;
        Ok(())
    }
}

fn main() {}
