use happysim::prelude::*;

topology! {
    {
        node server: Server;
    }
}

topology! {
    pub Shop;
}

fn main() {}
