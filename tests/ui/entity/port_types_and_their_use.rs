use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

#[entity]
pub struct Front {
    #[port]
    one: Call<Query>,
    #[port]
    two: Send<Line, ()>,
    #[port]
    list: Vec<Call<Query, Rows>>,
}

#[entity]
impl Front {
    async fn handle(&mut self, cx: &mut Cx<Self>, _request: Request) -> Outcome<Rows> {
        self.one.call(Query).await?;
        self.two.send(cx, Line);
        self.list.call(Query).await
    }
}

topology! {
    pub Shop {
        source users: poisson(5/s) emits Request;
        node front: Front;
        node store: Store;
        users -> front;
        front.one -> store.read;
        front.two -> store.write;
        front.list -> store.read;
    }
}

fn main() {}
