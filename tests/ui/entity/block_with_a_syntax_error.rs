use happysim::prelude::*;

#[entity]
pub struct Prober {
    every: Duration,
    #[port]
    out: Call<u64, u64>,
}

#[entity]
impl Prober {
    #[process]
    async fn run(&mut self, cx: &mut Cx<Self>) {
        loop {
            cx.sleep(self.every).await
            self.out.call(3).await.ok();
        }
    }
}

fn main() {}
