use happysim::prelude::*;

#[entity(relay)]
struct Tee<Request: Message, Reply: Message> {
    #[port]
    next: Call<Request, Reply>,
}

#[entity]
impl<Request: Message, Reply: Message> Tee<Request, Reply> {
    async fn handle(&mut self, cx: &mut Cx<Self>, request: Request) -> Outcome<Reply> {
        self.next.call(request).await
    }
}

topology! {
    pub Shop {
        source users: poisson(5/s) emits u64;
        node first: Tee;
        node second: Tee;
        link lan: Link { latency: 1ms };
        users -> first;
        first -> lan;
        lan -> second;
        second -> first;
    }
}

fn main() {}
