use happysim::prelude::*;

#[entity]
pub struct Tuple(u64);

#[entity]
pub struct Borrows<'a> {
    text: &'a str,
}

#[entity(fast)]
pub struct Unknown {
    size: u64,
}

#[entity(relay)]
pub struct Relay {
    size: u64,
}

#[entity]
pub enum Choice {
    One,
}

#[entity]
impl Tuple {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        cx.sleep(millis(id)).await;
        Ok(id)
    }
}

#[entity]
impl<'a> Borrows<'a> {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        cx.sleep(millis(id)).await;
        Ok(id)
    }
}

#[entity]
impl Relay {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        cx.sleep(millis(id)).await;
        Ok(id)
    }
}

fn main() {}
