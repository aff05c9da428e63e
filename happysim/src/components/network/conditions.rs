//! Links under common conditions, as starting points: any parameter can be set after them.
//!
//! Delays are one way, so the round trip takes twice as long; both directions have the same
//! bandwidth.

use super::{Link, LinkParameters};
use crate::distribution::Distribution;
use crate::model::message::Message;
use crate::quantity::{Bandwidth, Probability};
use crate::time::{Duration, micros, millis};

const MEGABIT: f64 = 1e6;
const GIGABIT: f64 = 1e9;

fn exponential(mean: Duration) -> Distribution {
    Distribution::exponential(mean).expect("the mean is above 0")
}

impl<Request: Message, Reply: Message> Link<Request, Reply> {
    /// Within a rack: 0.1 ms, 1 Gbit/s. Source: `ping` within a switched Ethernet takes some
    /// tenths of a millisecond there and back.
    pub fn local() -> LinkParameters<Request, Reply> {
        Self::parameters().latency(micros(100)).bandwidth(Bandwidth::bits_per_second(GIGABIT))
    }

    /// Within a data centre: 0.25 ms, 10 Gbit/s. Source: J. Dean, "Designs, Lessons and Advice
    /// from Building Large Distributed Systems" (LADIS 2009): a round trip within a data centre
    /// takes 0.5 ms.
    pub fn datacenter() -> LinkParameters<Request, Reply> {
        Self::parameters()
            .latency(micros(250))
            .bandwidth(Bandwidth::bits_per_second(10.0 * GIGABIT))
    }

    /// Between regions of a cloud, across an ocean or a continent: 50 ms with a jitter of 1 ms
    /// on average (exponential), 1 Gbit/s. Source: light in fibre takes 5 µs/km, so 50 ms are
    /// the 6,000 to 8,000 km between continents with their detours and routers; Dean (2009) has
    /// 150 ms for California to the Netherlands and back.
    pub fn cross_region() -> LinkParameters<Request, Reply> {
        Self::parameters()
            .latency(millis(50))
            .jitter(exponential(millis(1)))
            .bandwidth(Bandwidth::bits_per_second(GIGABIT))
    }

    /// The public internet, a consumer far from the service: 100 ms with a jitter of 10 ms on
    /// average (exponential), 100 Mbit/s, 0.1% loss. Source: ITU-T Y.1541 bounds its classes 0
    /// and 1 at 100 and 400 ms with a loss of 0.1%.
    pub fn internet() -> LinkParameters<Request, Reply> {
        Self::parameters()
            .latency(millis(100))
            .jitter(exponential(millis(10)))
            .bandwidth(Bandwidth::bits_per_second(100.0 * MEGABIT))
            .loss(Probability::new(0.001))
    }

    /// A geostationary satellite: 300 ms with a jitter of 10 ms on average (exponential),
    /// 10 Mbit/s, 0.5% loss. Source: RFC 2488, section 2: the way up and down takes 240 to
    /// 280 ms, a round trip more than 558 ms; with processing it is about 600 ms.
    pub fn satellite() -> LinkParameters<Request, Reply> {
        Self::parameters()
            .latency(millis(300))
            .jitter(exponential(millis(10)))
            .bandwidth(Bandwidth::bits_per_second(10.0 * MEGABIT))
            .loss(Probability::new(0.005))
    }

    /// [`internet`](Self::internet) that loses messages with this probability.
    ///
    /// # Errors
    /// A number outside 0..=1 is reported when the topology is built.
    pub fn lossy(
        loss: impl crate::model::parameter::IntoParameter<crate::distribution::Chance>,
    ) -> LinkParameters<Request, Reply> {
        Self::internet().loss(loss)
    }

    /// A third-generation mobile network: 150 ms with a jitter of 20 ms on average
    /// (exponential), 1.6 Mbit/s, 1% loss. Source: the profile "3G" of `WebPageTest`, 1.6 Mbit/s
    /// down and a round trip of 300 ms; jitter and loss are typical.
    pub fn mobile_3g() -> LinkParameters<Request, Reply> {
        Self::parameters()
            .latency(millis(150))
            .jitter(exponential(millis(20)))
            .bandwidth(Bandwidth::bits_per_second(1.6 * MEGABIT))
            .loss(Probability::new(0.01))
    }

    /// A fourth-generation mobile network: 85 ms with a jitter of 10 ms on average
    /// (exponential), 9 Mbit/s, 0.5% loss. Source: the profile "4G" of `WebPageTest`, 9 Mbit/s
    /// and a round trip of 170 ms; jitter and loss are typical.
    pub fn mobile_4g() -> LinkParameters<Request, Reply> {
        Self::parameters()
            .latency(millis(85))
            .jitter(exponential(millis(10)))
            .bandwidth(Bandwidth::bits_per_second(9.0 * MEGABIT))
            .loss(Probability::new(0.005))
    }
}
