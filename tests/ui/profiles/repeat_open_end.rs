use happysim::profile;

fn main() {
    let _ = profile! { repeat 3 times { hold 5/s for 1s; hold 6/s } };
    let _ = profile! { repeat { hold 5/s; step to 3/s at 4s } };
    let _ = profile! { repeat 3 times { repeat { hold 5/s for 1s } } };
}
