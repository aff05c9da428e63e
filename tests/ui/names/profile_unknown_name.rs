use happysim::profile;
use happysim::quantity::Rate;

fn main() {
    let peak = Rate::per_second(5.0);
    let _ = profile! { hold 50/s for 30s; ramp to peek over 60s; step to peak.x at 90s };
}
