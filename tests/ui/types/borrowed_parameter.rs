use happysim::prelude::*;

#[entity]
pub struct Greeter {
    #[param(default = "nobody")]
    name: &'static str,
}

#[entity]
impl Greeter {
    async fn greet(&mut self, cx: &mut Cx<Self>, _request: u64) -> Outcome<u64> {
        cx.sleep(millis(1)).await;
        Ok(self.name.len() as u64)
    }
}

topology! {
    pub Hall {
        param who: &str;
        param rates: &[u64];
        source guests: poisson(5/s) emits u64;
        node greeter: Greeter { name: who };
        guests -> greeter;
    }
}

topology! {
    pub Messages {
        source users: poisson(5/s) emits &str;
        node sink: Sink<&str>;
        users -> sink;
    }
}

fn main() {}
