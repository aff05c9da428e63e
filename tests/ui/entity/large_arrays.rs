// What a large array is in the state does not show in what is told of it.
use happysim::prelude::*;

#[entity]
pub struct Store {
    #[state]
    held: u64,
}

#[entity]
impl Store {
    async fn types(&mut self, cx: &mut Cx<Self>, block: [u8; 400]) -> Outcome<u64> {
        let short: [u64; 40] = 5;
        let mut table: [u64; 40] = [1; 40];
        let unused: [u64; 40] = [1; 40];
        cx.sleep(micros(10)).await;
        table = 3;
        let narrow: u32 = table[2];
        table.puhs(4);
        Ok(self.held + short[1] + u64::from(narrow) + u64::from(block[3]))
    }
}

fn main() {}
