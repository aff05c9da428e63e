use happysim::prelude::*;

#[entity]
impl Sink {
    async fn note(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<()> {
        cx.sleep(millis(id)).await;
        Ok(())
    }
}

#[entity]
impl Server<u64, u64> {
    async fn answer(&mut self, cx: &mut Cx<Self>, request: u64) -> Outcome<u64> {
        cx.sleep(millis(1)).await;
        Ok(request)
    }
}

fn main() {}
