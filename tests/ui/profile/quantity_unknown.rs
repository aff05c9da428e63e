use happysim::profile;

fn main() {
    let _ = profile! { hold 2 for 10s; hold 4 };
}
