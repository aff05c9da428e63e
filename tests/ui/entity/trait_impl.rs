use happysim::entity;

#[entity]
pub struct Server {
    workers: u64,
}

#[entity]
impl Default for Server {
    fn default() -> Self {
        Server { workers: 1 }
    }
}

fn main() {}
