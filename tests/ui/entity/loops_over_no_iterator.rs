use happysim::prelude::*;

#[derive(Clone, Debug, Default)]
pub struct Rows {
    list: Vec<u64>,
}

#[entity]
pub struct Api {
    #[state]
    kept: Rows,
    #[port]
    db: Call<u64, Rows>,
}

#[entity]
impl Api {
    async fn of_a_step(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        for row in self.db.call(id).await? {
            cx.sleep(millis(row)).await;
        }
        Ok(id)
    }

    async fn of_a_field(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        for row in self.kept.clone() {
            cx.sleep(millis(row)).await;
        }
        Ok(id)
    }

    async fn of_pairs(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        for (key, row) in self.db.call(id).await?.list {
            cx.sleep(millis(key)).await;
            cx.sleep(millis(row)).await;
        }
        let list: Vec<u64> = self.kept.list.clone();
        for (key, row) in list {
            cx.sleep(millis(key + row)).await;
        }
        Ok(id)
    }
}

fn main() {}
