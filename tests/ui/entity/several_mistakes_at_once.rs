use happysim::prelude::*;

#[entity]
pub struct Api {
    #[state]
    seen: Vec<u64>,
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let total = self.seen.iter().sum();
        cx.sleep(millis(1)).await;
        Ok(total)
    }

    async fn other(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let rows = self.db.call(id)?;
        let text: u64 = "three";
        let later: Vec<_> = (0..rows).map(|row| self.db.call(row).await).collect();
        Ok(rows)
    }

    async fn alone(&mut self, id: u64) -> Outcome<u64> {
        Ok(id)
    }
}

topology! {
    pub Shop {
        source users: poisson(5/s) emits u64;
        node api: Api;
        node db: Server<u64, u64>;
        users -> api.other;
        api.db -> db;
    }
}

fn main() {}
