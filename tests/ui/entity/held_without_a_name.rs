use happysim::prelude::*;

pub struct Lease {
    permit: Option<Permit>,
    number: u64,
}

#[entity]
pub struct Api<T: Message> {
    #[state(Resource::new(2))]
    gate: Resource,
    #[state(None)]
    last: Option<T>,
}

#[entity]
impl<T: Message> Api<T> {
    async fn handle(&mut self, cx: &mut Cx<Self>, message: T) -> Outcome<u64> {
        let permit = self.lease(cx);
        if let Some(place) = self.lease(cx) {
            cx.sleep(millis(1)).await;
        }
        match self.lease(cx).into_iter().next() {
            None => cx.sleep(millis(1)).await,
            _ => {}
        }
        self.last = Some(message);
        Ok(1)
    }

    fn lease(&mut self, cx: &mut Cx<Self>) -> Option<Permit> {
        self.gate.try_acquire(cx, 1)
    }
}

#[entity]
pub struct Worker {
    #[state(Resource::new(2))]
    gate: Resource,
}

#[entity]
impl Worker {
    async fn handle(&mut self, cx: &mut Cx<Self>, number: u64) -> Outcome<u64> {
        match new_lease(self.gate.try_acquire(cx, 1), number).number {
            0 => cx.sleep(millis(1)).await,
            _ => {}
        }
        if let Lease { permit: Some(kept), .. } = new_lease(self.gate.try_acquire(cx, 1), number) {
            cx.sleep(millis(1)).await;
        }
        Ok(number)
    }
}

fn new_lease(permit: Option<Permit>, number: u64) -> Lease {
    Lease { permit, number }
}

fn main() {}
