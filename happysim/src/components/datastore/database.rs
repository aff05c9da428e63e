//! A database behind a pool of connections.

use core::marker::PhantomData;

use crate::prelude::*;

/// Answers queries, each of which holds one of `connections` while it runs.
///
/// A query that finds no free connection waits for one, first in first out by default, and is
/// given it at the instant at which another query ends. There never are more connections than
/// the pool's maximum; a profile raises and lowers it while queries run. The reply is the
/// default of `Rows`.
///
/// | parameter | meaning | default |
/// |---|---|---|
/// | `connections` | the pool's maximum, 0 or more, as in an outage, but not the literal 0: a number, a profile, or a `Resource` with its own discipline and room to wait | 100 |
/// | `query` | how long a query runs: a duration, distribution, profile (read when it starts), or by class of query: `by(\|query: &Query, random\| ..)` | required |
/// | `acquire_timeout` | how long a query waits for a connection, 0 or more | for ever |
///
/// Failures: `waited too long` exactly after `acquire_timeout`; what the pool's discipline and
/// room refuse (`queue full`, `dropped`). Statistics: besides those of the handler, connections
/// in use, queries waiting and how long they waited (the resource `connections`).
///
/// With Poisson queries and exponential query times it is the M/M/c queue (Erlang 1917).
#[entity]
pub struct Database<Query: Message = (), Rows: Message + Default = ()> {
    #[param(default = 100)]
    connections: Resource,
    query: Service<Query>,
    #[param(default = None)]
    acquire_timeout: Option<Varying<Duration>>,
    #[state]
    rows: PhantomData<fn() -> Rows>,
}

#[entity]
impl<Query: Message, Rows: Message + Default> Database<Query, Rows> {
    async fn handle(&mut self, cx: &mut Cx<Self>, query: Query) -> Outcome<Rows> {
        let patience = self.acquire_timeout.as_ref().map(|timeout| timeout.at(cx.now()));
        let _connection: Permit =
            self.connections.enter(Claim::default().patience(patience)).await?;
        cx.sleep(self.query.sample(cx, &query)).await;
        Ok(Rows::default())
    }
}
