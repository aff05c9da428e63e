use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    voters: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let mut votes = Vec::new();
        for lane in 0..self.voters.lanes(cx) {
            votes.push(self.voters.lane(lane).start(cx, id));
        }
        cx.sleep(millis(1)).await;
        Ok(votes.len() as u64)
    }
}

fn main() {}
