use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        param load: Rate = 5/s;
        param loss: Probability = 101%;
        param size: Bytes = 10Mbit;
        source users: poisson(load) emits Query;
        node store: Store { misses: loss };
        users -> store.read;
    }
}

fn main() {
    let _ = Shop::new(ShopParams { size: kibibytes(5), ..default() });
}
