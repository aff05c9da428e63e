use happysim::profile;

fn main() {
    let _ = profile! { sine mean 5 amplitude 1 period 20s; spike to 9 at 5s for 2s };
}
