//! Statistics in constant memory: counters, histograms, time-weighted levels, time series, and
//! what an analysis of a simulation's output needs of them.
//!
//! While a simulation runs: [`OutcomeCounts`], [`LatencyHistogram`], [`Occupancy`], [`TimeWeighted`],
//! [`Summary`], [`TimeSeries`], and what they make together, [`HandlerStatistics`] and
//! [`ResourceStatistics`]. Each is plain data, `Clone`, of a size that does not depend on the
//! length of the run; recording costs a few nanoseconds. A counter is a plain `u64`.
//!
//! After it, on the output of one long run or of many: [`ConfidenceInterval`], [`BatchMeans`],
//! [`mser`] for the length of the warm-up, [`nearest_rank`] and [`interpolated`] percentiles.

#![cfg_attr(
    test,
    expect(clippy::float_cmp, reason = "tests compare exactly where all numbers are exact")
)]

mod batch_means;
mod confidence;
mod handler;
mod latency;
mod occupancy;
mod outcomes;
mod percentile;
mod port;
mod resource;
mod student_t;
mod summary;
mod time_series;
mod time_weighted;
mod warm_up;

pub use batch_means::{BatchMeans, batch_means};
pub use confidence::{ConfidenceInterval, confidence_interval};
pub use handler::HandlerStatistics;
pub use latency::LatencyHistogram;
pub use occupancy::Occupancy;
pub use outcomes::{OutcomeCounts, REASONS};
pub use percentile::{interpolated, nearest_rank};
pub use port::PortStats;
pub use resource::ResourceStatistics;
pub use student_t::student_t_quantile;
pub use summary::Summary;
pub use time_series::{Bucket, TimeSeries};
pub use time_weighted::TimeWeighted;
pub use warm_up::{Truncation, mser};
