use happysim::profile;
use happysim::profile::Profile;
use happysim::quantity::Rate;

fn main() {
    let _: Profile<Rate> = profile! { hold 5% };
}
