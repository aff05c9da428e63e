use happysim::prelude::*;

#[entity]
pub struct Api<T: Message, U: Message + Default> {
    #[port]
    db: Call<T, U>,
}

#[entity]
impl<T: Message> Api<T> {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: T) -> Outcome<u64> {
        self.db.call(id).await?;
        Ok(1)
    }
}

fn main() {}
