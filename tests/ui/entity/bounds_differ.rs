use happysim::prelude::*;

#[entity]
pub struct Till<Item: Message + Default> {
    #[state]
    last: Item,
    #[port]
    bank: Call<Item, u64>,
}

#[entity]
impl<Item: Message> Till<Item> {
    async fn sell(&mut self, cx: &mut Cx<Self>, item: Item) -> Outcome<u64> {
        self.last = item.clone();
        let paid = self.bank.call(item).await?;
        self.put_away(cx, paid).await;
        Ok(paid + self.count())
    }

    async fn put_away(&mut self, cx: &mut Cx<Self>, paid: u64) {
        cx.sleep(millis(paid)).await;
    }

    fn count(&self) -> u64 {
        1
    }
}

#[entity]
pub struct Shelf<const PLACES: usize, Key, Item: Message>
where
    Key: Message + Ord,
{
    #[state(Vec::new())]
    items: Vec<(Key, Item)>,
}

#[entity]
impl<const PLACES: usize, Label: Message, Item: Message> Shelf<PLACES, Label, Item> {
    async fn find(&mut self, cx: &mut Cx<Self>, label: Label) -> Outcome<Item> {
        cx.sleep(millis(1)).await;
        let found = self.items.iter().find(|(key, _)| *key == label);
        found.map(|(_, item)| item.clone()).ok_or(Failure::Application("nothing"))
    }
}

fn main() {}
