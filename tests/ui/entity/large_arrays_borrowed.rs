// What a large array is in the state does not show in what is told of it.
use happysim::prelude::*;

#[entity]
pub struct Store {
    #[state]
    held: u64,
}

#[entity]
impl Store {
    async fn write(&mut self, cx: &mut Cx<Self>, block: [u8; 400]) -> Outcome<u64> {
        let table: [u64; 40] = [1; 40];
        cx.sleep(micros(10)).await;
        table[4] = 2;
        block[3] = 1;
        let first = &mut table[0];
        *first += table[1];
        Ok(self.held + table[1] + u64::from(block[2]))
    }
}

fn main() {}
