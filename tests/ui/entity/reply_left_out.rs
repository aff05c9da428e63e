use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    db: Call<u64>,
    #[port]
    store: Call,
    #[state]
    served: u64,
}

#[entity]
impl Api {
    #[handler(main)]
    async fn name(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<String> {
        self.db.call(id).await
    }

    async fn count(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let found: u64 = self.db.call(id).await?;
        let more = self.db.call(id).timeout(millis(3)).await?;
        cx.sleep(millis(1)).await;
        let total = found + more;
        let page = self.store.call(more.pages).await?;
        println!("{more} {}", page.length());
        for row in page {
            self.served += row;
            cx.sleep(millis(1)).await;
        }
        Ok(total + more)
    }

    async fn race(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let mut asked = vec![self.db.start(cx, id), self.db.start(cx, id + 1)];
        match first(&mut asked).await {
            Some((_, Ok(reply))) if reply > 3 => Ok(reply),
            Some((_, Err(failure))) => Err(failure),
            _ => Ok(0),
        }
    }
}

topology! {
    pub Shop {
        source users: poisson(5/s) emits u64;
        node api: Api;
        node db: Server<u64, u64> { service: exp(5ms) };
        users -> api;
        api.db -> db;
        api.store -> db;
    }
}

fn main() {}
