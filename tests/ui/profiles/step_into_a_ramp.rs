use happysim::profile;

fn main() {
    let _ = profile! { hold 5 for 5s; ramp to 8 over 10s; step to 2 at 12s };
}
