//! The report as text.

use core::fmt;

use super::grid::Grid;
use super::{
    HandlerReport, LatencyReport, NodeKind, NodeReport, Report, ResourceReport, format, stuck,
};

impl fmt::Display for Report {
    /// The facts of the run and a table for each node, the same to the byte for the same run,
    /// in lines of at most 100 characters where names and numbers allow it.
    ///
    /// What did not occur is left out: handlers to which nothing came beside others, resources that
    /// nobody used, metrics of zero; and so are resources that are no part of the model. The fields
    /// of the report have it all.
    ///
    /// `{report:#}` adds how fast the run was, and a table for each replica.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut grid = Grid::default();
        grid.text(self.facts.to_string());
        if let Some(speed) = self.speed().filter(|_| f.alternate()) {
            grid.text(speed.to_string());
        }
        for node in &self.nodes {
            grid.text("");
            add_with_replicas(&mut grid, node, f.alternate());
        }
        if !self.stuck.is_empty() {
            grid.text("");
            let count = format::counted(self.stuck.len() as u64, "request");
            grid.text(format!("stuck: {count}, waiting for what can no longer happen"));
            for line in stuck::lines(&self.stuck) {
                grid.text(format!("  {line}"));
            }
        }
        grid.fmt(f)
    }
}

impl fmt::Display for NodeReport {
    /// The tables of this node, as in the whole [`Report`]; `{node:#}` adds those of its replicas.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut grid = Grid::default();
        add_with_replicas(&mut grid, self, f.alternate());
        grid.fmt(f)
    }
}

/// The tables of a node, and those of its replicas where they are asked for.
fn add_with_replicas(grid: &mut Grid, node: &NodeReport, has_replicas: bool) {
    add_node(grid, node);
    for replica in node.replicas.iter().filter(|_| has_replicas) {
        grid.text("");
        add_node(grid, replica);
    }
}

/// The tables of one node; those that would be empty are left out.
fn add_node(grid: &mut Grid, node: &NodeReport) {
    grid.text(title(node));
    let handlers = used_handlers(node);
    // With it the books balance: carried + arrived = ok + failed + in flight.
    let has_carried = handlers.iter().any(|handler| handler.carried > 0);
    if !handlers.is_empty() {
        let last = has_carried.then_some("carried");
        let titles = ["arrived", "ok", "failed", "in flight", "throughput"];
        grid.row("  requests", titles.into_iter().chain(last));
    }
    for handler in &handlers {
        let last = has_carried.then(|| format::count(handler.carried));
        grid.row(format!("    {}", handler.name), requests(handler).into_iter().chain(last));
    }
    for handler in handlers.iter().filter(|handler| !handler.failures.is_empty()) {
        let label = match handlers.as_slice() {
            [_] => "  failed:".to_owned(),
            _ => format!("  {} failed:", handler.name),
        };
        grid.list(&label, failures(handler));
    }
    if handlers.iter().any(|handler| handler.latency.is_some()) {
        grid.row("  latency of ok", ["mean", "p50", "p90", "p99", "p99.9", "max"]);
    }
    for handler in &handlers {
        if let Some(latency) = &handler.latency {
            grid.row(format!("    {}", handler.name), latencies(latency));
        }
    }
    let resources: Vec<_> = node.resources.iter().filter(|resource| is_used(resource)).collect();
    if !resources.is_empty() {
        grid.row("  resources", ["utilised", "queue mean", "queue max", "wait mean", "wait max"]);
    }
    for resource in resources {
        grid.row(format!("    {}", resource.name), levels(resource));
    }
    let metrics: Vec<_> = node.metrics.iter().filter(|metric| !metric.value.is_zero()).collect();
    if !metrics.is_empty() {
        grid.list("  metrics:", metrics.into_iter().map(ToString::to_string));
    }
}

