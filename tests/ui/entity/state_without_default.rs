use happysim::prelude::*;

#[derive(Clone, Debug)]
struct Shelf(u64);

#[entity]
struct Store {
    #[state]
    shelf: Shelf,
}

#[entity]
impl Store {
    async fn read(&mut self, cx: &mut Cx<Self>, _id: u64) -> Outcome<u64> {
        cx.sleep(millis(1)).await;
        Ok(self.shelf.0)
    }
}

fn main() {}
