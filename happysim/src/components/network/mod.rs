//! The network: links with delay, bandwidth, loss and order.

mod conditions;
mod line;
mod link;
mod loss;
mod size;

pub use line::Line;
pub use link::{Link, LinkParameters};
pub use loss::{BurstLoss, Bursts};
pub use size::Size;

/// The short words of this family in `topology!`.
pub mod words {
    pub use super::loss::burst_loss;
}
