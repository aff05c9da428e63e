use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

#[deny(non_camel_case_types, non_snake_case)]
mod shops {
    use super::*;

    topology! {
        pub shop {
            param Load: Rate = 5/s;
            source users: poisson(Load) emits Query;
            node Db: Store;
            users -> Db.read;
        }
    }
}

fn main() {}
