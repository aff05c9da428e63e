//! What a node of the topology showed.

use super::{HandlerReport, Metric, MetricValue, ResourceReport, Series, not_found};

/// What a node is in its topology.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum NodeKind {
    /// Declared as a `node`.
    #[default]
    Node,
    /// Declared as a `source`.
    Source,
    /// Declared as a `link`.
    Link,
    /// Stands in a chain of arrows: a timeout, a breaker.
    Wrapper,
    /// A synchronisation object that was declared as `shared`.
    Shared,
}

/// What one node showed, or all replicas of a replicated node together.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct NodeReport {
    /// The node's path in the topology: `db`, `api` for all replicas, `api[2]` for one.
    pub path: String,
    /// The name of its type: `Database`.
    pub entity: String,
    /// What it is in its topology.
    pub kind: NodeKind,
    /// Its handlers in the order of their declaration.
    pub handlers: Vec<HandlerReport>,
    /// Its resources in the order of their declaration.
    pub resources: Vec<ResourceReport>,
    /// What else it counts and measures.
    pub metrics: Vec<Metric>,
    /// What it records over the course of the run; only for single nodes and replicas.
    pub series: Vec<Series>,
    /// The replicas of a replicated node, in order; empty for any other.
    pub replicas: Vec<NodeReport>,
}

impl NodeReport {
    /// A node that has shown nothing yet: fill in the fields.
    pub fn new(path: &str, entity: &str, kind: NodeKind) -> Self {
        Self { path: path.to_owned(), entity: entity.to_owned(), kind, ..Self::default() }
    }

    /// All replicas together. `handlers` are their totals, made by [`HandlerReport::new`] from
    /// the statistics of all replicas, as percentiles cannot be had from percentiles; resources
    /// and metrics are put together here.
    pub fn group(path: &str, handlers: Vec<HandlerReport>, replicas: Vec<Self>) -> Self {
        let Some(first) = replicas.first() else {
            return Self { path: path.to_owned(), handlers, ..Self::default() };
        };
        let resources = first.resources.iter().filter_map(|resource| {
            ResourceReport::mean(replicas.iter().filter_map(|one| one.get_resource(&resource.name)))
        });
        let metrics = first.metrics.iter().filter_map(|metric| {
            let same = |one: &'_ Self| one.metrics.iter().position(|it| it.name == metric.name);
            Metric::total(replicas.iter().filter_map(|one| Some(&one.metrics[same(one)?])))
        });
        Self {
            path: path.to_owned(),
            entity: first.entity.clone(),
            kind: first.kind,
            handlers,
            resources: resources.collect(),
            metrics: metrics.collect(),
            series: Vec::new(),
            replicas,
        }
    }

    /// The handler with this name.
    ///
    /// # Panics
    /// When there is none; the message lists those there are.
    #[track_caller]
    pub fn handler(&self, name: &str) -> &HandlerReport {
        self.get_handler(name).unwrap_or_else(|| {
            let names = self.handlers.iter().map(|handler| handler.name.as_str());
            panic!("{}", not_found("handler", name, &self.path, names))
        })
    }

    /// The handler with this name, if there is one.
    pub fn get_handler(&self, name: &str) -> Option<&HandlerReport> {
        self.handlers.iter().find(|handler| handler.name == name)
    }

    /// The only handler of a node that has one.
    ///
    /// # Panics
    /// When there are none or several.
    #[track_caller]
    pub fn requests(&self) -> &HandlerReport {
        let [only] = self.handlers.as_slice() else {
            let names: Vec<&str> = self.handlers.iter().map(|it| it.name.as_str()).collect();
            panic!("`{}` has {} handlers, not one: {}", self.path, names.len(), names.join(", "))
        };
        only
    }

    /// The resource with this name.
    ///
    /// # Panics
    /// When there is none; the message lists those there are.
    #[track_caller]
    pub fn resource(&self, name: &str) -> &ResourceReport {
        self.get_resource(name).unwrap_or_else(|| {
            let names = self.resources.iter().map(|resource| resource.name.as_str());
            panic!("{}", not_found("resource", name, &self.path, names))
        })
    }

    /// The resource with this name, if there is one.
    pub fn get_resource(&self, name: &str) -> Option<&ResourceReport> {
        self.resources.iter().find(|resource| resource.name == name)
    }

    /// The value of the metric with this name.
    ///
    /// # Panics
    /// When there is none; the message lists those there are.
    #[track_caller]
    pub fn metric(&self, name: &str) -> &MetricValue {
        self.get_metric(name).unwrap_or_else(|| {
            let names = self.metrics.iter().map(|metric| metric.name.as_str());
            panic!("{}", not_found("metric", name, &self.path, names))
        })
    }

    /// The value of the metric with this name, if there is one.
    pub fn get_metric(&self, name: &str) -> Option<&MetricValue> {
        self.metrics.iter().find(|metric| metric.name == name).map(|metric| &metric.value)
    }

    /// Whether the books of all handlers balance, those of the replicas included.
    pub fn is_conserved(&self) -> bool {
        self.handlers.iter().all(HandlerReport::is_conserved)
            && self.replicas.iter().all(Self::is_conserved)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Report;
    use super::*;

    fn replica(index: usize, hits: u64) -> NodeReport {
        let mut node = NodeReport::new(&format!("cache[{index}]"), "Cache", NodeKind::Node);
        let name = "slots".to_owned();
        let queue_max = index as f64;
        node.resources.push(ResourceReport { name, queue_max, ..ResourceReport::default() });
        node.metrics.push(Metric::new("hits", MetricValue::Count(hits)));
        let name = "get".to_owned();
        node.handlers.push(HandlerReport { name, arrived: 1, ok: 1, ..HandlerReport::default() });
        node.handlers[0].failed = u64::from(index > 1);
        node
    }

    fn report() -> Report {
        let replicas = vec![replica(0, 3), replica(1, 4)];
        let cache = NodeReport::group("cache", Vec::new(), replicas);
        let db = NodeReport::new("db", "Database", NodeKind::Node);
        Report { nodes: vec![cache, db], ..Report::default() }
    }

    #[test]
    fn nodes_and_replicas_are_found_by_path() {
        let report = report();
        assert_eq!(report.node("cache").metric("hits").as_count(), Some(7));
        assert_eq!(report.node("cache[1]").metric("hits").as_count(), Some(4));
        assert_eq!(report.node("cache").resource("slots").queue_max, 1.0);
        assert_eq!(report.node("cache[0]").requests().ok, 1);
        assert_eq!(report.node("cache").entity, "Cache");
        assert_eq!(report.get_node("cache[2]"), None);
        let paths: Vec<&str> = report.all_nodes().map(|node| node.path.as_str()).collect();
        assert_eq!(paths, ["cache", "cache[0]", "cache[1]", "db"]);
    }

    #[test]
    fn the_books_of_a_group_are_those_of_its_replicas() {
        assert!(report().node("cache").is_conserved());
        let group = NodeReport::group("cache", Vec::new(), vec![replica(2, 0)]);
        assert!(!group.is_conserved());
    }

    #[test]
    #[should_panic(expected = "has no node `dbb`; it has: `cache`, `db`")]
    fn an_unknown_node_is_told_with_those_there_are() {
        let _ = report().node("dbb");
    }

    #[test]
    #[should_panic(expected = "`db` has no metric `hits`; it has: none")]
    fn an_unknown_metric_is_told_with_those_there_are() {
        let _ = report().node("db").metric("hits");
    }

    #[test]
    #[should_panic(expected = "`db` has 0 handlers, not one")]
    fn requests_asks_for_one_handler() {
        let _ = report().node("db").requests();
    }
}
