use happysim::prelude::*;

#[derive(Debug, Clone, Default)]
pub struct Page;

#[entity]
pub struct Shelf<M: Message> {
    #[param(default = 3, range = 1..=9)]
    rows: usize,
    capacity: Resource,
    #[state]
    last: Option<M>,
}

#[entity]
impl<M: Message> Shelf<M> {
    async fn handle(&mut self, _cx: &mut Cx<Self>, message: M) -> Outcome<()> {
        self.last = Some(message);
        Ok(())
    }
}

topology! {
    pub Shop {
        source users: poisson(5/s) emits Page;
        node shelf: Shelf<Page> { rows: 10, capacity: -1 };
        link internet: Link { loss: 1.5 };
        users -> breaker(failures: 0) -> bulkhead(-1) -> internet -> shelf;
    }
}

fn main() {}
