use happysim::prelude::*;

#[entity]
struct Front {
    #[port]
    log: Send<u64>,
}

#[entity]
impl Front {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<()> {
        self.log.send(id, cx);
        Ok(())
    }
}

fn main() {}
