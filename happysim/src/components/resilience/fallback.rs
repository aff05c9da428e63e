//! Fallbacks: what a caller gets instead of a failure.

use crate::model::entity::Unwired;
use crate::prelude::*;

/// Calls `primary`, and where that fails, `fallback`.
///
/// | parameter | meaning | default |
/// |---|---|---|
/// | `falls_back` | which failures lead to the fallback, a function; the others are handed on | all |
///
/// It has two ports, so it is a node of its own:
/// `node safe: Fallback; safe.primary -> db; safe.fallback -> replica;`. The caller is told the
/// fallback's outcome. Statistics: `fallbacks`, how often it was used.
///
/// Source: Netflix's Hystrix.
#[entity(relay)]
#[allow(clippy::struct_field_names, reason = "the port leads to the fallback")]
pub struct Fallback<Request: Message = Unwired, Reply: Message = Unwired> {
    #[param(default = any_failure)]
    falls_back: fn(Failure) -> bool,
    #[state]
    fallbacks: Counter,
    #[port]
    primary: Call<Request, Reply>,
    #[port]
    fallback: Call<Request, Reply>,
}

fn any_failure(_: Failure) -> bool {
    true
}

#[entity]
impl<Request: Message, Reply: Message> Fallback<Request, Reply> {
    async fn handle(&mut self, cx: &mut Cx<Self>, request: Request) -> Outcome<Reply> {
        match self.primary.call(request.clone()).await {
            Err(failure) if failure != Failure::Lost && (self.falls_back)(failure) => {
                self.fallbacks += 1;
                self.fallback.call(request).await
            }
            outcome => outcome,
        }
    }
}

/// Passes a call on, and where it fails, answers with a value.
///
/// | parameter | meaning | default |
/// |---|---|---|
/// | `value` | the reply, as a function of the request | required |
/// | `falls_back` | which failures lead to it, a function; the others are handed on | all |
///
/// In a topology: `api.db -> FallbackValue { value: |query| Rows::default() } -> db;`.
/// Statistics: `fallbacks`, how often it was used.
#[entity(relay)]
pub struct FallbackValue<Request: Message = Unwired, Reply: Message = Unwired> {
    value: fn(&Request) -> Reply,
    #[param(default = any_failure)]
    falls_back: fn(Failure) -> bool,
    #[state]
    fallbacks: Counter,
    #[port]
    next: Call<Request, Reply>,
}

#[entity]
impl<Request: Message, Reply: Message> FallbackValue<Request, Reply> {
    async fn handle(&mut self, cx: &mut Cx<Self>, request: Request) -> Outcome<Reply> {
        match self.next.call(request.clone()).await {
            Err(failure) if failure != Failure::Lost && (self.falls_back)(failure) => {
                self.fallbacks += 1;
                Ok((self.value)(&request))
            }
            outcome => outcome,
        }
    }
}
