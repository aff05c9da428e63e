use happysim::prelude::*;

/// Its methods are called as those of others are, and yield something else.
#[derive(Clone, Debug, Default)]
pub struct Bag {
    items: u64,
}

impl Bag {
    fn new(items: u64) -> Option<Self> {
        (items > 0).then_some(Self { items })
    }

    fn of(items: u64) -> u64 {
        items
    }

    fn len(&self) -> u64 {
        self.items
    }

    fn start(&mut self) -> u64 {
        self.items
    }

    fn count(&self) -> u64 {
        self.items
    }
}

#[entity]
pub struct Api {
    #[state]
    bag: Bag,
    workers: Resource,
}

#[entity]
impl Api {
    async fn made(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let bag = Bag::new(id);
        let number = Bag::of(id);
        cx.sleep(millis(1)).await;
        drop((bag, number));
        Ok(id)
    }

    async fn measured(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let length = self.bag.len();
        let _worker = self.workers.acquire(1).await;
        if id > 3 {
            cx.sleep(millis(1)).await;
        }
        drop(length);
        Ok(id)
    }

    async fn started(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let begun = self.bag.start();
        cx.sleep(millis(1)).await;
        Ok(id + begun)
    }

    async fn counted(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let count = self.bag.count();
        cx.sleep(millis(1)).await;
        Ok(id + count)
    }

    async fn seen(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let bag = Bag { items: id };
        let length = bag.len();
        cx.sleep(millis(1)).await;
        Ok(id + length)
    }
}

fn main() {}
