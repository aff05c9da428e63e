use happysim::profile;

fn main() {
    let _ = profile! { ramp to 5/s over 10s };
    let _ = profile! { hold for 10s; hold 3/s };
    let _ = profile! { step to 5/s at 10s };
}
