use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

// A parameter without a default does not hide what is wrong with those of others.
topology! {
    pub Shop {
        param servers: usize;
        param limit: usize = -1;
        param loss: Probability = 1.5;
        param scale: f64 = 2;
        param peak: Varying<Rate> = profile! { hold 3ms };
        param patience: Option<Duration> = 0.5;
        param log: bool = "yes";
        source users: poisson(peak) emits Query;
        node store[servers]: Store { misses: loss };
        users -> store.read[0];
    }
}

// All of these are defaults.
topology! {
    pub Fine<T: Message + Default> {
        param small: u8 = 3;
        param below: i64 = -3;
        param scale: f64 = 2.0;
        param name: String = "shop";
        param loss: Probability = 0.5;
        param other: Option<Varying<Probability>> = 0.5;
        param places: usize = 3;
        param first: Option<T> = None;
        source users: poisson(5/s) emits T;
        node server: Server<T, ()> { concurrency: places, service: 1ms };
        users -> server;
    }
}

fn main() {}
