use happysim::profile;

fn main() {
    let _ = profile! { hold 5; step to 8 at 0s };
}
