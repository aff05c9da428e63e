use happysim::prelude::*;

topology! {
    node users: Server;
}

topology! {}

fn main() {}