/// The handlers to which something came; all of them where nothing came to any.
fn used_handlers(node: &NodeReport) -> Vec<&HandlerReport> {
    let is_used = |handler: &&HandlerReport| handler.carried + handler.arrived > 0;
    let used: Vec<_> = node.handlers.iter().filter(is_used).collect();
    if used.is_empty() { node.handlers.iter().collect() } else { used }
}

/// Whether it is part of the model, and anybody held it or waited for it.
fn is_used(resource: &ResourceReport) -> bool {
    let was_used = resource.served > 0 || resource.in_use_mean > 0.0 || resource.queue_max > 0.0;
    was_used && !resource.is_inner
}

/// `api: Api, 3 replicas`; `internet: Link`; `breaker: CircuitBreaker (wrapper)`.
fn title(node: &NodeReport) -> String {
    let kind = match node.kind {
        NodeKind::Node => "",
        NodeKind::Source => "source",
        NodeKind::Link => "link",
        NodeKind::Wrapper => "wrapper",
        NodeKind::Shared => "shared",
    };
    // A `Link` needs not be called a link.
    let kind = match kind {
        "" => String::new(),
        kind if kind.eq_ignore_ascii_case(&node.entity) => String::new(),
        kind => format!(" ({kind})"),
    };
    let replicas = match node.replicas.len() as u64 {
        0 => String::new(),
        count => format!(", {}", format::counted(count, "replica")),
    };
    format!("{}: {}{kind}{replicas}", node.path, node.entity)
}

fn requests(handler: &HandlerReport) -> [String; 5] {
    let counts = [handler.arrived, handler.ok, handler.failed, handler.in_flight];
    let [arrived, ok, failed, in_flight] = counts.map(format::count);
    [arrived, ok, failed, in_flight, format::rate(handler.throughput)]
}

/// `timed out 1,500 (1.2%)`, the share being that of all requests with an outcome.
fn failures(handler: &HandlerReport) -> impl Iterator<Item = String> {
    let outcomes = (handler.ok + handler.failed) as f64;
    handler.failures.iter().map(move |failure| {
        let share = format::percent(failure.count as f64 / outcomes);
        format!("{} {} ({share})", failure.reason, format::count(failure.count))
    })
}

fn latencies(latency: &LatencyReport) -> [String; 6] {
    let LatencyReport { mean, p50, p90, p99, p999, max, .. } = *latency;
    [mean, p50, p90, p99, p999, max].map(format::duration)
}

fn levels(resource: &ResourceReport) -> [String; 5] {
    [
        resource.utilisation.map_or_else(|| "-".to_owned(), format::percent),
        format::level(resource.queue_mean),
        // A level of whole requests.
        format::count(resource.queue_max as u64),
        format::duration(resource.wait_mean),
        format::duration(resource.wait_max),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::example::report;
    use super::super::grid::WIDTH;

    #[test]
    fn a_report_prints_as_stored() {
        assert_eq!(report().to_string(), include_str!("example.txt"));
    }

    #[test]
    fn a_node_prints_alone_as_in_the_report() {
        let report = report();
        let db = report.node("db").to_string();
        assert!(db.starts_with("db: Database\n  requests"), "{db}");
        // The columns are as wide as this node needs them.
        assert!(db.contains("  put failed: crashed 7 (100.0%)\n"), "{db}");
        let api = report.node("api");
        assert!(!api.to_string().contains("api[1]: Api"));
        assert!(format!("{api:#}").contains("\n\napi[1]: Api\n"));
    }

    #[test]
    fn lines_are_readable_at_100_columns() {
        for line in format!("{:#}", report()).lines() {
            assert!(line.len() <= WIDTH, "{line}");
            assert_eq!(line, line.trim_end());
        }
    }

    #[test]
    fn only_the_alternate_form_tells_the_speed_and_the_replicas() {
        let (plain, full) = (report().to_string(), format!("{:#}", report()));
        for extra in ["took 2.50s: 4,938,271 events/s, 240 times real time\n", "\napi[1]: Api\n"] {
            assert!(!plain.contains(extra) && full.contains(extra), "{full}");
        }
    }
}
