use happysim::profile;

fn main() {
    let _ = profile! { sine mean 80% amplitude 30% period 20s };
}
