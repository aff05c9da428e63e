use happysim::profile;

fn main() {
    let _ = profile! { hold 5/s fro 10s; ramp to 9/s ovr 10s; ramp 7/s over 3s };
}
