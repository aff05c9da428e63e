use happysim::profile;

fn main() {
    let _ = profile! { hold 5 for 5s; step to 8 at 10s };
}
