use happysim::time::Duration;
use happysim::{Call, Cx, Distribution, Failure, Outcome, Resource, entity};

#[derive(Clone, Debug)]
pub struct Query(u64);
#[derive(Clone, Debug)]
pub struct Rows(u64);

#[derive(Clone, Debug)]
pub struct Request {
    user: u64,
}
#[derive(Clone, Debug)]
pub struct Page {
    bytes: u64,
}

#[entity]
pub struct Api {
    workers: Resource,
    cpu: Distribution,
    #[param(default = happysim::time::millis(250))]
    timeout: Duration,
    #[state]
    served: u64,
    #[port]
    db: Call<Query, Rows>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, req: Request) -> Outcome<Page> {
        let _worker = self.workers.acquire(1).await;
        cx.sleep(self.cpu.sample(cx)).await;
        let rows = self.db.call(Query(req.user)).timeout(self.timeout).await?;
        if rows.0 > 3 {
            cx.sleep(self.timeout).await;
        }
        self.served += 1;
        for i in 0..rows.0 {
            cx.sleep(self.timeout * i).await;
        }
        match self.db.call(Query(2)).await {
            Ok(rows) => {
                cx.yield_now().await;
                Ok(Page { bytes: rows.0 })
            }
            Err(Failure::TimedOut) => Ok(Page { bytes: 0 }),
            Err(other) => Err(other),
        }
    }
}
