//! Markov-modulated Poisson arrivals: traffic that changes its mood.

use super::intensity::{Intensity, after};
use crate::distribution::alias::AliasTable;
use crate::distribution::invalid::{Check, InvalidDistribution};
use crate::distribution::parameter::Parameter;
use crate::distribution::{unbound, ziggurat};
use crate::engine::random::Random;
use crate::profile::{IntoVarying, Varying};
use crate::quantity::Rate;
use crate::time::{Duration, Instant};

/// One state of a Markov-modulated Poisson process.
#[derive(Clone, Debug, PartialEq)]
pub struct ModulatedState {
    /// The rate of arrivals while the process is in this state.
    pub rate: Varying<Rate>,
    /// How long a stay lasts on average (stays are exponential), read when it begins; above 0.
    pub holding: Varying<Duration>,
}

impl ModulatedState {
    /// A state with this rate and this mean holding time.
    pub fn new(rate: impl IntoVarying<Rate>, holding: impl IntoVarying<Duration>) -> Self {
        Self { rate: rate.into_varying(), holding: holding.into_varying() }
    }
}

/// A Poisson process whose rate is that of the chain's current state.
#[derive(Clone, Debug)]
pub(super) struct MarkovModulated {
    states: Vec<State>,
    current: usize,
    /// When the current stay ends; not drawn yet at the beginning.
    leaves: Option<Instant>,
    /// Where the process stands: the last arrival or the last change of state.
    position: Instant,
    streams: Option<Streams>,
}

#[derive(Clone, Debug)]
struct State {
    intensity: Intensity,
    holding: Parameter<Duration>,
    successors: AliasTable,
    /// The row of the matrix.
    probabilities: Vec<f64>,
}

/// Apart, so that other rates leave the path of states as it is.
#[derive(Clone, Debug)]
struct Streams {
    instants: Random,
    states: Random,
}

const LAW: Check = Check("a Markov-modulated Poisson process");

impl MarkovModulated {
    pub(super) fn new(
        states: Vec<ModulatedState>,
        transitions: &[Vec<f64>],
    ) -> Result<Self, InvalidDistribution> {
        let count = states.len();
        LAW.that(count > 0, "number of states", 0.0, "at least 1")?;
        let rows = transitions.len();
        LAW.that(rows == count, "number of rows", rows as f64, "the number of states")?;
        let states = states
            .into_iter()
            .zip(transitions)
            .enumerate()
            .map(|(index, (state, row))| {
                State::new(state, row, count)
                    .map_err(|error| InvalidDistribution { index: Some(index), ..error })
            })
            .collect::<Result<Vec<State>, _>>()?;
        check_reachable(&states)?;
        Ok(Self { states, current: 0, leaves: None, position: Instant::ZERO, streams: None })
    }

    pub(super) fn bind_streams(&mut self, instants: Random, states: Random) {
        self.streams = Some(Streams { instants, states });
    }

    /// New streams; that of the states only where there is one.
    pub(super) fn replace_streams(&mut self, instants: Random, states: Option<Random>) {
        let streams = bound(&mut self.streams);
        streams.instants = instants;
        if let Some(states) = states {
            streams.states = states;
        }
    }

    pub(super) fn instants_stream(&self) -> Option<Random> {
        self.streams.as_ref().map(|streams| streams.instants.clone())
    }

    pub(super) fn states_stream(&self) -> Option<Random> {
        self.streams.as_ref().map(|streams| streams.states.clone())
    }

    /// How far it has come: the last arrival or change of state.
    pub(super) fn last(&self) -> Instant {
        self.position
    }

    /// The next arrival; the search ends when nothing can come before `until`.
    pub(super) fn next(&mut self, until: Instant) -> Option<Instant> {
        loop {
            let leaves = self.leaves();
            let expected = ziggurat::exponential(&mut bound(&mut self.streams).instants);
            let candidate = self.states[self.current].intensity.advance(expected);
            if let Some(arrival) = candidate.filter(|arrival| *arrival <= leaves) {
                self.position = arrival;
                return Some(arrival);
            }
            let from = self.position;
            let over = || !self.states.iter().any(|state| state.intensity.goes_on_after(from));
            if leaves >= until || (candidate.is_none() && over()) {
                return None;
            }
            // Without memory: in the next state the wait begins anew.
            self.change_state(leaves);
        }
    }

