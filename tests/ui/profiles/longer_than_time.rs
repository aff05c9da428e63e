use happysim::profile;

fn main() {
    let _ = profile! { hold 5/s for 200000d; hold 6/s for 100000d; hold 1/s };
}
