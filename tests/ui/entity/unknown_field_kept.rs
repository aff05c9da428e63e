use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

#[entity]
pub struct Front {
    #[port]
    db: Call<Query, Rows>,
    #[state]
    list: Vec<u64>,
}

#[entity]
impl Front {
    async fn handle(&mut self, cx: &mut Cx<Self>, _request: Request) -> Outcome<Rows> {
        let rows = self.dbb.call(Query).await?;
        let list = self.lst;
        cx.sleep(millis(1)).await;
        for number in list {
            cx.sleep(millis(1)).await;
            drop(number);
        }
        drop(rows);
        Ok(Rows)
    }
}

fn main() {}
