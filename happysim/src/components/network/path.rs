//! The way from one host of a network to another.

use super::{Line, Partition};
use crate::distribution::{Chance, Distribution};
use crate::model::bind::{Binder, Part};
use crate::model::checked::{Checked, NamesLanes};
use crate::model::parameter::{InRange, IntoParameter, InvalidValue};
use crate::profile::{IntoVarying, Varying};
use crate::quantity::{Bandwidth, Bytes, Probability};
use crate::time::{Clock, Duration, Instant};

/// What the way from one host to another does to a message; as a parameter also written as its
/// latency alone: `default_path: 1ms`.
#[derive(Clone, Debug)]
pub struct Path {
    latency: Distribution,
    jitter: Distribution,
    bandwidth: Option<Varying<Bandwidth>>,
    loss: Chance,
}

impl Path {
    /// A way with this one-way latency, without jitter, loss, or limit of bandwidth.
    pub fn new(latency: impl Into<Distribution>) -> Self {
        Self {
            latency: latency.into(),
            jitter: Distribution::constant(Duration::ZERO),
            bandwidth: None,
            loss: Chance::default(),
        }
    }

    /// What is added to the latency, drawn anew for each message.
    #[must_use]
    pub fn jitter(self, jitter: impl Into<Distribution>) -> Self {
        Self { jitter: jitter.into(), ..self }
    }

    /// Bits per second, at least 1, whatever a profile says; messages are transmitted one after the
    /// other. Less is reported when the topology is built.
    #[must_use]
    pub fn bandwidth(self, bandwidth: impl IntoVarying<Bandwidth>) -> Self {
        Self { bandwidth: Some(bandwidth.into_varying()), ..self }
    }

    /// The probability that a message is lost.
    #[must_use]
    pub fn loss(self, loss: impl IntoVarying<Probability>) -> Self {
        Self { loss: Chance::new(loss), ..self }
    }

    /// Sends a message: when it arrives, if it does. Order is kept.
    pub(super) fn send(
        &mut self,
        line: &mut Line,
        size: Bytes,
        clock: &impl Clock,
    ) -> Option<Instant> {
        let now = clock.now();
        line.sent += 1;
        let start = line.free_from(now);
        let bandwidth = self.bandwidth.as_ref().map(|bandwidth| bandwidth.at(start));
        let gone = line.transmit(now, size, bandwidth, false);
        if self.loss.hits(clock) {
            line.lost += 1;
            return None;
        }
        let delay = self.latency.sample(&start) + self.jitter.sample(&start);
        Some(line.in_order(gone + delay))
    }

    /// Whether the bandwidth is one of the way called so.
    fn check_as(&self, name: &str) -> Result<(), InvalidValue> {
        let show = <Varying<Bandwidth> as InRange>::show;
        self.bandwidth.check(LEAST_BANDWIDTH, f64::INFINITY).map_err(|value| InvalidValue {
            value: format!("{name}, whose bandwidth is {value}"),
            expected: format!("it must be at least {}", show(LEAST_BANDWIDTH)),
        })
    }

    fn bind_streams(&mut self, binder: &Binder<'_>, name: &str) {
        self.latency.bind_stream(binder.random_for(&format!("{name}latency")));
        self.jitter.bind_stream(binder.random_for(&format!("{name}jitter")));
        self.loss.bind_stream(binder.random_for(&format!("{name}loss")));
    }
}

/// In bits per second: with less, a message would not arrive within the range of time.
const LEAST_BANDWIDTH: f64 = 1.0;

impl Checked for Path {
    fn check(&self) -> Result<(), InvalidValue> {
        self.check_as("a path")
    }
}

impl Default for Path {
    /// Messages arrive at once.
    fn default() -> Self {
        Self::new(Duration::ZERO)
    }
}

impl Part for Path {
    fn bind(&mut self, binder: &mut Binder<'_>) {
        self.bind_streams(binder, "");
    }

    fn inherit(&mut self, former: &mut Self, binder: &mut Binder<'_>) {
        self.latency.inherit(&mut former.latency, binder);
        self.jitter.inherit(&mut former.jitter, binder);
        self.loss.inherit(&mut former.loss, binder);
    }
}

#[diagnostic::do_not_recommend]
impl<V> IntoParameter<Path> for V
where
    V: IntoParameter<Distribution> + LatencyOnly,
{
    fn into_parameter(self) -> Result<Path, InvalidValue> {
        self.into_parameter().map(Path::new)
    }
}

/// What stands for a [`Path`] as its latency.
pub trait LatencyOnly {}

impl LatencyOnly for Duration {}
impl LatencyOnly for core::time::Duration {}
impl LatencyOnly for Distribution {}
impl LatencyOnly for crate::profile::Profile<Duration> {}

/// Ways that differ from the default, by source and destination; the last given counts.
#[derive(Clone, Debug, Default)]
pub struct Paths(Vec<((usize, usize), Path)>);

impl Paths {
    /// These ways, by source and destination.
    pub fn new(paths: impl IntoIterator<Item = ((usize, usize), Path)>) -> Self {
        Self(paths.into_iter().collect())
    }

    /// The way from `source` to `destination`, if it differs from the default.
    pub(super) fn find(&mut self, source: usize, destination: usize) -> Option<&mut Path> {
        let mut found = self.0.iter_mut().rev().filter(|way| way.0 == (source, destination));
        found.next().map(|(_, path)| path)
    }
}

impl Checked for Paths {
    fn check(&self) -> Result<(), InvalidValue> {
        self.0.iter().try_for_each(|((source, destination), path)| {
            path.check_as(&format!("the path from {source} to {destination}"))
        })
    }
}

impl NamesLanes for Paths {
    fn check_lanes(&self, hosts: usize) -> Result<(), InvalidValue> {
        let ends = |(pair, _): &((usize, usize), Path)| pair.0 >= hosts || pair.1 >= hosts;
        match self.0.iter().find(|way| ends(way)) {
            None => Ok(()),
            Some(((source, destination), _)) => Err(InvalidValue {
                value: format!("a path from {source} to {destination}"),
                expected: Partition::hosts(hosts),
            }),
        }
    }
}

impl Part for Paths {
    fn bind(&mut self, binder: &mut Binder<'_>) {
        for ((source, destination), path) in &mut self.0 {
            path.bind_streams(binder, &format!("{source}-{destination}."));
        }
    }

    fn inherit(&mut self, former: &mut Self, binder: &mut Binder<'_>) {
        for ((source, destination), path) in &mut self.0 {
            match former.find(*source, *destination) {
                Some(former) => path.inherit(former, binder),
                None => path.bind_streams(binder, &format!("{source}-{destination}.")),
            }
        }
    }
}

#[diagnostic::do_not_recommend]
impl IntoParameter<Paths> for Vec<((usize, usize), Path)> {
    fn into_parameter(self) -> Result<Paths, InvalidValue> {
        Ok(Paths(self))
    }
}

#[diagnostic::do_not_recommend]
impl<const N: usize> IntoParameter<Paths> for [((usize, usize), Path); N] {
    fn into_parameter(self) -> Result<Paths, InvalidValue> {
        Ok(Paths(self.to_vec()))
    }
}
