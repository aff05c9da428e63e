use happysim::profile;

fn main() {
    let _ = profile! { hold 5/s for 30; ramp to 9/s over 5/s };
}
