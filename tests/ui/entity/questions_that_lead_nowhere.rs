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
            cx.sleep(self.every).await;
            let number: u64 = "3".parse::<u64>()?;
            let reply: u64 = self.out.call(number).await?;
            self.note(cx, reply).await;
            // A closure hands it on to whoever calls it.
            let _next = || Some(reply.checked_add(1)? + 1);
        }
    }

    async fn note(&mut self, cx: &mut Cx<Self>, reply: u64) {
        cx.sleep(millis(reply)).await;
        self.out.call(reply).await?;
    }
}

fn main() {}
