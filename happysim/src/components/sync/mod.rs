//! Synchronisation: resources, locks, conditions. As fields of an entity, or as nodes that
//! several entities share. And watches on an entity's own parameters.

mod condition;
mod mutex;
mod resource;
mod rw_lock;
mod semaphore;
mod watch;

pub use condition::{Condition, ConditionWait};
pub use mutex::Mutex;
pub use resource::{Claim, ClaimStep, Resource, TimedClaimStep};
pub use rw_lock::RwLock;
pub use semaphore::Semaphore;
pub use watch::{Changed, Changing, Watch};
