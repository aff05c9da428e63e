//! What a resource of a node showed.

use crate::stats::ResourceStatistics;
use crate::time::{Duration, Instant};

/// What one resource showed: of one node, or the mean over its replicas.
///
/// Of a node that records outcomes only ([`Statistics::Counts`](crate::Statistics::Counts)) there are no
/// levels and waits: everything but the name and the capacity is zero, or `None`.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ResourceReport {
    /// The resource's name: the field of the entity.
    pub name: String,
    /// Whether it is a means of the entity and no part of the model: the printed report leaves it
    /// out. See [`Resource::inner`](crate::Resource::inner).
    #[cfg_attr(feature = "serde", serde(default))]
    pub is_inner: bool,
    /// The mean capacity over time; `None` when unlimited.
    pub capacity: Option<f64>,
    /// The fraction of the capacity in use, mean over time; `None` when unlimited, where there never
    /// was any capacity, and where levels are not recorded.
    pub utilisation: Option<f64>,
    /// How much was in use, mean over time.
    pub in_use_mean: f64,
    /// How many waited, mean over time; over replicas, the mean of a replica.
    pub queue_mean: f64,
    /// The most that waited at a time; over replicas, the most at any one of them.
    pub queue_max: f64,
    /// How many were served.
    pub served: u64,
    /// How long those who were served had waited on average, zeros included.
    pub wait_mean: Duration,
    /// The longest wait of somebody who was served.
    pub wait_max: Duration,
}

impl ResourceReport {
    /// What a resource's statistics say at `now`, the end of the run.
    pub fn new(name: &str, statistics: &ResourceStatistics, now: Instant) -> Self {
        let capacity = statistics.capacity().mean(now);
        Self {
            name: name.to_owned(),
            is_inner: false,
            capacity: capacity.is_finite().then_some(capacity),
            utilisation: statistics.utilisation(now),
            in_use_mean: statistics.in_use().mean(now),
            queue_mean: statistics.waiting().mean(now),
            queue_max: statistics.waiting().max() as f64,
            served: statistics.waits().count(),
            wait_mean: statistics.waits().mean().unwrap_or_default(),
            wait_max: statistics.waits().max().unwrap_or_default(),
        }
    }

    /// The same resource over several replicas: levels are means, the utilisation weighted by
    /// capacity and the wait by who was served; maxima are the largest of any. `None` for no
    /// replicas.
    pub(super) fn mean<'a>(replicas: impl IntoIterator<Item = &'a Self>) -> Option<Self> {
        let replicas: Vec<&Self> = replicas.into_iter().collect();
        let name = replicas.first()?.name.clone();
        let mean = |level: fn(&Self) -> f64| {
            replicas.iter().map(|replica| level(replica)).sum::<f64>() / replicas.len() as f64
        };
        let limited = replicas.iter().all(|replica| replica.capacity.is_some());
        let capacity = limited.then(|| mean(|replica| replica.capacity.unwrap_or_default()));
        let in_use_mean = mean(|replica| replica.in_use_mean);
        let is_recorded = replicas.iter().any(|replica| replica.utilisation.is_some());
        let served = replicas.iter().map(|replica| replica.served).sum();
        let waited: u128 = replicas
            .iter()
            .map(|replica| u128::from(replica.wait_mean.as_nanos()) * u128::from(replica.served))
            .sum();
        Some(Self {
            name,
            is_inner: replicas.iter().all(|replica| replica.is_inner),
            capacity,
            utilisation: capacity
                .filter(|&total| total > 0.0 && is_recorded)
                .map(|total| in_use_mean / total),
            in_use_mean,
            queue_mean: mean(|replica| replica.queue_mean),
            queue_max: replicas.iter().map(|replica| replica.queue_max).fold(0.0, f64::max),
            served,
            wait_mean: Duration::from_nanos((waited / u128::from(served.max(1))) as u64),
            wait_max: replicas.iter().map(|replica| replica.wait_max).max().unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{millis, seconds};

    fn at(time: u64) -> Instant {
        Instant::ZERO + seconds(time)
    }

    #[test]
    fn replicas_are_weighted_by_capacity_and_by_who_was_served() {
        let mut small = ResourceStatistics::new(at(0), 1.0);
        small.acquire(at(0), 1, Duration::ZERO);
        small.wait(at(0));
        let mut large = ResourceStatistics::new(at(0), 3.0);
        for _ in 0..3 {
            large.acquire(at(5), 1, millis(400));
        }
        let reports = [&small, &large].map(|one| ResourceReport::new("workers", one, at(10)));
        assert_eq!(reports[0].utilisation, Some(1.0));
        assert_eq!(reports[1].utilisation, Some(0.5));
        let mean = ResourceReport::mean(&reports).unwrap();
        assert_eq!((mean.utilisation, mean.capacity), (Some(2.5 / 4.0), Some(2.0)));
        assert_eq!((mean.queue_mean, mean.queue_max), (0.5, 1.0));
        assert_eq!((mean.served, mean.wait_mean, mean.wait_max), (4, millis(300), millis(400)));
    }

    #[test]
    fn an_unlimited_resource_has_neither_capacity_nor_utilisation() {
        let unlimited = ResourceStatistics::new(at(0), f64::INFINITY);
        let report = ResourceReport::new("workers", &unlimited, at(10));
        assert_eq!((report.capacity, report.utilisation), (None, None));
        let mean = ResourceReport::mean([&report]).unwrap();
        assert_eq!((mean.capacity, mean.utilisation), (None, None));
        assert_eq!(ResourceReport::mean([]), None);
    }
}
