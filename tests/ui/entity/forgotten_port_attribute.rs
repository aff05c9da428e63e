use happysim::prelude::*;

#[derive(Debug, Clone, Default)]
pub struct Query;
#[derive(Debug, Clone, Default)]
pub struct Rows;

// One mistake, one message: the entity is known all the same.
#[entity]
pub struct Api {
    db: Call<Query, Rows>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, _page: u64) -> Outcome<Rows> {
        self.db.call(Query).await
    }
}

topology! {
    pub Shop {
        source users: poisson(5/s) emits u64;
        node api: Api;
        node db: Server<Query, Rows>;
        users -> api;
        api.db -> db;
    }
}

fn main() {}
