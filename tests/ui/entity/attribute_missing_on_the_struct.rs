use happysim::prelude::*;

pub struct Api {
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let rows = self.look_up(cx, id).await?;
        self.note(rows);
        Ok(rows)
    }

    async fn look_up(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        self.db.call(id).await
    }

    fn note(&mut self, rows: u64) {
        println!("{rows}");
    }
}

topology! {
    pub Shop {
        source users: poisson(5/s) emits u64;
        node api: Api;
        node store: Server<u64, u64> { service: exp(5ms) };
        users -> api;
        api.db -> store;
    }
}

fn main() {}
