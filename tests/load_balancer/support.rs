//! What the tests of balancers share: jobs, a client, backends.

use happysim::prelude::*;

/// A request: its number, what it is hashed by, and how long it takes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Job {
    pub(crate) number: u64,
    pub(crate) key: u64,
    pub(crate) takes: Duration,
}

pub(crate) fn secs(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

/// Sends its jobs at these times, and writes down when each ends and how.
#[entity]
pub(crate) struct Users {
    script: Vec<(f64, Job)>,
    #[param(default = None)]
    patience: Option<Duration>,
    #[param(default = GivingUp::Abandon)]
    giving_up: GivingUp,
    #[state]
    pub(crate) outcomes: Vec<(u64, f64, Outcome<usize>)>,
    #[port]
    out: Call<Job, usize>,
}

#[entity]
impl Users {
    #[process]
    async fn run(&mut self, cx: &mut Cx<Self>) {
        let script: Vec<(f64, Job)> = self.script.clone();
        for (at, job) in script {
            cx.sleep_until(Instant::from_secs_f64(at)).await;
            cx.spawn(self.one(cx, job));
        }
    }

    async fn one(&mut self, cx: &mut Cx<Self>, job: Job) {
        let number: u64 = job.number;
        let (patience, giving_up) = (self.patience, self.giving_up);
        let outcome = self.out.call(job).timeout_if(patience).giving_up(giving_up).await;
        self.outcomes.push((number, cx.now().as_secs_f64(), outcome));
    }
}

/// A backend without limits that answers with its number, unless it refuses or is silent.
#[entity]
pub(crate) struct Backend {
    #[param(default = Probability::new(0.0))]
    refuses: Chance,
    /// Answers no probe while this is above 0.
    #[param(default = Varying::Constant(0))]
    dead: Varying<usize>,
    #[param(default = Duration::ZERO)]
    probe_takes: Duration,
    /// Number and start of each job.
    #[state]
    pub(crate) jobs: Vec<(u64, f64)>,
    #[state]
    pub(crate) probed: Vec<f64>,
}

#[entity]
impl Backend {
    #[handler(main)]
    async fn handle(&mut self, cx: &mut Cx<Self>, job: Job) -> Outcome<usize> {
        self.jobs.push((job.number, cx.now().as_secs_f64()));
        if self.refuses.hits(cx) {
            return Err(Failure::Rejected(Rejection::QueueFull));
        }
        cx.sleep(job.takes).await;
        Ok(cx.replica())
    }

    async fn health(&mut self, cx: &mut Cx<Self>, _probe: ()) -> Outcome<()> {
        self.probed.push(cx.now().as_secs_f64());
        if self.dead.at(cx.now()) > 0 {
            return Err(Failure::Lost);
        }
        let takes = self.probe_takes;
        cx.sleep(takes).await;
        Ok(())
    }
}

/// Jobs 0, 1, 2, ... at these times, of these lengths.
pub(crate) fn jobs(times: &[(f64, f64)]) -> Vec<(f64, Job)> {
    let job = |(number, &(at, takes)): (usize, &(f64, f64))| {
        let number = number as u64;
        (at, Job { number, key: number, takes: secs(takes) })
    };
    times.iter().enumerate().map(job).collect()
}

/// `count` jobs of this length, one each second.
pub(crate) fn steady(count: u64, takes: f64) -> Vec<(f64, Job)> {
    let times: Vec<(f64, f64)> = (0..count).map(|second| (second as f64, takes)).collect();
    jobs(&times)
}

#[track_caller]
pub(crate) fn assert_near(what: &str, found: f64, expected: f64, relative: f64) {
    let error = (found - expected).abs() / expected;
    assert!(error <= relative, "{what}: {found}, not {expected} +-{relative}");
}
