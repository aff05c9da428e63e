use happysim::prelude::*;

#[entity]
pub struct Api {
    #[param(defualt = 3u64)]
    misspelled: u64,
    #[param(default = 3u64, default = 4u64)]
    twice: u64,
    #[param(default = )]
    empty: u64,
    #[param]
    bare: u64,
    #[param(range = 5..=1)]
    reversed: u64,
    #[state(1, 2)]
    two: u64,
    #[port(3)]
    db: Call<u64, u64>,
    #[shared(x)]
    vault: Mutex,
}

fn main() {}
