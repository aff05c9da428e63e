//! A report made by hand, for the tests of text and data.

use core::time::Duration as WallDuration;

use super::{
    HandlerReport, LatencyReport, Metric, MetricValue, NodeKind, NodeReport, ReasonCount, Report,
    ResourceReport, RunFacts, Series, StuckTask,
};
use crate::stats::TimeSeries;
use crate::time::{Duration, Instant, micros, millis, minutes, seconds};

fn latency(median: Duration) -> LatencyReport {
    LatencyReport {
        count: 118_000,
        mean: median.mul_f64(1.17),
        min: median.mul_f64(0.1),
        p50: median,
        p90: median.mul_f64(2.31),
        p99: median.mul_f64(5.5),
        p999: median.mul_f64(9.25),
        max: median.mul_f64(20.0),
    }
}

fn handler(name: &str, ok: u64, failures: &[(&str, u64)], in_flight: u64) -> HandlerReport {
    let failed = failures.iter().map(|&(_, count)| count).sum();
    let failure = |&(reason, count): &(&str, u64)| ReasonCount { reason: reason.into(), count };
    HandlerReport {
        name: name.to_owned(),
        arrived: ok + failed + in_flight,
        ok,
        failed,
        failures: failures.iter().map(failure).collect(),
        in_flight,
        throughput: ok as f64 / 600.0,
        ..HandlerReport::default()
    }
}

fn workers(utilisation: f64) -> ResourceReport {
    ResourceReport {
        name: "workers".to_owned(),
        is_inner: false,
        capacity: Some(8.0),
        utilisation: Some(utilisation),
        in_use_mean: 8.0 * utilisation,
        queue_mean: 0.4213,
        queue_max: 17.0,
        served: 39_334,
        wait_mean: micros(1_321),
        wait_max: millis(187),
    }
}

fn api(index: usize) -> NodeReport {
    let mut node = NodeReport::new(&format!("api[{index}]"), "Api", NodeKind::Node);
    let failures = [("timed out", 500), ("rejected: queue full", 3)];
    let latency = Some(latency(millis(12)));
    node.handlers.push(HandlerReport { latency, ..handler("handle", 39_000, &failures, 1) });
    node.resources.push(workers(0.6 + 0.02 * index as f64));
    let mut values = TimeSeries::new(Instant::ZERO, seconds(10), 64);
    values.record(Instant::ZERO + seconds(35), 0.25);
    node.series.push(Series { name: "queue".to_owned(), values });
    node
}

fn stuck(node: &str, since: u64) -> StuckTask {
    StuckTask {
        node: node.to_owned(),
        handler: "handle".to_owned(),
        step: "self.db.call(query)".to_owned(),
        since: Instant::ZERO + seconds(since),
        waits_on: "a reply from `db`".to_owned(),
    }
}

fn wrapper() -> NodeReport {
    let mut breaker = NodeReport::new("api.db/breaker", "CircuitBreaker", NodeKind::Wrapper);
    let failures = [("timed out", 1_200), ("rejected: bulkhead full", 310), ("circuit open", 4)];
    let latency = Some(latency(micros(3_150)));
    breaker.handlers.push(HandlerReport { latency, ..handler("call", 117_000, &failures, 3) });
    breaker.metrics.push(Metric::new("opened", MetricValue::Count(2)));
    breaker.metrics.push(Metric::new("open for", MetricValue::Fraction(0.1)));
    breaker.metrics.push(Metric::new("state", MetricValue::State("half open".to_owned())));
    breaker
}

/// A shop with every kind of node: several handlers, none, replicas, stuck requests.
pub(super) fn report() -> Report {
    let mut users = NodeReport::new("users", "Source", NodeKind::Source);
    users.handlers.push(handler("emit", 118_503, &[], 0));
    let mut browser = NodeReport::new("browser", "Client", NodeKind::Node);
    let failures = [("timed out", 1_500)];
    let times = Some(latency(millis(61)));
    let calls = handler("call", 117_003, &failures, 0);
    // Two of them were under way at the end of the warm-up.
    let calls = HandlerReport { carried: 2, arrived: calls.arrived - 2, ..calls };
    browser.handlers.push(HandlerReport { latency: times, ..calls });
    browser.metrics.push(Metric::new("retries", MetricValue::Count(1_500)));
    let mut link = NodeReport::new("internet", "Link", NodeKind::Link);
    link.handlers.push(HandlerReport { latency: times, ..handler("carry", 118_503, &[], 0) });
    link.metrics.push(Metric::new("bytes", MetricValue::Bytes(1_503_238_553)));
    link.metrics.push(Metric::new("lost", MetricValue::Count(62)));
    link.metrics.push(Metric::new("line utilised", MetricValue::Fraction(0.034)));
    let failures = [("timed out", 1_500), ("rejected: queue full", 9)];
    let total = HandlerReport {
        latency: Some(latency(millis(12))),
        ..handler("handle", 117_000, &failures, 3)
    };
    let group = NodeReport::group("api", vec![total], vec![api(0), api(1), api(2)]);
    let mut db = NodeReport::new("db", "Database", NodeKind::Node);
    let times = Some(latency(micros(950)));
    db.handlers.push(HandlerReport { latency: times, ..handler("get", 1_116_990, &[], 3) });
    db.handlers.push(handler("put", 0, &[("crashed", 7)], 0));
    db.resources.push(ResourceReport {
        name: "connections".to_owned(),
        capacity: None,
        utilisation: None,
        queue_mean: 2.17e-5,
        ..workers(0.0)
    });
    // What did not occur is in the data, but not in the text.
    db.handlers.push(handler("delete", 0, &[], 0));
    let unused = ResourceReport { name: "compactor".to_owned(), ..ResourceReport::default() };
    db.resources.push(unused);
    // Nor is what is no part of the model.
    let latch = ResourceReport { name: "latch".to_owned(), is_inner: true, ..workers(0.5) };
    db.resources.push(latch);
    db.metrics.push(Metric::new("evicted", MetricValue::Count(0)));
    Report {
        facts: RunFacts {
            topology: "Shop".to_owned(),
            seed: 42,
            simulated: minutes(10),
            warm_up: seconds(30),
            events: 12_345_678,
            wall: Some(WallDuration::from_millis(2_500)),
        },
        nodes: vec![users, browser, link, group, wrapper(), db],
        stuck: vec![stuck("api[0]", 599), stuck("api[2]", 597), stuck("api[0]", 598)],
    }
}
