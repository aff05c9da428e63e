//! A network of many hosts.

use super::{Line, Partition, PartitionChange, Path, Paths, Size};
use crate::model::entity::Unwired;
use crate::model::metrics::{Observe, Observer};
use crate::prelude::*;
use crate::report::MetricValue;

/// Connects hosts, each with each, and can be partitioned.
///
/// The lanes of its port are the hosts, the replicas of one node; `route` reads source and destination of a
/// request from it. Hosts that do different things are one entity that tells them apart by
/// [`cx.replica()`](crate::Context::replica), or by parameters that name
/// `replica`. A reply travels from the destination back to the source. Each pair has a line of its own
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
/// Lost and blocked messages are silence, counted as the failure `lost`. Statistics: of each pair
/// the messages sent, delivered, lost, blocked by a partition that stood when they were sent, and
/// cut off by one that began while they were on their way, and bytes ([`Traffic`]); their sums in
/// the report. What was sent is one of these, or still on its way, unless its sender called it off
/// there.
#[entity(relay)]
pub struct Network<Request: Message = Unwired, Reply: Message = Unwired> {
    /// Source and destination of a request, as numbers of hosts.
    route: fn(&Request) -> (usize, usize),
    /// The way between hosts. Default: messages arrive at once.
    #[param(default = Path::default())]
    default_path: Path,
    /// Ways that differ: `paths: [((0, 1), Path::new(millis(40)))]`, from the first host to the
    /// second, of those that there are; the other direction is another entry. Default: none.
    #[param(default = Paths::default(), lanes = hosts)]
    paths: Paths,
    /// The size of a request. Default: 0.
    #[param(default = Size::default())]
    size: Size<Request>,
    /// The size of a reply; a failure has the size 0. Default: 0.
    #[param(default = Size::default())]
    reply_size: Size<Reply>,
    /// Partitions at fixed times, of hosts that there are. Default: none.
    #[param(default = Vec::new(), lanes = hosts)]
    partitions: Vec<Partition>,
    /// Whether a partition that begins also stops what is on its way. Default: no.
    #[param(default = false)]
    cuts_in_flight: bool,
    /// The partitions that stand until they are healed, with their handles.
    #[state]
    cuts: Vec<(u64, Partition)>,
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
}

impl Traffic {
    /// There are so many hosts.
    fn set_hosts(&mut self, hosts: usize) {
        self.hosts = hosts;
        self.lines.resize(hosts * hosts, Line::default());
    }

    fn line(&mut self, source: usize, destination: usize) -> &mut Line {
        &mut self.lines[source * self.hosts + destination]
    }

    /// A partition begins now, for those on their way between hosts that it separates.
    fn cut(&mut self, partition: &Partition, now: Instant) {
        for (source, destination) in partition.pairs() {
            self.line(source, destination).cut_at = Some(now);
        }
    }

    /// Messages that a partition stopped: those that it blocked, and those that it cut off.
    pub fn blocked(&self) -> u64 {
        self.lines.iter().map(|line| line.blocked + line.cut_off).sum()
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
        observer.publish("messages blocked", MetricValue::Count(sum(|line| line.blocked)));
        observer.publish("messages cut off", MetricValue::Count(sum(|line| line.cut_off)));
        observer.publish("bytes", MetricValue::Bytes(sum(|line| line.bytes)));
    }

    fn reset(&mut self, now: Instant) {
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
                let hosts = self.hosts.lanes(cx);
                if let Some(host) = partition.stranger(hosts) {
                    panic!("a partition names host {host}: {}", Partition::hosts(hosts));
                }
                self.traffic.set_hosts(hosts);
                self.traffic.cut(&partition, cx.now());
                self.cuts.push((number, partition));
            }
            PartitionChange::Heal(number) => self.cuts.retain(|(other, _)| *other != number),
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
            self.traffic.line(source, destination).cut_off += 1;
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
            "a message goes from {source} to {destination}: {}",
            Partition::hosts(hosts)
        );
        self.traffic.set_hosts(hosts);
        let line = self.traffic.line(source, destination);
        let now = cx.now();
        let scheduled = self.partitions.iter().filter(|partition| partition.stands(now));
        let standing = scheduled.chain(self.cuts.iter().map(|(_, partition)| partition));
        if standing.into_iter().any(|partition| partition.separates(source, destination)) {
            line.sent += 1;
            line.blocked += 1;
            return Err(Failure::Lost);
        }
        let path = self.paths.find(source, destination).unwrap_or(&mut self.default_path);
        path.send(line, size, cx).ok_or(Failure::Lost)
    }

    /// Whether a partition began while a message was on its way, which arrives now.
    fn was_cut(
        &mut self,
        source: usize,
        destination: usize,
        sent: Instant,
        arrival: Instant,
    ) -> bool {
        // Of those that were told, the last says it all: it began before now.
        let told = self.traffic.line(source, destination).cut_at;
        told.is_some_and(|cut_at| sent < cut_at)
            || self.partitions.iter().any(|partition| {
                partition.begins_within(sent, arrival) && partition.separates(source, destination)
            })
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
