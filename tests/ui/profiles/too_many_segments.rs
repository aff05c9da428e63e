use happysim::profile;

fn main() {
    let _ = profile! { repeat 1000000 times { hold 1/s for 1s } };
}
