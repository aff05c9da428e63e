//! Synchronisation: resources, locks, conditions. As fields of an entity, or as nodes that
//! several entities share.

mod condition;
mod mutex;
mod resource;
mod rw_lock;
mod semaphore;

pub use condition::{Condition, ConditionWait};
pub use mutex::Mutex;
pub use resource::{Claim, ClaimStep, Resource, TimedClaimStep};
pub use rw_lock::RwLock;
pub use semaphore::Semaphore;
