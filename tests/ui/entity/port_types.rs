use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    one: Call<u64>,
    #[port]
    two: Send<u64, u64>,
    #[port]
    list: Vec<Call<u64, u64>>,
    #[port]
    bare: Call,
}

fn main() {}
