use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        users: poisson(5/s) emits Query;
        store: Store;
        users -> store.read;
    }
}

topology! {
    pub WithCommas {
        source users: poisson(5/s) emits Query,
        node store: Store { misses: 5% },
        users -> store.raed,
    }
}

topology! {
    pub Attributes {
        source users: poisson(5/s) emits Query;
        /// The only one.
        #[cfg(test)]
        node store: Store;
        #[inline]
        users -> store.read;
    }
}

fn main() {}
