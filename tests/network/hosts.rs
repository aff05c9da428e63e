//! Networks of many hosts: ways, partitions, traffic.

use super::support::assert_times;
use happysim::prelude::*;

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Letter {
    from: usize,
    to: usize,
    bytes: u64,
}

/// Sends letters at given times, and writes down when letters of others arrive.
#[entity]
pub(crate) struct Peer {
    script: Vec<(f64, Letter)>,
    #[state]
    pub(crate) arrivals: Vec<f64>,
    #[state]
    pub(crate) answers: Vec<f64>,
    #[port]
    out: Call<Letter, usize>,
}

#[entity]
impl Peer {
    #[process]
    async fn run(&mut self, cx: &mut Cx<Self>) {
        let script: Vec<(f64, Letter)> = self.script.clone();
        for (at, letter) in script {
            if letter.from == cx.replica() {
                cx.sleep_until(Instant::from_secs_f64(at)).await;
                cx.spawn(self.one(cx, letter));
            }
        }
    }

    async fn one(&mut self, cx: &mut Cx<Self>, letter: Letter) {
        if self.out.call(letter).await.is_ok() {
            self.answers.push(cx.now().as_secs_f64());
        }
    }

    #[handler]
    #[allow(clippy::unused_async, reason = "a handler")]
    async fn receive(&mut self, cx: &mut Cx<Self>, letter: Letter) -> Outcome<usize> {
        assert_eq!(letter.to, cx.replica());
        self.arrivals.push(cx.now().as_secs_f64());
        Ok(letter.to)
    }
}

/// Cuts and heals.
#[entity]
pub(crate) struct Operator {
    script: Vec<(f64, PartitionChange)>,
    #[port]
    changes: Send<PartitionChange>,
}

#[entity]
impl Operator {
    #[process]
    async fn run(&mut self, cx: &mut Cx<Self>) {
        let script: Vec<(f64, PartitionChange)> = self.script.clone();
        for (at, change) in script {
            cx.sleep_until(Instant::from_secs_f64(at)).await;
            self.changes.send(cx, change);
        }
    }
}

topology! {
    Peers {
        param script: Vec<(f64, Letter)> = Vec::new();
        param changes: Vec<(f64, PartitionChange)> = Vec::new();
        param partitions: Vec<Partition> = Vec::new();
        param path: Path = 100ms;
        param paths: Paths = Paths::default();
        param cuts_in_flight: bool = false;

        node peer[3]: Peer { script: script };
        node operator: Operator { script: changes };
        node network: Network {
            route: |letter| (letter.from, letter.to),
            default_path: path,
            paths: paths,
            partitions: partitions,
            cuts_in_flight: cuts_in_flight,
            size_of: |letter| Bytes(letter.bytes),
        };
        peer.out -> network -> peer.receive[*];
        operator -> network.change;
    }
}

fn letter(from: usize, to: usize) -> Letter {
    Letter { from, to, bytes: 1250 }
}

/// One letter a second from 0.5 s on.
fn each_second(count: u32, from: usize, to: usize) -> Vec<(f64, Letter)> {
    (0..count).map(|k| (0.5 + f64::from(k), letter(from, to))).collect()
}

fn run(params: PeersParams) -> Simulation<Peers> {
    let mut simulation = Peers::new(params).build().unwrap();
    simulation.run().unwrap();
    let report = simulation.report();
    assert!(report.node("network").is_conserved() && report.node("peer").is_conserved());
    let count = |name: &str| report.node("network").metric(name).as_f64();
    let gone =
        ["messages lost", "messages blocked", "messages cut off"].map(count).iter().sum::<f64>();
    assert_eq!(count("messages sent"), count("messages delivered") + gone);
    simulation
}

/// Hosts 0 and 1 cannot reach each other.
fn between_0_and_1() -> Partition {
    Partition::between([0], [1])
}

/// NET-PART-v.
#[test]
fn a_partition_is_decided_when_a_message_is_sent() {
    let partitions = vec![between_0_and_1().during(seconds(2)..seconds(6))];
    let simulation = run(PeersParams { script: each_second(10, 0, 1), partitions, ..default() });
    assert_times(&simulation.peer.replicas[1].arrivals, &[0.6, 1.6, 6.6, 7.6, 8.6, 9.6]);
    assert_times(&simulation.peer.replicas[0].answers, &[0.7, 1.7, 6.7, 7.7, 8.7, 9.7]);
    assert_eq!(simulation.network.replicas[0].traffic.blocked(), 4);
    assert_eq!(simulation.report().node("network").handler("carry").failed_for("lost"), 4);
}

