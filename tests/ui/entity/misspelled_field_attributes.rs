use happysim::prelude::*;

#[entity]
pub struct Api {
    #[prot]
    db: Call<u64, u64>,
    #[stat]
    count: u64,
    #[params(default = 3u64)]
    size: u64,
}

fn main() {}
