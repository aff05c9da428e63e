use happysim::entity;

#[entity]
pub struct Tuple(u64);

#[entity]
pub struct Borrows<'a> {
    text: &'a str,
}

#[entity(fast)]
pub struct Unknown {
    size: u64,
}

#[entity(relay)]
pub struct Relay {
    size: u64,
}

#[entity]
pub enum Choice {
    One,
}

fn main() {}
