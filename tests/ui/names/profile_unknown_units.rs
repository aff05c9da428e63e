use happysim::profile;

fn main() {
    let _ = profile! {
        hold 5/sec for 10msec;
        ramp to 9/s over 3 s;
        hold 4/s for 5m;
        hold 3/s for 10parsecs;
    };
}
