use happysim::profile;

fn main() {
    let _ = profile! { hold 5/s over 10s; ramp to 9/s for 10s };
}
