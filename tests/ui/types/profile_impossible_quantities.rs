use happysim::profile;

fn main() {
    let _ = profile! { hold 5/s for 0.5ns; hold 6/s for 300000d; hold 1/s };
    let _ = profile! { hold 0.5B };
}
