use happysim::prelude::*;

#[derive(Clone, Debug)]
pub struct Lease {
    permit: Permit,
    number: u64,
}

impl Lease {
    fn renewed(permit: Permit) -> Option<Lease> {
        Some(Lease { permit, number: 1 })
    }

    fn finish(&mut self) {
        self.number = 0;
    }
}

fn lease(permit: Permit) -> Lease {
    Lease { permit, number: 1 }
}

fn show(_: u64) {}

#[entity]
pub struct Api {
    gate: Resource,
}

#[entity]
impl Api {
    async fn field(&mut self, cx: &mut Cx<Self>, _id: u64) -> Outcome<()> {
        let lease: Lease = Lease { permit: self.gate.acquire(1).await, number: 1 };
        show(lease.number);
        cx.sleep(millis(1)).await;
        Ok(())
    }

    async fn pattern(&mut self, cx: &mut Cx<Self>, _id: u64) -> Outcome<()> {
        let lease: Lease = Lease { permit: self.gate.acquire(1).await, number: 1 };
        let Lease { number, .. } = lease;
        cx.sleep(millis(number)).await;
        Ok(())
    }

    async fn unseen(&mut self, cx: &mut Cx<Self>, _id: u64) -> Outcome<()> {
        let held = lease(self.gate.acquire(1).await);
        show(held.number + 1);
        cx.sleep(millis(1)).await;
        Ok(())
    }

    async fn bound(&mut self, cx: &mut Cx<Self>, _id: u64) -> Outcome<()> {
        let permit: Permit = self.gate.acquire(1).await;
        if let Some(_held) = Lease::renewed(permit) {
            cx.sleep(millis(1)).await;
        }
        Ok(())
    }

    async fn left_by_pattern(&mut self, cx: &mut Cx<Self>, _id: u64) -> Outcome<()> {
        let permit: Permit = self.gate.acquire(1).await;
        if let Some(_) = Lease::renewed(permit) {
            cx.sleep(millis(1)).await;
        }
        Ok(())
    }

    async fn left_in_part(&mut self, cx: &mut Cx<Self>, _id: u64) -> Outcome<()> {
        let permit: Permit = self.gate.acquire(1).await;
        if let Some(Lease { number, .. }) = Lease::renewed(permit) {
            cx.sleep(millis(number)).await;
        }
        Ok(())
    }

    async fn looked_at(&mut self, cx: &mut Cx<Self>, _id: u64) -> Outcome<()> {
        let permit: Permit = self.gate.acquire(1).await;
        match lease(permit).number {
            1 => cx.sleep(millis(1)).await,
            _ => {}
        }
        Ok(())
    }

    // The method does not end it.
    async fn finished(&mut self, cx: &mut Cx<Self>, _id: u64) -> Outcome<()> {
        let mut held = lease(self.gate.acquire(1).await);
        held.finish();
        cx.sleep(millis(1)).await;
        Ok(())
    }

    // All of these are kept whole, or have nothing to release.
    async fn fine(&mut self, cx: &mut Cx<Self>, _id: u64) -> Outcome<u64> {
        let lease: Lease = Lease { permit: self.gate.acquire(1).await, number: 1 };
        let double = lease.number * 2;
        show(lease.number.clone());
        cx.sleep(millis(double)).await;
        drop(lease.permit);
        cx.sleep(millis(1)).await;
        Ok(1)
    }
}

fn main() {}
