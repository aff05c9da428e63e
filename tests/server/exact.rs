//! Schedules made by hand: every start and every end, to the nanosecond.

use happysim::prelude::*;

use crate::station::{Job, class, weight, work};

/// Sends each job of a list at its time and notes how it ended.
#[entity]
pub(crate) struct Script {
    jobs: Vec<(Duration, Job)>,
    #[state]
    pub(crate) ended: Vec<(u64, Instant, Outcome<()>)>,
    #[port]
    server: Call<Job, ()>,
}

#[entity]
impl Script {
    #[process]
    async fn play(&mut self, cx: &mut Cx<Self>) {
        for index in 0..self.jobs.len() {
            cx.sleep_until(Instant::ZERO + self.jobs[index].0).await;
            let job: Job = Job { number: index as u64, ..self.jobs[index].1.clone() };
            cx.spawn(self.send(cx, job));
        }
    }

    async fn send(&mut self, cx: &mut Cx<Self>, job: Job) {
        let number: u64 = job.number;
        let outcome = self.server.call(job).await;
        self.ended.push((number, cx.now(), outcome));
    }
}

topology! {
    /// A server whose jobs are given.
    pub(crate) Scripted {
        param jobs: Vec<(Duration, Job)> = Vec::new();
        param slots: Varying<usize> = Varying::Constant(1);
        param service: Service<Job> = by(work);
        param queue: Discipline = fifo();
        param room: Option<Varying<usize>> = None;
        param max_wait: Option<Distribution> = None;

        node script: Script { jobs: jobs };
        node server: Server<Job> {
            concurrency: slots, service: service, queue: queue, queue_capacity: room,
            max_wait: max_wait, class: class, weight: weight
        };

        script -> server;
    }
}

fn secs(time: f64) -> Duration {
    Duration::from_secs_f64(time)
}

/// Jobs with their arrival and service times.
fn jobs(times: &[(f64, f64)]) -> Vec<(Duration, Job)> {
    let job = |&(at, work)| (secs(at), Job { work: secs(work), weight: 1, ..Job::default() });
    times.iter().map(job).collect()
}

/// When each job ended and how, in the order of the jobs.
fn outcomes(params: ScriptedParams) -> Vec<(Duration, Outcome<()>)> {
    let count = params.jobs.len();
    let mut simulation = Scripted::new(params).build().unwrap();
    simulation.run().unwrap();
    let mut ended = simulation.script.replicas[0].ended.clone();
    assert_eq!(ended.len(), count);
    assert!(simulation.report().nodes.iter().all(happysim::report::NodeReport::is_conserved));
    ended.sort_by_key(|&(number, ..)| number);
    ended.into_iter().map(|(_, at, outcome)| (at.since(Instant::ZERO), outcome)).collect()
}

/// When each job ended; all of them were served.
fn ends(params: ScriptedParams) -> Vec<Duration> {
    let served = |(at, outcome): (Duration, Outcome<()>)| {
        assert_eq!(outcome, Ok(()));
        at
    };
    outcomes(params).into_iter().map(served).collect()
}

#[test]
fn eight_jobs_at_once_on_four_slots() {
    let params = ScriptedParams { jobs: jobs(&[(0.0, 1.0); 8]), slots: 4.into(), ..default() };
    assert_eq!(ends(params), [1, 1, 1, 1, 2, 2, 2, 2].map(seconds));
}

// SRV-DDc: Kiefer-Wolfowitz recursion.
#[test]
fn two_workers() {
    let times = [(0.0, 3.0), (0.5, 1.0), (0.7, 2.0), (1.0, 0.5), (1.2, 1.3), (6.0, 1.0)];
    let params = ScriptedParams { jobs: jobs(&times), slots: 2.into(), ..default() };
    assert_eq!(ends(params), [3.0, 1.5, 3.5, 3.5, 4.8, 7.0].map(secs));
}

