//! The report: what a run showed, as plain data and as text.
//!
//! A [`Report`] holds the facts of the run and a [`NodeReport`] for each node. It prints as text
//! (`println!("{report}")`), is compared with `==`, and is serialisable under the feature
//! `serde`. Text, data and equality leave out how fast the run was on this machine, so that the
//! same program, parameters and seed give the same bytes; [`Report::speed`] and `{report:#}`
//! have it.
//!
//! # Names
//! A node is found by the path it has in the topology: `report.node("db")`. A replicated node
//! declared as `api[3]` is one [`NodeReport`] with the path `api`, the total of its replicas,
//! and holds them as `api[0]`, `api[1]`, `api[2]` in [`NodeReport::replicas`]; both are found by
//! path. Totals are exact for counts and latencies (percentiles are over all requests of all
//! replicas); levels, such as queue lengths and utilisations, are means over the replicas, and
//! their maxima the largest of any one replica.

#![cfg_attr(
    test,
    expect(clippy::float_cmp, reason = "tests compare exactly where all numbers are exact")
)]

mod error;
#[cfg(test)]
mod example;
mod facts;
mod format;
mod grid;
mod handler;
mod metric;
mod node;
mod resource;
mod stuck;
mod text;

pub use error::{BuildError, Place, SimError};
pub use facts::{RunFacts, Speed};
pub use handler::{HandlerReport, LatencyReport, ReasonCount};
pub use metric::{Metric, MetricValue, Series};
pub use node::{NodeKind, NodeReport};
pub use resource::ResourceReport;
pub use stuck::StuckTask;

/// What a run showed.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Report {
    /// What was run, and how far.
    pub facts: RunFacts,
    /// The nodes in the order of the topology.
    pub nodes: Vec<NodeReport>,
    /// Requests that can never go on: they wait, and nothing is scheduled that could wake them, or they wait
    /// for each other. See [`Simulation::stuck`](crate::Simulation::stuck).
    pub stuck: Vec<StuckTask>,
}

impl Report {
    /// The node, replicated node or replica with this path.
    ///
    /// # Panics
    /// When there is none; the message lists the paths there are. See
    /// [`get_node`](Self::get_node).
    #[track_caller]
    pub fn node(&self, path: &str) -> &NodeReport {
        self.get_node(path).unwrap_or_else(|| {
            let paths = self.nodes.iter().map(|node| node.path.as_str());
            panic!("{}", not_found("node", path, &self.facts.topology, paths))
        })
    }

    /// The node, replicated node or replica with this path, if there is one.
    pub fn get_node(&self, path: &str) -> Option<&NodeReport> {
        self.all_nodes().find(|node| node.path == path)
    }

    /// All nodes in the order of the topology; a replicated node is followed by its replicas.
    pub fn all_nodes(&self) -> impl Iterator<Item = &NodeReport> {
        self.nodes.iter().flat_map(|node| core::iter::once(node).chain(&node.replicas))
    }

    /// How fast the run was on this machine; `None` where that was not measured.
    pub fn speed(&self) -> Option<Speed> {
        self.facts.speed()
    }
}

/// The message for a name that is not there: what there is instead.
fn not_found<'a>(
    kind: &str,
    name: &str,
    place: &str,
    known: impl Iterator<Item = &'a str>,
) -> String {
    let known: Vec<String> = known.map(|name| format!("`{name}`")).collect();
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    format!("`{place}` has no {kind} `{name}`; it has: {known}")
}

#[cfg(all(test, feature = "serde"))]
mod tests {
    use super::{Report, example};

    #[test]
    fn a_report_survives_json() {
        let report = example::report();
        let json = serde_json::to_string(&report).unwrap();
        let back: Report = serde_json::from_str(&json).unwrap();
        assert_eq!(back, report);
        assert_eq!(back.to_string(), report.to_string());
    }

    #[test]
    fn json_has_the_names_of_the_fields_and_nothing_of_this_machine() {
        let json = serde_json::to_value(example::report()).unwrap();
        assert_eq!(json["facts"]["seed"], 42);
        assert_eq!(json["facts"]["simulated"], 600_000_000_000_u64);
        assert!(json["facts"].get("wall").is_none());
        let api = &json["nodes"][3];
        assert_eq!((&api["path"], &api["kind"]), (&"api".into(), &"node".into()));
        assert_eq!(api["handlers"][0]["failures"][0]["reason"], "timed out");
        assert_eq!(api["replicas"][1]["path"], "api[1]");
        assert_eq!(json["nodes"][1]["metrics"][0]["value"]["count"], 1_500);
        assert_eq!(json["stuck"][0]["waits_on"], "a reply from `db`");
    }
}
