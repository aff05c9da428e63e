//! Load balancing: which backend gets the next request.

mod backends;
mod balancer;
mod hashing;
mod health_checker;
mod response_time;
mod strategies;
mod weights;

pub use backends::{Backends, Completion, Mark, Pool, Strategy};
pub use balancer::LoadBalancer;
pub use hashing::{ConsistentHash, IpHash, Ring};
pub use health_checker::{HealthChecker, HealthRecord};
pub use response_time::LeastResponseTime;
pub use strategies::{
    LeastConnections, PowerOfTwoChoices, RoundRobin, Ties, WeightedLeastConnections,
    WeightedRoundRobin,
};
pub use weights::Weights;
