use happysim::profile;

fn main() {
    let _ = profile! { hold 5; step to 8 at 30s; step to 2 at 30s };
}
