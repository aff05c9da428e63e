use happysim::profile;

fn main() {
    let _ = profile! { hold 5% for 30s; hold 150% };
}
