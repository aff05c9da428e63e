use happysim::profile;

fn main() {
    // ANCHOR: model
    let _campaign = profile! { hold 50/s; ramp to 400/s over 60s };
    let _day = profile! { sine mean 50/s amplitude 60/s period 1d };
    // ANCHOR_END: model
}
