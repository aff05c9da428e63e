use happysim::prelude::*;

pub struct Till<Item: Message> {
    bank: Call<Item, u64>,
}

#[entity]
impl<Item: Message> Till<Item> {
    async fn sell(&mut self, cx: &mut Cx<Self>, item: Item) -> Outcome<u64> {
        cx.sleep(millis(1)).await;
        self.bank.call(item).await
    }

    fn count(&self) -> u64 {
        1
    }
}

fn main() {}
