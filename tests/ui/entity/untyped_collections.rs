use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let mut seen = std::collections::BTreeMap::new();
        let mut best = None;
        let doubled = (0..id).map(|x| 2 * x).collect();
        let rows = self.db.call(id).await?;
        seen.insert(id, rows);
        best = best.max(Some(rows));
        let _: Vec<u64> = doubled;
        Ok(seen.len() as u64 + best.unwrap_or(0))
    }
}

fn main() {}
