//! Traffic equations: how much work the sources offer to each server, and what it can do.
//!
//! Every relay hands on each request exactly once when all goes well: retries and hedges add to
//! that, and are left out. So a source's stream goes undivided along its relays to one node, all
//! replicas of it together, however a balancer splits it; what comes from elsewhere, or is not
//! known, only adds. What is found is at least what will be.

use super::component::{Component, preset};
use super::figure::{self, Figure, time};
use super::graph::{Given, Graph};

/// What a node is offered.
pub(super) struct Load {
    /// Requests per second.
    pub(super) rate: f64,
    /// `80/s`, `(80/s + 40/s)`
    pub(super) text: String,
    /// Whether chance has a part in when they come.
    pub(super) is_random: bool,
    /// The sources and relays that it comes from.
    pub(super) path: Vec<usize>,
}

/// The nodes at the ends of the ways from all sources whose rates are literals, with their loads.
pub(super) fn offered(graph: &Graph<'_>) -> Vec<(usize, Load)> {
    let mut loads: Vec<(usize, Load)> = Vec::new();
    for (source, _) in graph.nodes().filter(|(_, component)| *component == Component::Source) {
        let Some((end, load)) = stream(graph, source) else { continue };
        match loads.iter_mut().find(|(node, _)| *node == end) {
            None => loads.push((end, load)),
            Some((_, sum)) => {
                sum.rate += load.rate;
                sum.text = format!("{} + {}", sum.text, load.text);
                sum.is_random |= load.is_random;
                sum.path.extend(load.path);
            }
        }
    }
    for (_, load) in &mut loads {
        if load.text.contains(" + ") {
            load.text = format!("({})", load.text);
        }
    }
    loads
}

/// Where the stream of a source ends, and what of it comes there.
fn stream(graph: &Graph<'_>, source: usize) -> Option<(usize, Load)> {
    let Given::Value(arrivals) = graph.parameter(source, "arrivals") else { return None };
    let (word, arguments) = figure::call(arrivals)?;
    let [rate] = arguments[..] else { return None };
    let is_random = match &word[..] {
        "poisson" => true,
        "constant" => false,
        _ => return None,
    };
    let Figure { value: rate, text, .. } = figure::rate(rate)?;
    let mut load = Load { rate, text, is_random, path: vec![source] };
    let mut node = graph.model.edges[graph.sole_edge(source)?].to;
    // As many steps as there are nodes: a circle has no end.
    for _ in graph.nodes() {
        if !graph.component(node).is_relay() {
            return Some((node, load));
        }
        pass(graph, node, &mut load)?;
        load.path.push(node);
        node = graph.next(node)?;
    }
    None
}

/// What a relay lets through; `None` if it may shed load.
fn pass(graph: &Graph<'_>, relay: usize, load: &mut Load) -> Option<()> {
    // Cancelled work leaves the queue, so impatience bounds it.
    let keeps = match graph.parameter(relay, "giving_up") {
        Given::Default => true,
        Given::Value(word) => figure::word(word).as_deref() == Some("abandon"),
        Given::None | Given::Unknown => false,
    };
    let passes = match graph.component(relay) {
        Component::Client | Component::Timeout => keeps,
        Component::Balancer => keeps && !graph.has(relay, "active"),
        Component::Retry | Component::Hedge | Component::FallbackValue | Component::Fallback => {
            true
        }
        Component::Link => return thin(graph, relay, load),
        _ => false,
    };
    passes.then_some(())
}

/// What a link does not lose.
fn thin(graph: &Graph<'_>, link: usize, load: &mut Load) -> Option<()> {
    // Its line may be the bottleneck, and its buffer may drop.
    let limits =
        ["bandwidth", "buffer", "bursts", "size", "size_of", "reply_size", "reply_size_of"];
    if limits.iter().any(|name| graph.has(link, name)) {
        return None;
    }
    let loss = match graph.parameter(link, "loss") {
        Given::Value(loss) => figure::probability(loss)?.value,
        // As `Link`'s presets have it.
        Given::Default => match preset(graph.node(link)).as_deref() {
            None | Some("local" | "datacenter" | "cross_region") => 0.0,
            Some("internet") => 0.001,
            Some("satellite" | "mobile_4g") => 0.005,
            Some("mobile_3g") => 0.01,
            _ => return None,
        },
        Given::None | Given::Unknown => return None,
    };
    if loss > 0.0 {
        load.rate *= 1.0 - loss;
        load.text = format!("{} x {}%", load.text, figure::decimal(100.0 * (1.0 - loss)));
        load.is_random = true;
    }
    Some(())
}

