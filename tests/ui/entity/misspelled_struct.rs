use happysim::prelude::*;

#[entity]
struct Front {
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Frnt {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let rows = self.look_up(cx, id).await?;
        Ok(self.counted(rows))
    }

    async fn look_up(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        self.db.call(id).await
    }

    fn counted(&self, rows: u64) -> u64 {
        rows + 1
    }
}

fn main() {}
