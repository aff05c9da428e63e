use happysim::prelude::*;

#[derive(Debug, Clone, Default)]
pub struct Request;
#[derive(Debug, Clone, Default)]
pub struct Query;
#[derive(Debug, Clone, Default)]
pub struct Rows;

#[entity]
pub struct Api {
    cpu: Distribution,
    #[port]
    db: Call<Query, Rows>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, _request: Request) -> Outcome<()> {
        cx.sleep(self.cpu.sample(cx)).await;
        self.db.call(Query).await?;
        Ok(())
    }
}

topology! {
    pub Shop {
        source users: poisson(5/s) emits Query;
        node api: Api { cpu: 10ms };
        node db: Database<Query, Rows> { connections: 3, query: 1ms };
        users -> api;
        api.db -> db;
    }
}

fn main() {}
