use happysim::prelude::*;

#[entity]
pub struct Api {
    #[param(default = 250ms)]
    patience: Duration,
    #[param(default = 64KiB)]
    size: Bytes,
    #[state(1.5s)]
    pause: Duration,
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        cx.sleep(5ms).await;
        self.pause = self.pause + 2min;
        let late: bool = cx.now() > Instant::ZERO + 1d;
        // Numbers of Rust are none.
        let number: u64 = id + 3u64 + 0x5d;
        self.db.call(number).timeout(if late { 20us } else { self.patience }).await
    }

    fn bandwidth(&self) -> Bandwidth {
        10Mbps
    }
}

fn main() {}
