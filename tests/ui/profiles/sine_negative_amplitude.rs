use happysim::profile;

fn main() {
    let _ = profile! { sine mean 8 amplitude -3 period 20s };
}
