use happysim::profile;

fn main() {
    let _ = profile! {
        repeat { hold 1/s for 8h; hold 9/s for 16h }
        hold 3/s for 10s;
        hold 4/s;
    };
}
