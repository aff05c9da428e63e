use happysim::prelude::*;

topology! {
    pub Shop {
        param rate: Rate = 5/s;
        param places: usize;
        param room: usize;
        source users: poisson(rate) emits u64;
        node store: Server<u64, u64> { concurrency: places, service: exp(5ms), queue_capacity: room };
        users -> store;
    }
}

fn main() {
    let _ = ShopParams::default();
    let _ = ShopParams { places: 5, ..Default::default() };
}
