use happysim::prelude::*;

#[entity]
enum Light {
    Red,
    Green,
}

#[entity]
impl Light {
    async fn cross(&mut self, cx: &mut Cx<Self>, _car: u64) -> Outcome<bool> {
        cx.sleep(millis(1)).await;
        Ok(matches!(self, Light::Green))
    }
}

fn main() {}
