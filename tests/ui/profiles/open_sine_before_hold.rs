use happysim::profile;

fn main() {
    let _ = profile! { sine mean 5/s amplitude 1/s period 20s; hold 3/s for 3s };
}
