use happysim::prelude::*;

#[entity]
pub struct Api {
    #[state]
    seen: u64,
}

#[entity]
impl Api {
    async fn serve(&mut self, cx: &mut Cx<Self>, ids: Vec<u64>) -> Outcome<()> {
        ids.iter().for_each(|_| self.pause(cx));
        println!("{} seen", self.count(cx));
        let seen = vec![self.count(cx), 0];
        assert!(seen[0] > 0, "{}", ids.len());
        Ok(())
    }

    async fn pause(&mut self, cx: &mut Cx<Self>) {
        cx.sleep(millis(1)).await;
    }

    async fn count(&mut self, cx: &mut Cx<Self>) -> u64 {
        cx.sleep(millis(1)).await;
        self.seen += 1;
        self.seen
    }
}

fn main() {}
