use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

#[entity]
pub struct Counter {
    #[param(default = happysim::dsl::fifo(), range = 0.001..=1)]
    queue: Discipline,
    #[state]
    served: u64,
}

#[entity]
impl Counter {
    async fn handle(&mut self, _cx: &mut Cx<Self>, _request: Request) -> Outcome<()> {
        self.served += 1;
        Ok(())
    }
}

topology! {
    pub Shop {
        source users: poisson(5/s) emits Request;
        node first: Counter { queue: codel(10us, 100ms) };
        users -> first;
        source others: poisson(5/s) emits Request;
        node second: Counter { queue: codel(profile! { ramp from 5ms to 0ms over 1h }, 2s) };
        others -> second;
    }
}

// Of other disciplines there are no times.
topology! {
    pub Fine {
        source users: poisson(5/s) emits Request;
        node first: Counter { queue: lifo() };
        users -> first;
        source others: poisson(5/s) emits Request;
        node second: Counter { queue: codel(1ms, 1s) };
        others -> second;
        source more: poisson(5/s) emits Request;
        node third: Counter;
        more -> third;
    }
}

fn main() {}
