use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let found = matches!(self.db.call(id).await, Ok(3));
        assert!(self.db.call(id).await.is_ok());
        Ok(u64::from(found))
    }
}

fn main() {}