// SRV-DYN: raised slots start queued work at that instant, lowered ones drain.
#[test]
fn the_number_of_slots_follows_a_profile() {
    let slots: Profile<usize> = profile! { hold 2 for 1.5s; hold 4 for 300ms; hold 1 };
    let params = ScriptedParams { jobs: jobs(&[(0.0, 1.0); 10]), slots: slots.into(), ..default() };
    let expected = [1.0, 1.0, 2.0, 2.0, 2.5, 2.5, 3.5, 4.5, 5.5, 6.5].map(secs);
    assert_eq!(ends(params), expected);
}

#[test]
fn no_slots_at_first() {
    let slots: Profile<usize> = profile! { hold 0 for 5s; ramp to 4 over 4s };
    let params = ScriptedParams { jobs: jobs(&[(0.0, 10.0); 3]), slots: slots.into(), ..default() };
    // A whole quantity is rounded to nearest: 1 slot from 5.5 s on, 2 from 6.5 s, 3 from 7.5 s.
    assert_eq!(ends(params), [15.5, 16.5, 17.5].map(secs));
}

// SRV-WEIGHT: strict first in first out, a big head blocks those behind it.
#[test]
fn weights() {
    let requests = [(0.0, 3, 2.0), (0.1, 3, 1.0), (0.2, 1, 0.5), (0.3, 4, 1.0), (0.4, 1, 1.0)];
    let job = |(at, weight, work)| (secs(at), Job { work: secs(work), weight, ..Job::default() });
    let jobs = requests.map(job).to_vec();
    let params = ScriptedParams { jobs, slots: 5.into(), ..default() };
    assert_eq!(ends(params), [2.0, 3.0, 2.5, 4.0, 4.0].map(secs));
}

#[test]
fn what_never_fits_is_refused() {
    let job = |weight| (Duration::ZERO, Job { work: seconds(1), weight, ..Job::default() });
    let params =
        ScriptedParams { jobs: vec![job(2), job(3), job(1)], slots: 2.into(), ..default() };
    let too_heavy = Err(Failure::Rejected(Rejection::TooHeavy));
    let expected = [(seconds(1), Ok(())), (Duration::ZERO, too_heavy), (seconds(2), Ok(()))];
    assert_eq!(outcomes(params), expected);
}

// PRF-SVC: the service time is read when service starts.
#[test]
fn the_service_time_follows_a_profile() {
    let service: Profile<Duration> = profile! {
        hold 500ms for 2.9s; hold 2s for 3s; hold 250ms
    };
    let times: Vec<(f64, f64)> = (0..8).map(|second| (f64::from(second), 0.0)).collect();
    let service = Service::Drawn(Distribution::from(service));
    let params = ScriptedParams { jobs: jobs(&times), service, ..default() };
    assert_eq!(ends(params), [0.5, 1.5, 2.5, 5.0, 7.0, 7.25, 7.5, 7.75].map(secs));
}

#[test]
fn a_full_queue_refuses_at_once() {
    let times = [(0.0, 1.0), (0.1, 1.0), (0.2, 1.0), (0.3, 1.0), (1.0, 1.0)];
    let room = Some(Varying::Constant(2));
    let params = ScriptedParams { jobs: jobs(&times), room, ..default() };
    let full = Err(Failure::Rejected(Rejection::QueueFull));
    let expected = [
        (seconds(1), Ok(())),
        (seconds(2), Ok(())),
        (seconds(3), Ok(())),
        (millis(300), full),
        // The end of the first job at this very instant was scheduled earlier: there is room.
        (seconds(4), Ok(())),
    ];
    assert_eq!(outcomes(params), expected);
}

