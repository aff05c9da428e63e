use happysim::prelude::*;

#[entity]
pub struct Api {
    db: Call<u64, u64>,
    #[port]
    size: u64,
    #[param(default = 3u64, low = 1)]
    other: u64,
    #[param(range = 1..3)]
    half_open: u64,
    #[param(range = 3)]
    number: u64,
    #[param(lanes = 3)]
    no_port: u64,
    #[param(lanes = other)]
    parameter: u64,
    #[state]
    #[port]
    both: Call<u64, u64>,
}

fn main() {}
