use happysim::prelude::*;

#[entity]
pub struct Api {
    #[state]
    seen: u64,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<()> {
        #[cfg(debug_assertions)]
        cx.sleep(millis(1)).await;
        #[cfg(not(debug_assertions))]
        let id = id + 1;
        match id {
            #[cfg(unix)]
            0 => cx.sleep(millis(1)).await,
            _ => self.seen += 1,
        }
        #[cfg(feature = "trace")]
        println!("{id}");
        Ok(())
    }
}

fn main() {}
