use happysim::profile;

fn main() {
    let _ = profile! { hold 10mbps for 1s; hold 10MBps };
    let _ = profile! { hold 10KB for 1s; hold 10Mb };
}
