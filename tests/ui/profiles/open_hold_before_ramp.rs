use happysim::profile;

fn main() {
    let _ = profile! { hold 50/s; ramp to 400/s over 60s };
}
