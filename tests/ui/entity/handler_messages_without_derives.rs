use happysim::prelude::*;

struct Query;
struct Rows;

#[entity]
struct Store {
    #[state]
    reads: u64,
}

#[entity]
impl Store {
    async fn read(&mut self, cx: &mut Cx<Self>, _query: Query) -> Outcome<Rows> {
        cx.sleep(millis(1)).await;
        self.reads += 1;
        Ok(Rows)
    }
}

fn main() {}
