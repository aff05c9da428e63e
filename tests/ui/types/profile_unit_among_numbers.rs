use happysim::profile;

fn main() {
    let _ = profile! { hold 50 for 30s; hold 8/s };
}