#[test]
fn the_room_in_the_queue_follows_a_profile() {
    let room: Profile<usize> = profile! { hold 0 for 1s; hold 1 };
    let times = [(0.0, 3.0), (0.5, 1.0), (1.5, 1.0), (2.0, 1.0)];
    let params = ScriptedParams { jobs: jobs(&times), room: Some(room.into()), ..default() };
    let full = Err(Failure::Rejected(Rejection::QueueFull));
    let expected =
        [(seconds(3), Ok(())), (millis(500), full), (seconds(4), Ok(())), (seconds(2), full)];
    assert_eq!(outcomes(params), expected);
}

#[test]
fn patience_ends_exactly_then() {
    let times = [(0.0, 1.0), (0.1, 1.0), (0.2, 0.5), (0.5, 1.0)];
    let max_wait = Some(millis(900).into());
    let params = ScriptedParams { jobs: jobs(&times), max_wait, ..default() };
    let left = Err(Failure::Rejected(Rejection::WaitedTooLong));
    let expected = [
        (seconds(1), Ok(())),
        // Its turn comes at the very instant at which it would leave: it is served.
        (seconds(2), Ok(())),
        (millis(1_100), left),
        (millis(1_400), left),
    ];
    assert_eq!(outcomes(params), expected);
}

#[test]
fn patience_follows_a_profile() {
    let max_wait: Profile<Duration> = profile! { hold 100ms for 1s; hold 5s };
    let times = [(0.0, 3.0), (0.5, 1.0), (1.5, 1.0)];
    let max_wait = Some(max_wait.into());
    let params = ScriptedParams { jobs: jobs(&times), max_wait, ..default() };
    let left = Err(Failure::Rejected(Rejection::WaitedTooLong));
    let expected = [(seconds(3), Ok(())), (millis(600), left), (seconds(4), Ok(()))];
    assert_eq!(outcomes(params), expected);
}

#[test]
fn the_most_urgent_is_served_first_and_nobody_is_interrupted() {
    let job = |at, priority| {
        (millis(at), Job { work: seconds(1), priority, weight: 1, ..Job::default() })
    };
    let jobs = vec![job(0, 5), job(100, 2), job(200, 1), job(300, 2), job(400, -1)];
    let params = ScriptedParams { jobs, queue: happysim::dsl::priority(), ..default() };
    assert_eq!(ends(params), [1, 4, 3, 5, 2].map(seconds));
}

#[test]
fn the_last_is_served_first() {
    let times = [(0.0, 1.0), (0.1, 1.0), (0.2, 1.0), (1.5, 1.0)];
    let params = ScriptedParams { jobs: jobs(&times), queue: happysim::dsl::lifo(), ..default() };
    assert_eq!(ends(params), [1, 4, 2, 3].map(seconds));
}

// The queue drops those who have waited too long, and the next of them needs more than is free.
#[test]
fn what_follows_a_dropped_request_waits_until_it_fits() {
    let job =
        |at, work, weight| (millis(at), Job { work: seconds(work), weight, ..Job::default() });
    // Each end of service looks at the queue; all have waited longer than the target.
    let mut jobs = vec![job(0, 1, 1), job(0, 2, 1), job(0, 30, 1), job(0, 40, 1)];
    jobs.extend([job(10, 1, 1), job(10, 30, 1), job(10, 1, 4), job(10, 1, 1), job(10, 1, 1)]);
    let queue = happysim::dsl::codel(millis(5), millis(100));
    let params = ScriptedParams { jobs, slots: 4.into(), queue, ..default() };
    let mut simulation = Scripted::new(params).build().unwrap();
    simulation.run().unwrap();
    let report = simulation.report();
    let server = report.node("server");
    // At 2 s the sixth is dropped; the seventh needs all slots, which are free at 40 s.
    assert_eq!(server.requests().failed_for("dropped"), 1);
    let ended = &simulation.script.replicas[0].ended;
    let seventh = ended.iter().find(|ended| ended.0 == 6).unwrap();
    assert_eq!(seventh.1, Instant::ZERO + seconds(41));
    assert!(server.resource("slots").utilisation.unwrap() <= 1.0);
}
