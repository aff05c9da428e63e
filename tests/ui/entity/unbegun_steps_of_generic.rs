use happysim::prelude::*;
#[entity]
pub struct Api<T: Message> {
    #[state(Resource::new(1))]
    w: Resource,
    #[port]
    db: Call<T, u64>,
}
#[entity]
impl<T: Message> Api<T> {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: T) -> Outcome<u64> {
        let _w = self.w.acquire(1);
        let n = self.db.call(id)?;
        Ok(n)
    }
}
fn main() {}
