use happysim::profile;

fn main() {
    let _ = profile! { repeat 0 times { hold 5/s for 1s } };
    let _ = profile! { repeat 2.5 times { hold 5/s for 1s } };
    let _ = profile! { repeat 3 { hold 5/s for 1s } };
    let _ = profile! { repeat times { hold 5/s for 1s } };
    let _ = profile! { repeat 3 times hold 5/s for 1s };
}
