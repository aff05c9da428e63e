//! Circles in topologies with a parameter, over nodes whose types do not mention it.
use happysim::prelude::*;

#[entity]
pub struct Ping {
    #[port]
    pong: Call<u64, u64>,
}

#[entity]
impl Ping {
    async fn handle(&mut self, cx: &mut Cx<Self>, count: u64) -> Outcome<u64> {
        self.pong.call(count).await
    }
}

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
    pub Calls<S: Strategy> {
        source users: poisson(5/s) emits u64;
        node lb: LoadBalancer<S>;
        node ping[2]: Ping;
        node pong: Ping;
        node back: Ping;
        users -> lb -> ping[*];
        ping -> pong -> timeout(1s) -> back -> pong;
    }
}

topology! {
    pub Relays<S: Strategy> {
        source users: poisson(5/s) emits u64;
        node lb: LoadBalancer<S>;
        node front[2]: Tee;
        node behind: Tee;
        node last: Tee;
        users -> lb -> front[*];
        front -> behind;
        behind -> last;
        last -> behind;
    }
}

fn main() {}
