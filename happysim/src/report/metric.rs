//! What a component publishes beyond requests and resources.

use core::fmt;

use super::format;
use crate::stats::TimeSeries;
use crate::time::Duration;

/// A named number of a component: retries, bytes, changes of a breaker's state.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Metric {
    /// What it is, in words.
    pub name: String,
    /// How much.
    pub value: MetricValue,
}

/// The value of a [`Metric`], with its unit. A total over replicas sums what counts and
/// averages what measures.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum MetricValue {
    /// How often something happened. Summed over replicas.
    Count(u64),
    /// Bytes. Summed over replicas.
    Bytes(u64),
    /// Events per second. Summed over replicas.
    Rate(f64),
    /// A plain number, such as a level's mean over time. Averaged over replicas.
    Number(f64),
    /// A fraction, printed in per cent. Averaged over replicas.
    Fraction(f64),
    /// A length of time. Averaged over replicas.
    Duration(Duration),
    /// A state in words, such as that of a breaker at the end of the run. Kept over replicas
    /// where they agree, else `mixed`.
    State(String),
}

/// A named quantity over the course of the run.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Series {
    /// What it is, in words.
    pub name: String,
    /// Its values in buckets of time.
    pub values: TimeSeries,
}

impl Metric {
    /// A metric.
    pub fn new(name: &str, value: MetricValue) -> Self {
        Self { name: name.to_owned(), value }
    }

    /// The same metric over several replicas. `None` for no replicas.
    pub(super) fn total<'a>(replicas: impl IntoIterator<Item = &'a Self>) -> Option<Self> {
        let replicas: Vec<&Self> = replicas.into_iter().collect();
        let name = replicas.first()?.name.clone();
        let values: Vec<&MetricValue> = replicas.iter().map(|metric| &metric.value).collect();
        Some(Self { name, value: MetricValue::total(&values) })
    }
}

impl MetricValue {
    /// The value as a number, in its base unit: counts, bytes, per second, fractions of 1,
    /// seconds; NaN for a state.
    pub fn as_f64(&self) -> f64 {
        match self {
            Self::Count(whole) | Self::Bytes(whole) => *whole as f64,
            Self::Rate(number) | Self::Number(number) | Self::Fraction(number) => *number,
            Self::Duration(duration) => duration.as_secs_f64(),
            Self::State(_) => f64::NAN,
        }
    }

    /// Whether there is nothing to tell.
    pub(super) fn is_zero(&self) -> bool {
        self.as_f64() == 0.0
    }

    /// The count; `None` where it is none.
    pub fn as_count(&self) -> Option<u64> {
        if let Self::Count(count) = self { Some(*count) } else { None }
    }

    fn total(values: &[&Self]) -> Self {
        let sum = || values.iter().map(|value| value.as_f64()).sum::<f64>();
        let mean = || sum() / values.len() as f64;
        let whole = || {
            let whole = |value: &&Self| match value {
                Self::Count(whole) | Self::Bytes(whole) => *whole,
                _ => 0,
            };
            values.iter().map(whole).sum()
        };
        match values[0] {
            Self::Count(_) => Self::Count(whole()),
            Self::Bytes(_) => Self::Bytes(whole()),
            Self::Rate(_) => Self::Rate(sum()),
            Self::Number(_) => Self::Number(mean()),
            Self::Fraction(_) => Self::Fraction(mean()),
            Self::Duration(_) => Self::Duration(Duration::from_secs_f64(mean())),
            Self::State(first) => {
                let agree = values.iter().all(|value| *value == values[0]);
                Self::State(if agree { first.clone() } else { "mixed".to_owned() })
            }
        }
    }
}

impl fmt::Display for MetricValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Self::Count(count) => format::count(*count),
            Self::Bytes(bytes) => format::bytes(*bytes),
            Self::Rate(rate) => format::rate(*rate),
            Self::Number(number) => format::level(*number),
            Self::Fraction(fraction) => format::percent(*fraction),
            Self::Duration(duration) => format::duration(*duration),
            Self::State(state) => state.clone(),
        })
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::millis;

    fn total(values: [MetricValue; 2]) -> String {
        let metrics = values.map(|value| Metric::new("it", value));
        Metric::total(&metrics).unwrap().to_string()
    }

    #[test]
    fn totals_sum_what_counts_and_average_what_measures() {
        use MetricValue::{Bytes, Count, Duration, Fraction, Number, Rate, State};
        assert_eq!(total([Count(1_000), Count(1)]), "it 1,001");
        assert_eq!(total([Bytes(1_024), Bytes(512)]), "it 1.50 KiB");
        assert_eq!(total([Rate(2.0), Rate(3.0)]), "it 5.00/s");
        assert_eq!(total([Number(2.0), Number(3.0)]), "it 2.50");
        assert_eq!(total([Fraction(0.5), Fraction(1.0)]), "it 75.0%");
        assert_eq!(total([Duration(millis(10)), Duration(millis(30))]), "it 20.0ms");
        assert_eq!(total([State("open".into()), State("open".into())]), "it open");
        assert_eq!(total([State("open".into()), State("closed".into())]), "it mixed");
    }

    #[test]
    fn values_are_numbers_in_their_base_unit() {
        assert_eq!(MetricValue::Duration(millis(250)).as_f64(), 0.25);
        assert_eq!(MetricValue::Count(3).as_count(), Some(3));
        assert_eq!(MetricValue::Number(3.0).as_count(), None);
    }
}
