//! The wrappers that can stand in a chain of arrows by their short names.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// A wrapper of the library.
pub(crate) struct WrapperKind {
    /// The word in the chain.
    pub(crate) word: &'static str,
    /// The component's name in `::happysim::components::resilience`.
    component: &'static str,
    /// The parameters that its unnamed arguments set, in order.
    pub(crate) positional: &'static [&'static str],
    /// Short names of parameters.
    aliases: &'static [(&'static str, &'static str)],
}

pub(crate) const WRAPPERS: &[WrapperKind] = &[
    WrapperKind {
        word: "breaker",
        component: "CircuitBreaker",
        positional: &["failure_threshold", "timeout"],
        aliases: &[
            ("failures", "failure_threshold"),
            ("successes", "success_threshold"),
            ("open", "timeout"),
        ],
    },
    WrapperKind {
        word: "bulkhead",
        component: "Bulkhead",
        positional: &["max_concurrent", "max_wait_queue", "max_wait_time"],
        aliases: &[("queue", "max_wait_queue"), ("wait", "max_wait_time")],
    },
    WrapperKind {
        word: "timeout",
        component: "Timeout",
        positional: &["timeout", "giving_up"],
        aliases: &[("after", "timeout")],
    },
    WrapperKind {
        word: "hedge",
        component: "Hedge",
        positional: &["delay", "max_hedges"],
        aliases: &[("after", "delay"), ("up_to", "max_hedges")],
    },
    WrapperKind { word: "retry", component: "Retry", positional: &["policy"], aliases: &[] },
];

impl WrapperKind {
    pub(crate) fn find(word: &str) -> Option<&'static Self> {
        WRAPPERS.iter().find(|kind| kind.word == word)
    }

    /// The word for a component.
    pub(crate) fn of_component(component: &str) -> Option<&'static str> {
        WRAPPERS.iter().find(|kind| kind.component == component).map(|kind| kind.word)
    }

    pub(crate) fn ty(&self, span: Span) -> TokenStream {
        let component = Ident::new(self.component, span);
        quote!(::happysim::components::resilience::#component)
    }

    /// The short names of parameters.
    pub(crate) fn short_names(&self) -> Vec<&'static str> {
        self.aliases.iter().map(|(alias, _)| *alias).collect()
    }

    /// The full name of a parameter.
    pub(crate) fn parameter(&self, name: &Ident) -> Ident {
        let full = self.aliases.iter().find(|(alias, _)| name == alias);
        full.map_or_else(|| name.clone(), |(_, full)| Ident::new(full, name.span()))
    }
}
