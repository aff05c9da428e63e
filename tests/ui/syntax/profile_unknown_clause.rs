use happysim::profile;

fn main() {
    let _ = profile! { hold 5/s over 10s; ramp to 9/s for 10s };
    let _ = profile! { sine around 5ms amplitude 1ms period 1min };
}
