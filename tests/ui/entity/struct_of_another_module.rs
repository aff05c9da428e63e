use happysim::prelude::*;

mod parts {
    use happysim::prelude::*;

    #[entity]
    pub struct Front {
        #[port]
        pub db: Call<u64, u64>,
    }
}

use parts::Front;

#[entity]
impl Front {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        self.db.call(id).await
    }
}

fn main() {}