/// How many requests a node works on at once.
pub(super) struct Capacity {
    pub(super) places: u64,
    /// `32`, `8 x 3 replicas = 24`
    pub(super) sum: String,
}

impl Capacity {
    /// Of `replicas` of a node.
    pub(super) fn of(graph: &Graph<'_>, node: usize, replicas: u64) -> Option<Self> {
        let (parameter, default) = match graph.component(node) {
            Component::Server => ("concurrency", Some(1)),
            Component::Database => ("connections", Some(100)),
            Component::KeyValueStore => ("concurrency", None),
            _ => return None,
        };
        let each = match graph.parameter(node, parameter) {
            Given::Default => default?,
            Given::Value(places) => figure::whole(places)?.value,
            Given::None | Given::Unknown => return None,
        };
        let places = each.checked_mul(replicas)?;
        let sum = match replicas {
            1 => places.to_string(),
            _ => format!("{each} x {replicas} replicas = {places}"),
        };
        Some(Self { places, sum })
    }
}

/// A node that works on requests, whose queue has no bound.
pub(super) struct Server {
    /// Seconds for each request.
    pub(super) mean: Figure<f64>,
    /// Whether chance has a part in that.
    pub(super) is_random: bool,
    pub(super) capacity: Capacity,
    /// The parameters that bound its queue.
    pub(super) bound: &'static str,
}

impl Server {
    pub(super) fn of(graph: &Graph<'_>, node: usize) -> Option<Self> {
        let (service, bounds, bound): (_, &[&str], _) = match graph.component(node) {
            Component::Server => (
                "service",
                &["queue_capacity", "max_wait", "weight", "queue"],
                "queue_capacity`, `max_wait",
            ),
            Component::Database => ("query", &["acquire_timeout"], "acquire_timeout"),
            _ => return None,
        };
        let keeps_order = match graph.parameter(node, "queue") {
            Given::Value(queue) => {
                matches!(figure::word(queue).as_deref(), Some("fifo" | "lifo" | "priority"))
            }
            _ => false,
        };
        if bounds.iter().any(|&name| graph.has(node, name) && !(name == "queue" && keeps_order)) {
            return None;
        }
        let (mean, is_random) = match graph.parameter(node, service) {
            Given::Value(service) => mean(service)?,
            // What a `Server` has by default.
            Given::Default if service == "service" => (seconds(10_000_000), false),
            _ => return None,
        };
        let capacity = Capacity::of(graph, node, graph.replicas(node)?)?;
        Some(Self { mean, is_random, capacity, bound })
    }
}

fn seconds(nanos: u64) -> Figure<f64> {
    let span = proc_macro2::Span::call_site();
    Figure { value: nanos as f64 / 1e9, text: time(nanos), span }
}

/// The mean of a service time, and whether it varies.
fn mean(service: &syn::Expr) -> Option<(Figure<f64>, bool)> {
    let in_seconds = |time: Figure<u64>| Figure {
        value: time.value as f64 / 1e9,
        text: time.text,
        span: time.span,
    };
    if let Some(constant) = figure::duration(service) {
        return Some((in_seconds(constant), false));
    }
    let (word, arguments) = figure::call(service)?;
    let mean = match (&word[..], &arguments[..]) {
        ("constant", [mean]) => return Some((in_seconds(figure::duration(mean)?), false)),
        ("exp", [mean])
        | ("lognormal" | "hyperexponential", [mean, _])
        | ("gamma" | "erlang", [_, mean]) => in_seconds(figure::duration(mean)?),
        ("uniform", [range]) => {
            let (low, high) = figure::times(range)?;
            seconds(low.value.checked_add(high.value)? / 2)
        }
        _ => return None,
    };
    Some((mean, true))
}
