use happysim::entity;

#[entity]
pub struct Server {
    workers: u64,
    #[param(default = 3u64)]
    spare: u64,
}

#[entity]
impl Server {}

fn main() {
    let _ = Server::parameters().spare(1u64).build();
}
