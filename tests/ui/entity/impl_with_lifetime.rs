use happysim::prelude::*;

#[entity]
pub struct Api {
    size: u64,
}

#[entity]
impl<'a> Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: &'a u64) -> Outcome<u64> {
        Ok(*id)
    }
}

fn main() {}
