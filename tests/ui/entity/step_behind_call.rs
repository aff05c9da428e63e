use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let both = pair(self.count(), self.db.call(id).await?);
        Ok(both)
    }
}

fn pair(a: u64, b: u64) -> u64 {
    a + b
}

impl Api {
    fn count(&mut self) -> u64 {
        3
    }
}

fn main() {}
