use happysim::profile;

fn main() {
    let _ = profile! { hold 5/s for 10s for 20s };
}
