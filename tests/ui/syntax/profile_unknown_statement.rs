use happysim::profile;

fn main() {
    let _ = profile! {
        hold 5/s for 10s;
        rmap to 9/s over 10s;
        wait for 10s;
        9/s for 10s;
        hold 7
    };
}
