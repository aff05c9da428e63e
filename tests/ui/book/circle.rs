use happysim::prelude::*;

// ANCHOR: model
topology! {
    pub Shop {
        source users: poisson(50/s);
        node lb: LoadBalancer;
        link there: Link::internet();
        link back: Link::internet();
        users -> lb -> there -> back -> lb;
    }
}
// ANCHOR_END: model

fn main() {}
