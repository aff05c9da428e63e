use happysim::prelude::*;

#[entity]
struct Front {
    #[state]
    served: u64,
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Front {
    async fn read(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        cx.spawn(self.note(cx));
        self.count();
        self.db.call(id).await
    }

    async fn note(&mut self, cx: &mut Cx<Self>) {
        cx.sleep(millis(1)).await;
    }
}

#[entity]
impl Front {
    async fn write(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        cx.spawn(self.sync(cx));
        self.count();
        self.db.call(id).await
    }

    async fn sync(&mut self, cx: &mut Cx<Self>) {
        cx.sleep(millis(2)).await;
    }

    fn count(&mut self) {
        self.served += 1;
    }
}

topology! {
    Shop {
        source users: poisson(5/s) emits u64;
        node front: Front;
        node store: Server<u64, u64> { service: exp(5ms) };
        users -> front;
        front.db -> store;
    }
}

fn main() {}
