use happysim::profile;

fn main() {
    let _ = profile! { hold 50/s for 30s; ramp to 5% over 10s; hold 20ms };
}
