//! The workloads as an expert would write them for that one system alone: plain structs, a ring for
//! the instant, and the fastest list for what comes later. They draw the same random numbers as the
//! declared systems do, from the same streams, and their results are compared.

pub(crate) mod contention;
mod draws;
pub(crate) mod fanout;
pub(crate) mod heap;
pub(crate) mod hold;
pub(crate) mod list;
pub(crate) mod mm1;
pub(crate) mod mm1_tasks;
pub(crate) mod ping;
pub(crate) mod profile;
pub(crate) mod radix_heap;
pub(crate) mod shop;
pub(crate) mod shop_tasks;
mod tasks;
