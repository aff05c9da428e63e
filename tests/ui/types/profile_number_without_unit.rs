use happysim::profile;

fn main() {
    let _ = profile! { hold 50/s for 30s; hold 0 };
}
