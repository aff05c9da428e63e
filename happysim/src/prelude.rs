//! What a model needs, in one import: `use happysim::prelude::*;`.

pub use crate::components::client::{Budget, Client, ConnectionPool, Jitter, RetryPolicy};
pub use crate::components::datastore::{
    Access, CachedStore, Consistency, Database, Eviction, KVStore, KeyValueReply, KeyValueRequest,
    ReplicatedStore, StoreRequest, WritePolicy,
};
pub use crate::components::load::{
    Arrival, OnBrokenLine, Row, Sink, Source, Trace, TraceError, TraceSource,
};
pub use crate::components::load_balancer::{
    ConsistentHash, HealthChecker, IpHash, LeastConnections, LeastResponseTime, LoadBalancer, Mark,
    PowerOfTwoChoices, RoundRobin, Strategy, Ties, WeightedLeastConnections, WeightedRoundRobin,
    Weights,
};
pub use crate::components::messaging::{
    DeadLetter, DeadLetterQueue, MessageQueue, OnFailure, Undelivered,
};
pub use crate::components::network::{
    BurstLoss, Link, Network, Partition, PartitionChange, Path, Paths,
};
pub use crate::components::resilience::{
    Bulkhead, CircuitBreaker, CircuitState, Fallback, FallbackValue, Hedge, HedgeDelay, Retry,
    Timeout,
};
pub use crate::components::server::{Server, Service};
pub use crate::components::sync::{Claim, Condition, Mutex, Resource, RwLock, Semaphore, Watch};
pub use crate::distribution::arrivals::Arrivals;
pub use crate::distribution::{Chance, Choice, Distribution, Zipf};
pub use crate::engine::random::Random;
pub use crate::model::call::{GivingUp, Handle};
pub use crate::model::context::{Context, Cx};
pub use crate::model::machine::{StateDiagram, StateDiagrams};
pub use crate::model::message::Message;
pub use crate::model::metrics::{BusyTime, ByteCounter, Counter, Level};
pub use crate::model::outcome::{Failure, Outcome, Rejection};
pub use crate::model::permit::Permit;
pub use crate::model::port::{Call, Send};
pub use crate::model::race::{Gathered, Group, all, first, quorum};
pub use crate::model::simulation::{Setup, Simulation, Statistics};
pub use crate::profile::{Profile, Varying};
pub use crate::quantity::{Bandwidth, Bytes, Probability, Rate};
pub use crate::queueing::{Class, Discipline};
pub use crate::report::{Report, SimError};
pub use crate::time::{Clock, Duration, Instant, hours, micros, millis, minutes, nanos, seconds};
pub use crate::{default, entity, profile, topology};
