use happysim::profile;

fn main() {
    let _ = profile! {};
    let _ = profile! { hold 1/s for 1s; repeat 3 times {} };
}
