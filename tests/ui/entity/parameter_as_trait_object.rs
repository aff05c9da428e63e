use happysim::prelude::*;

trait Policy {
    fn lets_in(&self, id: u64) -> bool;
}

#[entity]
struct Gate {
    policy: Box<dyn Policy>,
}

#[entity]
impl Gate {
    async fn enter(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<bool> {
        cx.sleep(millis(1)).await;
        Ok(self.policy.lets_in(id))
    }
}

fn main() {}
