//! What is recorded: everything, outcomes only, or what the statement of a node says.

use happysim::prelude::*;
use happysim::report::{HandlerReport, NodeReport};

topology! {
    /// Users, a link, a balancer, two servers with a bulkhead in front of each.
    Loud {
        source users: poisson(40/s);
        link way: Link { latency: exp(5ms) };
        node lb: LoadBalancer;
        node api[2]: Server { concurrency: 1, service: exp(50ms) };
        users -> way -> lb -> bulkhead(1, queue: 0) -> api[*];
    }
}

topology! {
    /// The same, of which some record outcomes only.
    Quiet {
        #[statistics(counts)]
        source users: poisson(40/s);
        link way: Link { latency: exp(5ms) };
        node lb: LoadBalancer;
        #[statistics(counts)]
        node api[2]: Server { concurrency: 1, service: exp(50ms) };
        #[statistics(counts)]
        users -> way -> lb -> bulkhead(1, queue: 0) -> api[*];
    }
}

topology! {
    /// The same, of which one records everything, whatever the others do.
    OneLoud {
        source users: poisson(40/s);
        link way: Link { latency: exp(5ms) };
        node lb: LoadBalancer;
        #[statistics(full)]
        node api[2]: Server { concurrency: 1, service: exp(50ms) };
        users -> way -> lb -> bulkhead(1, queue: 0) -> api[*];
    }
}

/// Who works with something that others use too.
#[entity]
struct Teller {
    #[shared]
    vault: Mutex,
    work: Duration,
}

#[entity]
impl Teller {
    async fn handle(&mut self, cx: &mut Cx<Self>, _customer: ()) -> Outcome<()> {
        let _vault = self.vault.lock().await;
        cx.sleep(self.work).await;
        Ok(())
    }
}

topology! {
    /// Two shared locks, of which one is not measured.
    Bank {
        source customers: poisson(5/s);
        source others: poisson(5/s);
        shared vault: Mutex;
        #[statistics(counts)]
        shared safe: Mutex;
        node teller: Teller { work: 20ms };
        node clerk: Teller { work: 20ms };
        customers -> teller;
        others -> clerk;
        teller.vault -> vault;
        clerk.vault -> safe;
    }
}

const LENGTH: Duration = seconds(200);

macro_rules! report {
    ($topology:ident, $statistics:expr) => {{
        let setup = $topology::new(default()).seed(3).warm_up(seconds(10));
        setup.statistics($statistics).run_for(LENGTH).unwrap()
    }};
}

/// What is left of a handler's report without times and levels.
fn counted(handler: &HandlerReport) -> HandlerReport {
    HandlerReport {
        latency: None,
        failed_latency: None,
        in_flight_mean: 0.0,
        in_flight_max: 0.0,
        ..handler.clone()
    }
}

/// Of a whole node: nothing of its resources but what they are.
fn outcomes(node: &NodeReport) -> Vec<HandlerReport> {
    node.handlers.iter().map(counted).collect()
}

fn records_times(node: &NodeReport) -> bool {
    node.handlers.iter().any(|handler| handler.latency.is_some())
}

fn records_levels(node: &NodeReport) -> bool {
    let resources = node.resources.iter();
    resources.filter(|it| it.utilisation.is_some()).any(|it| it.in_use_mean > 0.0)
}

#[test]
fn with_counts_only_the_same_happens_and_no_time_is_recorded() {
    let (full, counts) = (report!(Loud, Statistics::Full), report!(Loud, Statistics::Counts));
    assert_eq!(full.facts.events, counts.facts.events);
    for (full, counts) in full.nodes.iter().zip(&counts.nodes) {
        assert!(records_times(full), "{}", full.path);
        assert!(!records_times(counts), "{}", counts.path);
        assert_eq!(outcomes(full), counts.handlers);
        assert!(counts.handlers.iter().all(HandlerReport::is_conserved));
        assert!(counts.handlers.iter().any(|handler| handler.ok > 1_000));
        assert!(!records_levels(counts));
        assert!(counts.resources.iter().all(|resource| resource.utilisation.is_none()));
    }
    let api = full.node("api");
    assert!(records_levels(api) && api.replicas.iter().all(records_levels));
    assert!(full.node("api").requests().in_flight_mean > 0.0);
}

#[test]
fn a_node_can_record_outcomes_only_and_the_others_do_not_notice() {
    let (loud, quiet) = (report!(Loud, Statistics::Full), report!(Quiet, Statistics::Full));
    let counting = ["users", "lb.bulkhead", "api"];
    assert_eq!(loud.nodes.len(), quiet.nodes.len());
    for (loud, quiet) in loud.nodes.iter().zip(&quiet.nodes) {
        let path = quiet.path.as_str();
        assert_eq!(records_times(quiet), !counting.contains(&path), "{path}");
        if counting.contains(&path) {
            assert_eq!(outcomes(loud), quiet.handlers);
            assert!(!records_levels(quiet) && !quiet.replicas.iter().any(records_levels), "{path}");
        } else {
            assert_eq!(loud, quiet);
        }
    }
    assert_eq!(counting.map(|path| quiet.get_node(path).is_some()), [true; 3]);
}

#[test]
fn a_node_can_record_everything_where_the_others_count() {
    let (full, one) = (report!(Loud, Statistics::Full), report!(OneLoud, Statistics::Counts));
    assert_eq!(one.node("api"), full.node("api"));
    for path in ["users", "way", "lb", "lb.bulkhead"] {
        assert!(!records_times(one.node(path)), "{path}");
    }
}

// What is changed in a fork may bring new stations, and they are asked anew.
#[test]
fn a_change_leaves_what_is_recorded_as_it_was() {
    let mut simulation = Quiet::new(default()).seed(3).build().unwrap();
    simulation.run_for(seconds(10)).unwrap();
    let mut fork = simulation.fork();
    fork.change(|shop| &mut shop.api, |api| api.concurrency(2)).unwrap();
    fork.run_for(LENGTH).unwrap();
    let report = fork.report();
    assert!(!records_times(report.node("api")) && !records_levels(report.node("api")));
    assert!(records_times(report.node("way")));
}

#[test]
fn so_can_what_is_shared() {
    let report = report!(Bank, Statistics::Full);
    assert!(records_levels(report.node("vault")) && !records_levels(report.node("safe")));
    assert!(records_times(report.node("teller")) && records_times(report.node("clerk")));
}
