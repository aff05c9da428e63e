//! The components that the lints of `topology!` know by name.

use super::datastore::Key;
use crate::model::library::{OfLibrary, name};
use crate::prelude::*;

macro_rules! of_library {
    ($($component:ident<$($parameter:ident: $bound:path $(| $more:path)?),*>;)*) => {$(
        impl<$($parameter: $bound $(+ $more)?),*> OfLibrary<{ name(stringify!($component)) }>
            for $component<$($parameter),*>
        {
        }
    )*};
}

of_library! {
    TraceSource<Q: Message, R: Message>;
    Sink<Q: Message>;
    Client<Q: Message, R: Message>;
    ConnectionPool<Q: Message, R: Message>;
    Timeout<Q: Message, R: Message>;
    Retry<Q: Message, R: Message>;
    Hedge<Q: Message, R: Message>;
    CircuitBreaker<Q: Message, R: Message>;
    Bulkhead<Q: Message, R: Message>;
    Fallback<Q: Message, R: Message>;
    FallbackValue<Q: Message, R: Message>;
    LoadBalancer<S: Strategy, Q: Message, R: Message>;
    Link<Q: Message, R: Message>;
    Server<Q: Message, R: Message | Default>;
    Database<Q: Message, R: Message | Default>;
    KVStore<K: Key, V: Message>;
    MessageQueue<Q: Message, R: Message>;
}
