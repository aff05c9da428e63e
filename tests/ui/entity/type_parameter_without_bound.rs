use happysim::prelude::*;

#[entity]
pub struct Api<T> {
    #[port]
    db: Call<T, u64>,
}

#[entity]
impl<T> Api<T> {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: T) -> Outcome<u64> {
        self.db.call(id).await
    }
}

fn main() {}
