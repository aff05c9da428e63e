//! The workloads, each in several forms that do the same: declared with `topology!` and `#[entity]`,
//! and written by hand.

mod contention;
mod fanout;
mod frames;
mod hold;
mod mm1;
mod ping;
mod processes;
mod profile;
mod replications;
mod shop;

use std::time::{Duration, Instant};

/// One measured run of a form.
pub(crate) struct Sample {
    /// How long it took, without what was prepared for it.
    pub(crate) elapsed: Duration,
    /// What it did, in the units of its workload.
    pub(crate) units: u64,
    /// Its results, by name.
    pub(crate) figures: Vec<(&'static str, f64)>,
}

impl Sample {
    /// Nanoseconds for each unit.
    pub(crate) fn cost(&self) -> f64 {
        self.elapsed.as_nanos() as f64 / self.units as f64
    }
}

/// What a form is there for.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Role {
    /// Others are compared with the fastest of these.
    Yardstick,
    /// It is compared, and has a goal or none.
    Measured(Option<Goal>),
}

/// What a form is to cost at most.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Goal {
    /// So many times what the yardstick costs,
    pub(crate) ratio: f64,
    /// or so many nanoseconds a unit, whatever that costs.
    pub(crate) nanoseconds: Option<f64>,
}

impl Goal {
    /// So many times what the yardstick costs.
    fn ratio(ratio: f64) -> Self {
        Self { ratio, nanoseconds: None }
    }
}

/// One way to do a workload.
pub(crate) struct Form {
    pub(crate) name: &'static str,
    pub(crate) role: Role,
    pub(crate) measure: Box<dyn Fn() -> Sample>,
}

/// What is done.
pub(crate) struct Workload {
    pub(crate) name: String,
    /// What a run does many of.
    pub(crate) unit: &'static str,
    /// By how much the results of two forms may differ, relatively.
    pub(crate) tolerance: f64,
    pub(crate) forms: Vec<Form>,
}

impl Workload {
    fn new(name: impl Into<String>, unit: &'static str, tolerance: f64) -> Self {
        Self { name: name.into(), unit, tolerance, forms: Vec::new() }
    }

    /// Another form, of this role.
    fn form(
        mut self,
        name: &'static str,
        role: Role,
        measure: impl Fn() -> Sample + 'static,
    ) -> Self {
        self.forms.push(Form { name, role, measure: Box::new(measure) });
        self
    }

    /// Another form, written by hand.
    fn by_hand(self, name: &'static str, measure: impl Fn() -> Sample + 'static) -> Self {
        self.form(name, Role::Yardstick, measure)
    }

    /// Another form, declared, whose ratio is to be at most `goal`.
    fn declared(
        self,
        name: &'static str,
        goal: impl Into<Option<f64>>,
        measure: impl Fn() -> Sample + 'static,
    ) -> Self {
        self.form(name, Role::Measured(goal.into().map(Goal::ratio)), measure)
    }

    /// Runs every form once.
    ///
    /// # Panics
    /// When they do not agree.
    pub(crate) fn assert_agreement(&self) {
        let samples: Vec<Sample> = self.forms.iter().map(|form| (form.measure)()).collect();
        let figures = |sample: &Sample| sample.figures.clone();
        for (name, expected) in samples.first().map_or(Vec::new(), figures) {
            for (form, sample) in self.forms.iter().zip(&samples) {
                // What a form does not record is not compared.
                let found = sample.figures.iter().find(|figure| figure.0 == name);
                let Some((_, found)) = found else { continue };
                let difference = (found - expected).abs() / expected.abs().max(1e-9);
                assert!(
                    difference <= self.tolerance,
                    "{}: {name} is {expected} {}, but {found} in the form `{}`",
                    self.name,
                    self.forms[0].name,
                    form.name
                );
            }
        }
    }
}

/// Runs `work`; how long that took, and what it yields.
fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let began = Instant::now();
    let result = work();
    (began.elapsed(), result)
}

/// The workloads that the command line names by a part of their names, or of those of their forms
/// (`hold 1e4`, `mm1/declared`); all where it names none.
pub(crate) fn wanted() -> Vec<Workload> {
    let arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let parts: Vec<String> = arguments.collect();
    let is_wanted = |workload: &Workload| {
        let mut names =
            workload.forms.iter().map(|form| format!("{}/{}", workload.name, form.name));
        parts.is_empty() || names.any(|name| parts.iter().any(|part| name.contains(part)))
    };
    all().into_iter().filter(is_wanted).collect()
}

/// All workloads.
pub(crate) fn all() -> Vec<Workload> {
    let mut all = vec![mm1::workload()];
    all.extend(hold::workloads());
    all.push(processes::workload());
    all.push(ping::workload());
    all.push(frames::workload());
    all.extend(shop::workloads());
    all.push(fanout::workload());
    all.extend(contention::workloads());
    all.push(profile::workload());
    all.push(replications::workload());
    all
}
