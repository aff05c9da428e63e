//! The network: links with delay, bandwidth, loss and order.

mod conditions;
mod line;
mod link;
mod loss;
#[expect(clippy::module_inception, reason = "the family is named after its largest component")]
mod network;
mod partition;
mod path;
mod size;

pub use line::Line;
pub use link::{Link, LinkParameters};
pub use loss::{BurstLoss, Bursts};
pub use network::{Network, Traffic};
pub use partition::{Partition, PartitionChange};
pub use path::{LatencyOnly, Path, Paths};
pub use size::Size;

/// The short words of this family in `topology!`.
pub mod words {
    pub use super::loss::burst_loss;
}
