use happysim::prelude::*;

/// Of the user's own, with methods that are called as those of ports are.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    calls: u64,
}

impl Watch {
    fn start(&mut self) {}

    fn call(&mut self, number: u64) -> Option<u64> {
        self.calls += number;
        Some(self.calls)
    }

    fn acquire(&mut self, number: u64) -> u64 {
        number
    }
}

#[entity]
pub struct Api {
    #[state]
    watch: Watch,
    #[state]
    outer: Watch,
}

#[entity]
impl Api {
    async fn called(&mut self, _cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        self.watch.call(3).await;
        Ok(id)
    }

    async fn kept(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let calls = self.watch.call(3).await;
        cx.sleep(millis(1)).await;
        Ok(id + calls)
    }

    async fn claimed(&mut self, _cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let _place = self.watch.acquire(1).await;
        Ok(id)
    }

    async fn started(&mut self, _cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        self.outer.start().await;
        Ok(id)
    }
}

fn main() {}