#[test]
fn partitions_overlap_and_each_is_healed_by_its_own_handle() {
    let cut = |number| PartitionChange::Cut(number, between_0_and_1());
    let changes = vec![
        (1.0, cut(1)),
        (2.0, cut(2)),
        (3.0, PartitionChange::Heal(1)),
        (4.0, PartitionChange::Heal(2)),
    ];
    let simulation = run(PeersParams { script: each_second(6, 0, 1), changes, ..default() });
    assert_times(&simulation.peer.replicas[1].arrivals, &[0.6, 4.6, 5.6]);
}

#[test]
fn others_are_not_concerned() {
    let partitions = vec![between_0_and_1().during(seconds(0)..seconds(9))];
    let script = vec![(0.5, letter(0, 1)), (0.6, letter(1, 0)), (0.7, letter(1, 2))];
    let simulation = run(PeersParams { script, partitions, ..default() });
    assert_times(&simulation.peer.replicas[2].arrivals, &[0.8]);
    assert_eq!(simulation.network.replicas[0].traffic.blocked(), 2);
}

#[test]
fn a_host_that_is_cut_off_from_all_reaches_itself() {
    for partition in [Partition::between([1], 0..3), Partition::between(0..3, [1])] {
        let partitions = vec![partition.during(seconds(0)..seconds(9))];
        let script = vec![
            (0.5, letter(0, 1)),
            (0.6, letter(1, 1)),
            (0.7, letter(1, 2)),
            (0.8, letter(0, 2)),
        ];
        let simulation = run(PeersParams { script, partitions, ..default() });
        assert_times(&simulation.peer.replicas[1].arrivals, &[0.7]);
        assert_times(&simulation.peer.replicas[2].arrivals, &[0.9]);
        assert_eq!(simulation.network.replicas[0].traffic.blocked(), 2);
    }
}

#[test]
fn a_one_way_partition_lets_requests_of_the_other_side_arrive_but_no_answers() {
    let partitions = vec![Partition::one_way([0], [1]).during(seconds(0)..seconds(9))];
    let script = vec![(0.5, letter(0, 1)), (0.6, letter(1, 0))];
    let simulation = run(PeersParams { script, partitions, ..default() });
    assert_eq!(simulation.peer.replicas[1].arrivals.len(), 0);
    assert_times(&simulation.peer.replicas[0].arrivals, &[0.7]);
    assert_eq!(simulation.peer.replicas[1].answers.len(), 0, "the answer is blocked");
}

#[test]
fn what_is_on_its_way_arrives_unless_partitions_cut_it_off() {
    let partitions = vec![between_0_and_1().during(millis(550)..millis(560))];
    let params = PeersParams { script: each_second(1, 0, 1), partitions, ..default() };
    let simulation = run(params.clone());
    assert_times(&simulation.peer.replicas[1].arrivals, &[0.6]);
    let simulation = run(PeersParams { cuts_in_flight: true, ..params });
    assert_eq!(simulation.peer.replicas[1].arrivals.len(), 0);

    let cut = PartitionChange::Cut(1, between_0_and_1());
    let changes = vec![(0.55, cut), (0.56, PartitionChange::Heal(1))];
    let params = PeersParams { script: each_second(2, 0, 1), changes, ..default() };
    let simulation = run(PeersParams { cuts_in_flight: true, ..params.clone() });
    assert_times(&simulation.peer.replicas[1].arrivals, &[1.6]);
    assert_times(&run(params).peer.replicas[1].arrivals, &[0.6, 1.6]);
}

/// Each letter takes 100 ms; cuts come and go in the meantime.
#[test]
fn a_cut_that_was_healed_stops_only_what_was_on_its_way_when_it_began() {
    let cut = |number| PartitionChange::Cut(number, between_0_and_1());
    let one_way = |number| PartitionChange::Cut(number, Partition::one_way([1], [0]));
    let heal = PartitionChange::Heal;
    let changes = vec![
        (0.52, cut(1)),
        (0.53, heal(1)),
        (0.57, one_way(2)),
        (0.58, heal(2)),
        (1.55, one_way(3)),
        (1.56, heal(3)),
        (2.65, cut(4)),
        (2.66, heal(4)),
    ];
    let mut script = vec![(0.51, letter(0, 1)), (0.54, letter(0, 1)), (0.54, letter(0, 2))];
    script.extend([(1.5, letter(0, 1)), (2.5, letter(0, 1))]);
    let simulation = run(PeersParams { script, changes, cuts_in_flight: true, ..default() });
    // The first meets the first cut, those sent behind it meet none, and the answer to the last
    // meets the last one.
    assert_times(&simulation.peer.replicas[1].arrivals, &[0.64, 1.6, 2.6]);
    assert_times(&simulation.peer.replicas[2].arrivals, &[0.64]);
    assert_times(&simulation.peer.replicas[0].answers, &[0.74, 0.74, 1.7]);
    let traffic = &simulation.network.replicas[0].traffic;
    let counts = |source, destination| {
        let line = traffic.between(source, destination);
        (line.sent, line.delivered, line.blocked, line.cut_off)
    };
    assert_eq!(counts(0, 1), (4, 3, 0, 1));
    assert_eq!(counts(1, 0), (3, 2, 0, 1));
    assert_eq!((counts(0, 2), counts(2, 0)), ((1, 1, 0, 0), (1, 1, 0, 0)));
}

