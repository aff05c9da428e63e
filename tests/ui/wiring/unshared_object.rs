use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Query;
        node store: Store;
        shared vault: Mutex;
        users -> store.read;
    }
}

topology! {
    pub Sent {
        source users: poisson(5/s) emits Query;
        shared vault: Mutex;
        users -> timeout(1s) -> vault;
    }
}

topology! {
    pub AtOnce {
        source users: poisson(5/s) emits Query;
        shared vault: Mutex;
        users -> vault;
    }
}

fn main() {}
