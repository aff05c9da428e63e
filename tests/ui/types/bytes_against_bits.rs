use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        param speed: Bandwidth = 10GB/s;
        source users: poisson(5/s) emits Query;
        node store: Store;
        link one: Link { bandwidth: 10GB, size: 8kbps };
        link two: Link { bandwidth: 100MB/s };
        link three: Link { bandwidth: 10Mbit/s };
        link four: Link { bandwidth: profile! { hold 10MB for 3s; hold 5MB } };
        users -> timeout(1s) -> one -> two -> three -> four -> store.read;
    }
}

fn main() {}
