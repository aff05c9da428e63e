//! How often something is tried, and how long that can take.

use syn::Expr;

use super::component::Component;
use super::figure::{self, Time, time};
use super::graph::{Given, Graph};

/// A retry policy whose figures are all literals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Policy {
    pub(super) attempts: u64,
    /// The longest delay before each retry, in nanoseconds.
    pub(super) delays: Vec<u64>,
}

/// More attempts than this are not added up one by one.
const MOST: u64 = 1_000;

impl Policy {
    /// From `fixed(3, 100ms)` and its like; `None` where something in it is not a literal.
    pub(super) fn parse(expr: &Expr) -> Option<Self> {
        if figure::word(expr).as_deref() == Some("no_retry") {
            return Some(Self { attempts: 1, delays: Vec::new() });
        }
        let (word, arguments) = figure::call(expr)?;
        let attempts = figure::whole(arguments.first()?)?.value;
        if attempts == 0 || attempts > MOST {
            return None;
        }
        let retries = attempts - 1;
        let delays = match (&word[..], &arguments[1..]) {
            ("fixed", [delay]) => {
                let delay = figure::duration(delay)?.value;
                (0..retries).map(|_| delay).collect()
            }
            ("exponential", [delays, jitter]) => {
                let (first, cap) = figure::times(delays)?;
                let factor = longest_jitter(jitter)?;
                let delay = |retry: u64| {
                    let doubled = 2_f64.powi(retry as i32) * first.value as f64;
                    let longest = doubled.min(cap.value as f64) * factor;
                    longest.min(cap.value as f64).round() as u64
                };
                (0..retries).map(delay).collect()
            }
            ("decorrelated", [delays]) => {
                let (first, cap) = figure::times(delays)?;
                let mut last = first.value;
                let mut next = || {
                    last = last.saturating_mul(3).min(cap.value);
                    last
                };
                (0..retries).map(|_| next()).collect()
            }
            _ => return None,
        };
        Some(Self { attempts, delays })
    }

    /// The longest time of all attempts, each of which takes as long as `attempt`.
    fn longest(&self, attempt: Longest) -> Option<Longest> {
        if self.attempts == 1 {
            return Some(attempt);
        }
        // A breaker behind it would be open before the last attempt, which fails at once then.
        if self.attempts > attempt.failures {
            return None;
        }
        let backoffs = self.delays.iter().try_fold(0_u64, |sum, &delay| sum.checked_add(delay))?;
        let value = self.attempts.checked_mul(attempt.value)?.checked_add(backoffs)?;
        let mut sum = format!("{} x {}", self.attempts, attempt.text);
        sum.push_str(&self.delays_text(backoffs));
        Some(Longest {
            value,
            text: time(value),
            sum: format!("{sum} = {}", time(value)),
            failures: attempt.failures / self.attempts,
        })
    }

    /// ` + 20ms + 40ms`, ` + 4 x 100ms`
    fn delays_text(&self, total: u64) -> String {
        let delays = &self.delays;
        match &delays[..] {
            _ if total == 0 => String::new(),
            [first, _, ..] if delays.iter().all(|delay| delay == first) => {
                format!(" + {} x {}", delays.len(), time(*first))
            }
            few if few.len() <= 4 => {
                let times: Vec<String> = few.iter().map(|&delay| time(delay)).collect();
                format!(" + {}", times.join(" + "))
            }
            _ => format!(" + {} between them", time(total)),
        }
    }
}

/// The largest factor that a jitter puts on a delay.
fn longest_jitter(jitter: &Expr) -> Option<f64> {
    if let Some(word) = figure::word(jitter) {
        let within = ["no_jitter", "full_jitter", "equal_jitter"];
        return within.contains(&word.as_str()).then_some(1.0);
    }
    let (word, arguments) = figure::call(jitter)?;
    let fraction = figure::number(arguments.first()?)?;
    (word == "proportional_jitter").then_some(1.0 + fraction)
}

/// A time that something can take, and how it comes about.
#[derive(Clone, Debug)]
pub(super) struct Longest {
    /// In nanoseconds.
    pub(super) value: u64,
    /// `810ms`
    pub(super) text: String,
    /// `3 x 250ms + 20ms + 40ms = 810ms`
    pub(super) sum: String,
    /// How often it can fail in a row before a breaker opens.
    failures: u64,
}

