use happysim::profile;

fn main() {
    let peak: usize = 400;
    let rise = 60.0;
    let _ = profile! { hold 50/s for 30s; ramp to peak over 60s; ramp to 50/s over rise; hold };
}
