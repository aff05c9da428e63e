use happysim::profile;

fn main() {
    let _ = profile! { hold -5/s for 30s; ramp to -10ms over 10s };
}
