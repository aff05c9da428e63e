use happysim::prelude::*;

pub struct Opaque;

#[entity]
pub struct Api {
    #[state(Opaque)]
    inner: Opaque,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        cx.sleep(millis(1)).await;
        Ok(id)
    }
}

fn main() {}