/// A message that a partition stops is counted at its pair, by how it was stopped.
#[test]
fn what_partitions_stop_is_counted_for_each_pair() {
    let partitions = vec![
        between_0_and_1().during(millis(550)..seconds(2)),
        Partition::one_way([1], [2]).during(seconds(0)..seconds(1)),
    ];
    let mut script = each_second(3, 0, 1);
    script.extend([(0.5, letter(1, 2)), (0.5, letter(2, 1))]);
    let simulation = run(PeersParams { script, partitions, cuts_in_flight: true, ..default() });
    let traffic = &simulation.network.replicas[0].traffic;
    let stopped = |source, destination| {
        let line = traffic.between(source, destination);
        (line.sent, line.blocked, line.cut_off)
    };
    assert_eq!((stopped(0, 1), stopped(1, 0)), ((3, 1, 1), (1, 0, 0)));
    // The answer of 1 to 2 is blocked too.
    assert_eq!((stopped(1, 2), stopped(2, 1)), ((2, 2, 0), (1, 0, 0)));
    let report = simulation.report();
    let count = |name: &str| report.node("network").metric(name).as_f64();
    assert_eq!((count("messages blocked"), count("messages cut off")), (3.0, 1.0));
}

/// However many partitions there were, what remains of them is the same.
#[test]
fn partitions_that_were_healed_leave_nothing_behind() {
    let size = |cuts: u64| {
        let changes = (0..cuts).flat_map(|number| {
            let at = number as f64 / 10_000.0;
            let cut = PartitionChange::Cut(number, between_0_and_1());
            [(at, cut), (at, PartitionChange::Heal(number))]
        });
        let params = PeersParams { changes: changes.collect(), cuts_in_flight: true, ..default() };
        let simulation = run(params);
        format!("{:?}", simulation.network.replicas[0]).matches("Partition {").count()
    };
    assert_eq!((size(1), size(1_000)), (0, 0));
}

#[test]
fn each_pair_has_its_own_way_and_line() {
    // 0 to 1 is slow and narrow; the way back and all others are as by default.
    let slow = Path::new(seconds(1)).bandwidth(Bandwidth::bits_per_second(100_000.0));
    let paths = Paths::new([((0, 1), slow)]);
    let script = vec![(0.0, letter(0, 1)), (0.0, letter(0, 1)), (0.0, letter(0, 2))];
    let simulation = run(PeersParams { script, paths, ..default() });
    assert_times(&simulation.peer.replicas[1].arrivals, &[1.1, 1.2]);
    assert_times(&simulation.peer.replicas[2].arrivals, &[0.1]);
    assert_times(&simulation.peer.replicas[0].answers, &[0.2, 1.2, 1.3]);
    let traffic = &simulation.network.replicas[0].traffic;
    assert_eq!((traffic.between(0, 1).sent, traffic.between(0, 1).bytes), (2, 2500));
    assert_eq!((traffic.between(1, 0).sent, traffic.between(2, 0).sent), (2, 1));
    assert_eq!(traffic.between(1, 2).sent, 0);
}

#[test]
fn a_way_loses_what_it_loses() {
    let path = Path::new(millis(1)).loss(Probability::new(1.0));
    let simulation = run(PeersParams { script: each_second(3, 0, 1), path, ..default() });
    assert_eq!(simulation.network.replicas[0].traffic.between(0, 1).lost, 3);
}

#[test]
fn a_host_that_does_not_exist_is_named() {
    let mut simulation =
        Peers::new(PeersParams { script: vec![(0.5, letter(0, 7))], ..default() }).build().unwrap();
    let error = simulation.run().unwrap_err().to_string();
    assert!(error.contains("from 0 to 7: a host must be from 0 to 2, as there are 3"), "{error}");
}

#[test]
fn a_cut_of_a_host_that_does_not_exist_is_refused_at_its_instant() {
    let changes = vec![(0.5, PartitionChange::Cut(1, Partition::between([0], [1, 3])))];
    let mut simulation = Peers::new(PeersParams { changes, ..default() }).build().unwrap();
    let error = simulation.run().unwrap_err();
    assert_eq!(error.at(), Some(Instant::from_secs_f64(0.5)));
    let told = error.to_string();
    assert!(told.contains("names host 3: a host must be from 0 to 2, as there are 3"), "{told}");
}
