use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    voters: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let mut votes = Group::new();
        for lane in 0..self.voters.lanes(cx) {
            votes.add(self.voters.lane(lane).start(cx, id));
        }
        let gathered = quorum(&mut votes, 2).await;
        Ok(gathered.replies.len() as u64)
    }
}

fn main() {}
