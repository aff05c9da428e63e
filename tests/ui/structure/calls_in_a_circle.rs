use happysim::prelude::*;

#[entity]
pub struct Ping {
    #[port]
    pong: Call<u64, u64>,
}

#[entity]
impl Ping {
    async fn handle(&mut self, cx: &mut Cx<Self>, count: u64) -> Outcome<u64> {
        let next: u64 = count + 1;
        self.pong.call(next).await
    }
}

#[entity]
pub struct Pong {
    #[port]
    ping: Call<u64, u64>,
    #[state]
    answered: u64,
}

#[entity]
impl Pong {
    async fn handle(&mut self, cx: &mut Cx<Self>, count: u64) -> Outcome<u64> {
        let answer = self.ping.call(count).await?;
        self.answered += 1;
        Ok(answer)
    }
}

// Time passes, or one of them may answer: no mistake.
#[entity]
pub struct Slow {
    #[port]
    next: Call<u64, u64>,
}

#[entity]
impl Slow {
    async fn handle(&mut self, cx: &mut Cx<Self>, count: u64) -> Outcome<u64> {
        cx.sleep(millis(1)).await;
        self.next.call(count).await
    }
}

#[entity]
pub struct Ends {
    #[port]
    next: Call<u64, u64>,
}

#[entity]
impl Ends {
    async fn handle(&mut self, cx: &mut Cx<Self>, count: u64) -> Outcome<u64> {
        if count == 0 { Ok(0) } else { self.next.call(count - 1).await }
    }
}

topology! {
    pub Direct {
        source users: poisson(5/s) emits u64;
        node ping: Ping;
        node pong: Pong;
        users -> ping -> pong;
        pong -> ping;
    }
}

topology! {
    pub OverRelays {
        source users: poisson(5/s) emits u64;
        node lb: LoadBalancer;
        node ping[3]: Ping;
        users -> lb -> ping[*];
        ping -> timeout(1s) -> lb;
    }
}

topology! {
    pub Fine {
        source users: poisson(5/s) emits u64;
        node ping: Ping;
        node slow: Slow;
        node pong: Pong;
        node ends: Ends;
        users -> ping -> slow -> ping;
        pong -> ends -> pong;
    }
}

fn main() {}
