use happysim::prelude::*;

#[entity]
pub struct Api {
    #[state(Resource::new(2))]
    gate: Resource,
    #[state]
    seen: Vec<u64>,
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn two(&mut self, cx: &mut Cx<Self>, a: u64, b: u64) -> Outcome<u64> {
        cx.sleep(millis(a)).await;
        Ok(b)
    }

    async fn nothing(&mut self, cx: &mut Cx<Self>, a: u64) {
        cx.sleep(millis(a)).await;
    }

    async fn shared(&self, cx: &mut Cx<Self>, a: u64) -> Outcome<u64> {
        Ok(a)
    }

    async fn alone(&mut self, a: u64) -> Outcome<u64> {
        Ok(a)
    }

    async fn borrows(&mut self, cx: &mut Cx<Self>, a: &str) -> Outcome<u64> {
        Ok(1)
    }

    async fn generic<T: Clone>(&mut self, cx: &mut Cx<Self>, a: T) -> Outcome<T> {
        Ok(a)
    }

    #[process]
    async fn beat(&mut self, cx: &mut Cx<Self>, every: u64) {
        cx.sleep(millis(every)).await;
    }

    #[background]
    async fn watch(&mut self, cx: &mut Cx<Self>) -> u64 {
        cx.sleep(millis(1)).await;
        1
    }
}

fn main() {}
