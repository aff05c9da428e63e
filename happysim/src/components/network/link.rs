//! A link between two nodes.

use super::{BurstLoss, Bursts, Line, Size};
use crate::model::entity::Unwired;
use crate::prelude::*;

/// A connection between two nodes, both ways: requests travel one way, replies (failures too)
/// the other, each direction with a line of its own and the same parameters.
///
/// A message takes, one way,
///
/// - the wait for the line: messages are transmitted one after the other, first in first out,
/// - its transmission, size by bandwidth (store and forward: the whole message must have left),
/// - a sample of the latency and a sample of the jitter.
///
/// Bandwidth, latency and jitter are those of the instant at which its transmission starts;
/// loss is decided, and the buffer looked at, when it is sent. Messages arrive in the order in
/// which they were sent, unless `reorder` lets a short delay overtake a long one.
///
/// A lost message is not told to anybody: its sender waits until its own timeout, and for ever
/// without one; a wrapper in front of the link, until its own timeout or that of who called it,
/// whatever ends first. The link counts it as the failure `lost`; a message that finds the buffer full
/// is lost in the same way. A lost message has taken its time on the line, one that was
/// dropped at the buffer has not. A partition is a loss of 100% while it lasts:
/// `loss: profile! { hold 0% for 2s; hold 100% for 4s; hold 0% }`; what is on its way when it
/// begins still arrives.
///
/// Statistics, for each direction: messages sent, delivered, lost, dropped at the buffer;
/// bytes; the fraction of time during which the line was busy ([`Line`]).
///
/// In a topology: `link internet: Link::internet() { loss: 1% };`. Presets for common
/// conditions: [`local`](Self::local), [`datacenter`](Self::datacenter),
/// [`cross_region`](Self::cross_region), [`internet`](Self::internet),
/// [`satellite`](Self::satellite), [`lossy`](Self::lossy), [`mobile_3g`](Self::mobile_3g),
/// [`mobile_4g`](Self::mobile_4g).
#[entity(relay)]
pub struct Link<Request: Message = Unwired, Reply: Message = Unwired> {
    /// One-way propagation delay. Default: none.
    #[param(default = Duration::ZERO)]
    latency: Distribution,
    /// What is added to the latency, drawn anew for each message. Default: nothing.
    #[param(default = Duration::ZERO)]
    jitter: Distribution,
    /// Bits per second in each direction, at least 1. Default: transmission takes no time.
    #[param(default = None, range = 1..)]
    bandwidth: Option<Varying<Bandwidth>>,
    /// The probability that a message is lost, each on its own. Default: 0.
    #[param(default = Probability::default())]
    loss: Chance,
    /// Loss in bursts, in addition to `loss`. Default: none.
    #[param(default = None)]
    bursts: Option<BurstLoss>,
    /// How many bytes may wait for the line in each direction; what is being transmitted does
    /// not wait. The last to come are dropped. Default: any number.
    #[param(default = None)]
    buffer: Option<Varying<Bytes>>,
    /// Whether messages may overtake each other. Default: no.
    #[param(default = false)]
    reorder: bool,
    /// The size of a request; with `size_of: |request| ..` as a function of it. Default: 0.
    #[param(default = Size::default())]
    size: Size<Request>,
    /// The size of a reply; with `reply_size_of: |reply| ..` as a function of it. A failure has
    /// the size 0. Default: 0.
    #[param(default = Size::default())]
    reply_size: Size<Reply>,
    /// The way to the callee.
    #[state]
    pub requests: Line,
    /// The way back.
    #[state]
    pub replies: Line,
    #[state]
    request_bursts: Bursts,
    #[state]
    reply_bursts: Bursts,
    #[port]
    next: Call<Request, Reply>,
}

#[entity]
impl<Request: Message, Reply: Message> Link<Request, Reply> {
    async fn carry(&mut self, cx: &mut Cx<Self>, request: Request) -> Outcome<Reply> {
        let size = self.size.of(&request, cx.now());
        let arrival = self.send(cx, Direction::Request, size).ok_or(Failure::Lost)?;
        cx.sleep_until(arrival).await;
        self.requests.delivered += 1;
        let outcome = self.next.call(request).await;
        if let Err(Failure::Lost) = outcome {
            return outcome;
        }
        let size = outcome.as_ref().map_or(Bytes(0), |reply| self.reply_size.of(reply, cx.now()));
        let arrival = self.send(cx, Direction::Reply, size).ok_or(Failure::Lost)?;
        cx.sleep_until(arrival).await;
        self.replies.delivered += 1;
        outcome
    }

    /// Puts a message on the line: when it arrives at the other end, if it does.
    fn send(&mut self, cx: &mut Cx<Self>, direction: Direction, size: Bytes) -> Option<Instant> {
        let (line, bursts) = match direction {
            Direction::Request => (&mut self.requests, &mut self.request_bursts),
            Direction::Reply => (&mut self.replies, &mut self.reply_bursts),
        };
        let now = cx.now();
        line.sent += 1;
        if let Some(buffer) = &self.buffer
            && !line.has_room(now, size, buffer.at(now))
        {
            line.dropped += 1;
            return None;
        }
        let start = line.free_from(now);
        let bandwidth = self.bandwidth.as_ref().map(|bandwidth| bandwidth.at(start));
        let gone = line.transmit(now, size, bandwidth, self.buffer.is_some());
        let mut lost = self.loss.hits(cx);
        if let Some(burst_loss) = &mut self.bursts {
            lost |= burst_loss.hits(bursts, cx);
        }
        if lost {
            line.lost += 1;
            return None;
        }
        let delay = self.latency.sample(&start) + self.jitter.sample(&start);
        let arrival = gone + delay;
        Some(if self.reorder { arrival } else { line.in_order(arrival) })
    }
}

/// Which way a message goes.
#[derive(Clone, Copy, Debug)]
enum Direction {
    Request,
    Reply,
}

impl<Request: Message, Reply: Message> LinkParameters<Request, Reply> {
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
