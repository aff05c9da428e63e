use happysim::prelude::*;

#[entity]
struct Front {
    #[state]
    served: u64,
}

#[entity]
impl Front {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let found = self.look_up(cx, id).await?;
        Ok(found + self.served)
    }

    async fn look_up<Key: Into<u64>>(&mut self, cx: &mut Cx<Self>, key: Key) -> Outcome<u64> {
        cx.sleep(millis(1)).await;
        self.served += 1;
        Ok(key.into())
    }
}

fn main() {}
