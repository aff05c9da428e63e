use happysim::prelude::*;

#[entity]
pub struct Api {
    #[state]
    lock: Mutex,
}

#[entity]
impl Api {
    async fn read(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let lock = self.lock.lock().await;
        let next = move || {
            let _held = &lock;
            id + 1
        };
        let number: u64 = next();
        cx.sleep(millis(1)).await;
        Ok(number)
    }

    #[handler]
    async fn write(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<()> {
        let lock = self.lock.lock().await;
        let _numbers = (0..id).map(move |number| {
            let _held = &lock;
            number
        });
        cx.sleep(millis(1)).await;
        Ok(())
    }

    /// One that borrows it is no mistake.
    #[handler]
    async fn look(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let lock = self.lock.lock().await;
        let next = || {
            let _held = &lock;
            id + 1
        };
        let number: u64 = next();
        cx.sleep(millis(1)).await;
        Ok(number)
    }
}

fn main() {}
