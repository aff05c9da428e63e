use happysim::prelude::*;

fn main() {
    let _: Profile<Rate> = profile! { hold 5/s for 5s, ramp to 10/s over 5s, };
    let _: Profile<Rate> = profile! {
        repeat { hold 5/s for 5s, hold 10/s for 5s }
    };
    let _: Profile<Rate> = profile! {
        hold(5/s, 5s);
        ramp(to 10/s over 3s);
        hold (5/s);
    };
}
