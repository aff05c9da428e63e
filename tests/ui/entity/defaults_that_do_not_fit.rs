use happysim::prelude::*;

#[entity]
pub struct Api {
    #[param(default = 0u64, range = 1..)]
    workers: u64,
    #[param(default = millis(1), range = 0.01..)]
    pause: Duration,
    #[param(default = "three")]
    text: u64,
    #[state("four")]
    count: u64,
}

#[entity]
impl Api {}

fn main() {}
