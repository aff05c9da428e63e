use happysim::profile;

fn main() {
    let _ = profile! { hold 5/s + for 1s; ramp to (3/s +) over 10s };
}