    pub(super) fn skip_to(&mut self, start: Instant) {
        if start <= self.position {
            return;
        }
        let mut leaves = self.leaves();
        while leaves < start {
            self.change_state(leaves);
            leaves = self.leaves();
        }
        self.position = start;
        self.states[self.current].intensity.move_to(start);
    }

    /// The end of the current stay, drawn at its beginning.
    fn leaves(&mut self) -> Instant {
        if let Some(leaves) = self.leaves {
            return leaves;
        }
        let mean = self.states[self.current].holding.at(self.position);
        let stay = mean * ziggurat::exponential(&mut bound(&mut self.streams).states);
        // At least a nanosecond, so that a chain of short stays moves on.
        let stay = stay.max(1e-9);
        let leaves = after(self.position, stay).unwrap_or(Instant::MAX);
        self.leaves = Some(leaves);
        leaves
    }

    fn change_state(&mut self, at: Instant) {
        let state = &self.states[self.current];
        self.current = state.successors.draw(&mut bound(&mut self.streams).states);
        self.position = at;
        self.leaves = None;
        self.states[self.current].intensity.move_to(at);
    }

    /// The rates, weighted with the time spent in each state in the long run.
    pub(super) fn mean_rate_at(&self, at: Instant) -> f64 {
        let (mut time, mut arrivals) = (0.0, 0.0);
        for (visits, state) in stationary_visits(&self.states).iter().zip(&self.states) {
            let share = visits * state.holding.at(at);
            time += share;
            arrivals += share * state.intensity.rate_at(at);
        }
        arrivals / time
    }
}

fn bound(streams: &mut Option<Streams>) -> &mut Streams {
    match streams {
        Some(streams) => streams,
        None => unbound("Markov-modulated Poisson process"),
    }
}

impl State {
    fn new(state: ModulatedState, row: &[f64], count: usize) -> Result<Self, InvalidDistribution> {
        let columns = row.len();
        LAW.that(columns == count, "length of row", columns as f64, "the number of states")?;
        for &p in row {
            LAW.that((0.0..=1.0).contains(&p), "probability in row", p, "from 0 to 1")?;
        }
        let sum: f64 = row.iter().sum();
        LAW.that(libm::fabs(sum - 1.0) <= 1e-9, "sum of row", sum, "1")?;
        Ok(Self {
            intensity: Intensity::new(state.rate),
            holding: Parameter::positive(LAW, "holding time", state.holding)?,
            successors: AliasTable::new(LAW, row)?,
            probabilities: row.to_vec(),
        })
    }
}

/// Every state must be reachable from the first, and the first from every state.
fn check_reachable(states: &[State]) -> Result<(), InvalidDistribution> {
    let forward = reached(states, |from, to| states[from].probabilities[to] > 0.0);
    let backward = reached(states, |from, to| states[to].probabilities[from] > 0.0);
    for (index, both) in forward.iter().zip(&backward).map(|(a, b)| *a && *b).enumerate() {
        LAW.that(
            both,
            "state",
            index as f64,
            "reachable from every other state, and they from it",
        )?;
    }
    Ok(())
}

/// What can be reached from the first state over the edges.
fn reached(states: &[State], edge: impl Fn(usize, usize) -> bool) -> Vec<bool> {
    let mut reached = vec![false; states.len()];
    let mut open = vec![0];
    reached[0] = true;
    while let Some(from) = open.pop() {
        for (to, reached) in reached.iter_mut().enumerate() {
            if !*reached && edge(from, to) {
                *reached = true;
                open.push(to);
            }
        }
    }
    reached
}

/// Relative numbers of visits to the states in the long run, by the elimination of Grassmann,
/// Taksar and Heyman (1985), which subtracts nothing and so loses no digits.
#[allow(clippy::needless_range_loop)] // Rows and columns of a matrix.
fn stationary_visits(states: &[State]) -> Vec<f64> {
    let mut p: Vec<Vec<f64>> = states.iter().map(|state| state.probabilities.clone()).collect();
    for last in (1..p.len()).rev() {
        let leaving: f64 = p[last][..last].iter().sum();
        for from in 0..last {
            let through = p[from][last] / leaving;
            p[from][last] = through;
            for to in 0..last {
                p[from][to] += through * p[last][to];
            }
        }
    }
    let mut visits = vec![1.0];
    for state in 1..p.len() {
        visits.push((0..state).map(|from| visits[from] * p[from][state]).sum());
    }
    visits
}
