use happysim::profile;

fn main() {
    let _ = profile! { hold 5; spike to 8 at 4s for 2s; spike to 9 at 5s for 2s };
}
