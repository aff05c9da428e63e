use happysim::profile;

fn main() {
    let _ = profile! {
        hold 50/s;
        ramp to 400 over 0s;
        repeat 2 times { hold 5% };
        stepp to 3/s at 3s;
    };
}
