use happysim::prelude::*;

#[entity]
struct Front<T: Message> {
    #[state]
    served: u64,
    #[port]
    next: Call<T>,
}

#[entity]
impl<T: Message> Front<T> {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: T) -> Outcome<u64> {
        let found = self.look_up(cx, 5).await?;
        let other: u64 = self.same(cx, found).await;
        let third = self.same(cx, other).await;
        cx.sleep(millis(1)).await;
        for row in self.rows(cx).await {
            self.served += row;
        }
        if let Some(first) = self.rows(cx).await.first() {
            println!("{first}");
        }
        let name: &str = self.name(cx).await;
        println!("{name}");
        self.next.call(id).await?;
        Ok(found + self.served + third)
    }

    async fn look_up<Key: Message>(&mut self, cx: &mut Cx<Self>, key: Key) -> Outcome<Key> {
        cx.sleep(millis(1)).await;
        Ok(key)
    }

    async fn same<Key: Message>(&mut self, cx: &mut Cx<Self>, key: Key) -> Key {
        cx.sleep(millis(1)).await;
        key
    }

    async fn rows(&mut self, cx: &mut Cx<Self>) -> impl Iterator<Item = u64> {
        cx.sleep(millis(1)).await;
        0..3
    }

    async fn name(&mut self, cx: &mut Cx<Self>) -> &str {
        cx.sleep(millis(1)).await;
        "front"
    }
}

fn main() {}
