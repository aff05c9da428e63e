//! A network of many hosts.

use super::{Line, Partition, PartitionChange, Path, Paths, Size};
use crate::model::entity::Unwired;
use crate::model::metrics::{Observe, Observer};
use crate::prelude::*;
use crate::report::MetricValue;

/// Connects hosts, each with each, and can be partitioned.
///
/// The lanes of its port are the hosts; `route` reads source and destination of a request from
/// it. A reply travels from the destination back to the source. Each pair has a line of its own
/// in each direction; what a message meets there is the pair's entry in `paths`, or
/// `default_path`, as on a [`Link`](super::Link) that keeps the order.
///
/// In a topology of peers:
///
/// ```text
/// node peer[5]: Peer { .. };
/// node network: Network { route: |message| (message.from, message.to), default_path: 1ms };
/// peer.out -> network -> peer.receive[*];
/// ```
///
/// A [`Partition`] stands in the way of messages between its groups: those in `partitions` at
/// their times, others from a `Cut` to a `Heal` that is sent to `network.change`. It is decided
/// when a message is sent; messages on their way when it begins arrive, unless `cuts_in_flight`.
///
/// Lost and blocked messages are silence, counted as the failure `lost`. Statistics: messages
/// and bytes of each pair ([`Traffic`]), their sums in the report.
#[entity(relay)]
pub struct Network<Request: Message = Unwired, Reply: Message = Unwired> {
    /// Source and destination of a request, as numbers of hosts.
    route: fn(&Request) -> (usize, usize),
    /// The way between hosts. Default: messages arrive at once.
    #[param(default = Path::default())]
    default_path: Path,
    /// Ways that differ: `paths: [((0, 1), Path::new(millis(40)))]`, from the first host to the
    /// second; the other direction is another entry. Default: none.
    #[param(default = Paths::default())]
    paths: Paths,
    /// The size of a request. Default: 0.
    #[param(default = Size::default())]
    size: Size<Request>,
    /// The size of a reply; a failure has the size 0. Default: 0.
    #[param(default = Size::default())]
    reply_size: Size<Reply>,
    /// Partitions at fixed times. Default: none.
    #[param(default = Vec::new())]
    partitions: Vec<Partition>,
    /// Whether a partition that begins also stops what is on its way. Default: no.
    #[param(default = false)]
    cuts_in_flight: bool,
    /// The partitions that stand until they are healed, with their handles.
    #[state]
    cuts: Vec<(u64, Instant, Partition)>,
    /// Those that were healed, as far as a message may have been on its way when they began.
    #[state]
    healed: Vec<(Instant, Partition)>,
    /// What went from whom to whom.
    #[state]
    pub traffic: Traffic,
    #[port]
    hosts: Call<Request, Reply>,
}

/// The lines of a network, by source and destination.
#[derive(Clone, Debug, Default)]
pub struct Traffic {
    hosts: usize,
    lines: Vec<Line>,
    /// Messages that a partition stopped.
    pub blocked: u64,
}

impl Traffic {
    fn line(&mut self, source: usize, destination: usize) -> &mut Line {
        &mut self.lines[source * self.hosts + destination]
    }

    /// What went from `source` to `destination`.
    ///
    /// # Panics
    /// When there is no such host.
    pub fn between(&self, source: usize, destination: usize) -> &Line {
        let inside = source < self.hosts && destination < self.hosts;
        assert!(inside, "no way from {source} to {destination} among {} hosts", self.hosts);
        &self.lines[source * self.hosts + destination]
    }
}

impl Observe for Traffic {
    fn observe(&self, _name: &str, observer: &mut Observer) {
        let sum = |count: fn(&Line) -> u64| self.lines.iter().map(count).sum();
        observer.publish("messages sent", MetricValue::Count(sum(|line| line.sent)));
        observer.publish("messages delivered", MetricValue::Count(sum(|line| line.delivered)));
        observer.publish("messages lost", MetricValue::Count(sum(|line| line.lost)));
        observer.publish("messages blocked", MetricValue::Count(self.blocked));
        observer.publish("bytes", MetricValue::Bytes(sum(|line| line.bytes)));
    }

    fn reset(&mut self, now: Instant) {
        self.blocked = 0;
        self.lines.iter_mut().for_each(|line| line.reset(now));
    }
}

