use happysim::prelude::*;

const LIMIT: u64 = 5;

mod units {
    pub const MILLIS: u64 = 1;
}

#[entity]
pub struct Api {
    #[state]
    served: u64,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        if id > 3 {
            const LIMIT: u64 = 7;
            cx.sleep(millis(LIMIT)).await;
        } else {
            // Seen nowhere else.
            const PAUSE: u64 = 7;
            cx.sleep(millis(PAUSE)).await;
        }
        self.served += LIMIT;
        Ok(self.served)
    }

    async fn read(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        for _ in 0..id {
            use units::*;
            cx.sleep(millis(MILLIS)).await;
        }
        Ok(id)
    }
}

fn main() {}
