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
        node other: Store,
        users -> store.raed,
        more -> other.read;
        source more: poisson(5/s) emits Query;
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
