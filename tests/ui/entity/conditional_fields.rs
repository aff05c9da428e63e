use happysim::prelude::*;

/// The fields are there all the same, so that nothing else is told of.
#[entity]
pub struct Api {
    #[cfg(feature = "trace")]
    #[param(default = 1)]
    verbosity: u64,
    #[cfg(not(feature = "trace"))]
    #[state]
    served: u64,
    #[cfg(unix)]
    #[port]
    spare: Call<u64, u64>,
    #[cfg_attr(feature = "trace", param(default = 3))]
    #[param(default = 2)]
    depth: u64,
    #[cfg_attr(feature = "trace", allow(dead_code))]
    #[state]
    seen: u64,
}

#[entity]
impl Api {
    async fn handle(&mut self, _cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        self.served += self.verbosity + self.depth + self.seen;
        self.spare.call(id).await
    }
}

fn main() {}
