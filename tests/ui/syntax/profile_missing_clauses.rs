use happysim::profile;

fn main() {
    let _ = profile! {
        hold 5/s for 10s;
        ramp over 10s;
        step to 9/s;
        sine mean 5/s period 10s;
        spike at 3s;
    };
}
