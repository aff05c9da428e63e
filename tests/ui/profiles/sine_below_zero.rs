use happysim::profile;

fn main() {
    let _ = profile! { sine mean 50/s amplitude 60/s period 20s };
}
