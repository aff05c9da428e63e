use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    parameters: Call<u64, u64>,
    #[port]
    db_read: Call<u64, u64>,
    #[port]
    dbRead: Call<u64, u64>,
}

fn main() {}