#[entity]
impl<Request: Message, Reply: Message> Network<Request, Reply> {
    /// A request and its reply.
    #[handler(main)]
    async fn carry(&mut self, cx: &mut Cx<Self>, request: Request) -> Outcome<Reply> {
        let route = self.route;
        let (source, destination): (usize, usize) = route(&request);
        let size: Bytes = self.size.of(&request, cx.now());
        self.travel(cx, source, destination, size).await?;
        let outcome: Outcome<Reply> = self.hosts.lane(destination).call(request).await;
        if let Err(Failure::Lost) = outcome {
            return outcome;
        }
        let now = cx.now();
        let size = outcome.as_ref().map_or(Bytes(0), |reply| self.reply_size.of(reply, now));
        self.travel(cx, destination, source, size).await?;
        outcome
    }

    /// A partition begins or ends.
    #[allow(clippy::unused_async, reason = "a handler")]
    async fn change(&mut self, cx: &mut Cx<Self>, change: PartitionChange) -> Outcome<()> {
        match change {
            PartitionChange::Cut(number, partition) => {
                self.cuts.push((number, cx.now(), partition));
            }
            PartitionChange::Heal(number) => {
                let cuts = core::mem::take(&mut self.cuts);
                for (other, since, partition) in cuts {
                    if other == number {
                        self.healed.push((since, partition));
                    } else {
                        self.cuts.push((other, since, partition));
                    }
                }
                if !self.cuts_in_flight {
                    self.healed.clear();
                }
            }
        }
        Ok(())
    }

    /// The way of one message.
    async fn travel(
        &mut self,
        cx: &mut Cx<Self>,
        source: usize,
        destination: usize,
        size: Bytes,
    ) -> Outcome<()> {
        let sent: Instant = cx.now();
        let arrival: Instant = self.send(cx, source, destination, size)?;
        cx.sleep_until(arrival).await;
        if self.cuts_in_flight && self.was_cut(source, destination, sent, arrival) {
            self.traffic.blocked += 1;
            return Err(Failure::Lost);
        }
        self.traffic.line(source, destination).delivered += 1;
        Ok(())
    }

    /// Sends a message: when it arrives, if it does.
    fn send(
        &mut self,
        cx: &mut Cx<Self>,
        source: usize,
        destination: usize,
        size: Bytes,
    ) -> Outcome<Instant> {
        let hosts = self.hosts.lanes(cx);
        assert!(
            source < hosts && destination < hosts,
            "a message goes from {source} to {destination}, but there are {hosts} hosts"
        );
        self.traffic.hosts = hosts;
        self.traffic.lines.resize(hosts * hosts, Line::default());
        let line = self.traffic.line(source, destination);
        let now = cx.now();
        let scheduled = self.partitions.iter().filter(|partition| partition.stands(now));
        let standing = scheduled.chain(self.cuts.iter().map(|(_, _, partition)| partition));
        if standing.into_iter().any(|partition| partition.separates(source, destination)) {
            line.sent += 1;
            self.traffic.blocked += 1;
            return Err(Failure::Lost);
        }
        let path = self.paths.find(source, destination).unwrap_or(&mut self.default_path);
        path.send(line, size, cx).ok_or(Failure::Lost)
    }

    /// Whether a partition began while a message was on its way.
    fn was_cut(&self, source: usize, destination: usize, sent: Instant, arrival: Instant) -> bool {
        let scheduled =
            self.partitions.iter().filter(|partition| partition.begins_within(sent, arrival));
        let standing = self.cuts.iter().map(|(_, since, partition)| (since, partition));
        let healed = self.healed.iter().map(|(since, partition)| (since, partition));
        let told = standing
            .chain(healed)
            .filter(|&(&since, _)| sent < since && since <= arrival)
            .map(|(_, partition)| partition);
        scheduled.chain(told).any(|partition| partition.separates(source, destination))
    }
}

impl<Request: Message, Reply: Message, Route> NetworkParameters<Request, Reply, Route> {
    /// The parameters that a topology knows beside those of the fields.
    pub const FURTHER: &'static [&'static str] = &["size_of", "reply_size_of"];

    /// The size of a request as a function of it: `size_of: |request| request.bytes`.
    pub fn size_of(self, size: fn(&Request) -> Bytes) -> Self {
        self.size(Size::Of(size))
    }

    /// The size of a reply as a function of it: `reply_size_of: |page| page.bytes`.
    pub fn reply_size_of(self, size: fn(&Reply) -> Bytes) -> Self {
        self.reply_size(Size::Of(size))
    }
}
