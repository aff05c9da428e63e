use happysim::profile;

fn main() {
    let _ = profile! { hold 5/s for; ramp to over 10s };
}
