use happysim::profile;

fn main() {
    let _ = profile! {
        hold 1/s for 0s;
        ramp to 5/s over 0ms;
        sine mean 5/s amplitude 1/s period 0s for 3s;
        spike to 9/s at 3s for 0s;
    };
}
