use happysim::prelude::*;

#[entity]
fn handle() {}

#[entity]
impl [u64] {
    fn size(&self) -> usize {
        3
    }
}

#[entity(relay)]
impl Api {}

#[entity]
pub struct Api {}

fn main() {}