impl From<Time> for Longest {
    fn from(time: Time) -> Self {
        Self { value: time.value, sum: time.text.clone(), text: time.text, failures: u64::MAX }
    }
}

/// When a node stops waiting for an outcome.
pub(super) enum Patience {
    /// Never.
    Endless,
    /// After this time.
    Until(Time),
    /// Some time that is not a literal.
    Unknown,
}

impl Graph<'_> {
    /// When a node stops waiting for what it calls.
    pub(super) fn patience(&self, node: usize) -> Patience {
        let Some(parameter) = self.component(node).timeout() else { return Patience::Endless };
        match self.parameter(node, parameter) {
            Given::Default | Given::None => Patience::Endless,
            Given::Value(value) => {
                figure::duration(value).map_or(Patience::Unknown, Patience::Until)
            }
            Given::Unknown => Patience::Unknown,
        }
    }

    /// The retry policy of a node that tries again, if it is known and no budget limits it.
    pub(super) fn policy(&self, node: usize) -> Option<Policy> {
        let parameter = match self.component(node) {
            Component::Client => "retry",
            Component::Retry => "policy",
            _ => return None,
        };
        if self.has(node, "budget") {
            return None;
        }
        match self.parameter(node, parameter) {
            Given::Value(value) => Policy::parse(value),
            Given::Default => Some(Policy { attempts: 1, delays: Vec::new() }),
            Given::None | Given::Unknown => None,
        }
    }

    /// A time that a call of each node can take: surely no more than the longest that it can.
    pub(super) fn can_take(&self) -> Vec<Option<Longest>> {
        let mut found = vec![None; self.model.nodes.len()];
        let mut is_done = vec![false; found.len()];
        for (start, _) in self.nodes() {
            // What a node can take depends on what is behind it, so the last one is first.
            let mut way = Vec::new();
            let mut node = Some(start);
            while let Some(next) = node.filter(|&node| !is_done[node]) {
                is_done[next] = true;
                way.push(next);
                node = self.next(next);
            }
            for node in way.into_iter().rev() {
                let inner = self.next(node).and_then(|next| found[next].clone());
                found[node] = self.can_take_with(node, inner);
            }
        }
        found
    }

    /// The same for one node, where a call of what is behind it can take `inner`.
    fn can_take_with(&self, node: usize, inner: Option<Longest>) -> Option<Longest> {
        self.next(node)?;
        let failures = inner.as_ref().map_or(u64::MAX, |inner| inner.failures);
        let mut attempt = match (self.patience(node), inner) {
            (Patience::Unknown, _) => None,
            (Patience::Endless, inner) => inner,
            (Patience::Until(own), Some(inner)) if inner.value < own.value => Some(inner),
            (Patience::Until(own), _) => Some(own.into()),
        }?;
        attempt.failures = failures;
        if self.component(node) == Component::Breaker {
            attempt.failures = failures.min(self.failures_to_open(node)?);
        }
        match self.policy(node) {
            Some(policy) => policy.longest(attempt),
            None => Some(attempt),
        }
    }

    /// How many failures in a row open a breaker.
    fn failures_to_open(&self, node: usize) -> Option<u64> {
        if self.has(node, "failure_rate") {
            return None;
        }
        match self.parameter(node, "failure_threshold") {
            // What a `CircuitBreaker` has by default.
            Given::Default => Some(5),
            Given::Value(threshold) => figure::whole(threshold).map(|threshold| threshold.value),
            Given::None | Given::Unknown => None,
        }
    }

    /// The time after which a call of `node` surely has an outcome.
    pub(super) fn takes_at_most(&self, node: usize) -> Option<Longest> {
        let mut node = node;
        // As many steps as there are nodes: a circle has no end.
        for _ in &self.model.nodes {
            match (self.component(node), self.patience(node)) {
                (Component::Timeout | Component::Breaker, Patience::Until(own)) => {
                    return Some(own.into());
                }
                (Component::Client, Patience::Until(own)) => {
                    return self.policy(node)?.longest(own.into());
                }
                (Component::Breaker | Component::FallbackValue, Patience::Endless) => {
                    node = self.next(node)?;
                }
                _ => return None,
            }
        }
        None
    }
}
