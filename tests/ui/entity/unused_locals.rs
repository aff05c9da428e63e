#![deny(unused_variables, unused_mut)]

use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let early: u64 = 3;
        let rows = self.db.call(1).await?;
        let late = 5;
        let mut fixed = 5;
        drop(fixed);
        Ok(4)
    }
}

fn main() {}
