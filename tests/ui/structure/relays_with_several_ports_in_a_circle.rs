use happysim::prelude::*;

/// Passes on, and shows somebody else what passes.
#[entity(relay)]
struct Tee<Request: Message, Reply: Message> {
    #[port]
    copies: Send<Request>,
    #[port]
    next: Call<Request, Reply>,
}

#[entity]
impl<Request: Message, Reply: Message> Tee<Request, Reply> {
    async fn handle(&mut self, cx: &mut Cx<Self>, request: Request) -> Outcome<Reply> {
        self.copies.send(cx, request.clone());
        self.next.call(request).await
    }
}

topology! {
    pub Own {
        source users: poisson(5/s) emits u64;
        node first: Tee;
        node second: Tee;
        node log: Sink<u64>;
        users -> first;
        first.next -> timeout(1s) -> second;
        first.copies -> log;
        second.copies -> log;
        second.next -> first;
    }
}

topology! {
    pub OfTheLibrary {
        source users: poisson(5/s) emits u64;
        node safe: Fallback;
        node safer: Fallback;
        node log: Server<u64, ()> { concurrency: 1, service: 1ms };
        users -> safe;
        safe.fallback -> log;
        safe.primary -> safer;
        safer.primary -> safe;
        safer.fallback -> log;
    }
}

topology! {
    pub Generic<S: Strategy> {
        source users: poisson(5/s) emits u64;
        node lb: LoadBalancer<S>;
        node first[2]: Tee;
        node second: Tee;
        node log: Sink<u64>;
        users -> lb -> first[*];
        first.next -> second;
        first.copies -> log;
        second.next -> second;
        second.copies -> log;
    }
}

// What `safe` carries is what `log` takes: a circle over its other port is that of a failure.
topology! {
    pub Fine {
        source users: poisson(5/s) emits u64;
        node safe: Fallback;
        node log: Server<u64, ()> { concurrency: 1, service: 1ms };
        node again: Tee;
        users -> safe;
        safe.primary -> log;
        safe.fallback -> again;
        again.next -> safe;
        again.copies -> log;
    }
}

fn main() {}
