//! The three macros of happysim. This crate is an implementation detail: use `happysim`.

mod diagnostics;
mod entity;
mod names;
mod profile;
mod topology;
mod units;

use proc_macro::TokenStream;

/// A quantity over simulated time: a rate, a latency, a loss, a capacity, a number.
///
/// The statements follow each other in time, separated by `;`. The result is an expression of
/// type `Profile<Q>`; `Q` follows from the units of the values, or from where the profile is
/// used.
///
/// | statement | meaning |
/// |---|---|
/// | `hold 50/s for 30s` | this value for that long |
/// | `hold 50/s` | this value until a `step` or `spike`, or for ever |
/// | `hold for 30s`, `hold` | the same with the value reached |
/// | `ramp to 400/s over 1min` | a straight line from the value reached |
/// | `ramp from 5/s to 35/s over 10s` | a straight line |
/// | `step to 8 at 10s` | jumps at that time, counted from the start of the profile |
/// | `sine mean 50/s amplitude 30/s period 20s` | a sine, until a `step` or for ever |
/// | `... phase 5s for 2min` | the sine is 5 s into its period at first, and ends after 2 min |
/// | `spike to 20 at 4s for 500ms` | the held value goes on before and after |
/// | `repeat 3 times { ... }` | the statements in braces, three times in a row |
/// | `repeat { ... }` | for ever |
///
/// After the last statement its last value holds. Within a `repeat`, `at` counts from the start
/// of each pass, and what depends on "the value reached" takes that of the pass before.
///
/// Values and times are literals with units (`10ms`, `1.5s`, `400/s`, `30/min`, `5%`, `10Gbps`,
/// `64KiB`), plain numbers, or any Rust expression of the quantity's type and of type `Duration`.
/// An expression ends at the next word of the grammar, so one that contains such a word as a
/// name needs parentheses: `hold (mean) for 3s`. Each expression is evaluated once. A plain number counts in
/// the base unit of the quantity: `hold 2` is two of whatever a count counts, 2 s or 2/s.
///
/// # Errors
/// What can be seen in the literals is refused by the compiler, all of it at once: mixed units,
/// gaps, overlaps, statements that are never reached, lengths of 0, values that do not exist.
///
/// # Panics
/// What depends on expressions is checked when the profile is built; it panics with the number
/// of the segment and what is wrong with it. `Profile::builder` returns the same as an error.
#[proc_macro]
pub fn profile(input: TokenStream) -> TokenStream {
    profile::expand(input.into()).into()
}

/// A distributed system: nodes, links, wrappers and sources, and the arrows between them.
///
/// ```text
/// topology! {
///     /// A shop behind the internet.
///     pub Shop {
///         param replicas: usize = 3;
///         source users: poisson(400/s) emits Request;
///         node lb: LoadBalancer<PowerOfTwoChoices>;
///         node api[replicas]: Api { workers: 8, cpu: lognormal(12ms, cv 0.8) };
///         node db: Database<Query, Rows> { connections: 32, query: exp(3ms) };
///         link internet: Link::internet();
///         users -> internet -> lb -> api[*];
///         api.db -> breaker(failures: 5, open: 30s) -> bulkhead(64) -> db;
///     }
/// }
/// ```
///
/// | statement | meaning |
/// |---|---|
/// | `param peak: Rate = 400/s;` | a parameter of the topology, with its default |
/// | `source users: poisson(peak) emits Request;` | arrivals, and what they send (`Default`) |
/// | `source users: poisson(peak) emits Request = \|arrival\| Request { .. };` | the same, with the message made for each arrival |
/// | `node api: Api { workers: 8 };` | a node: an entity and its parameters |
/// | `node api[3]: Api { .. };` | a replicated node; in its parameters `replica` is its number |
/// | `link internet: Link::internet() { loss: 1% };` | a link: a preset and what differs from it |
/// | `shared vault: Mutex;` | a synchronisation object that several nodes share |
/// | `a -> b;` | the only port of `a` to the only handler of `b`, or to its `#[handler(main)]` |
/// | `a.port -> b.handler;` | the same by name |
/// | `a -> b[*];`, `a -> b[0];`, `a -> b[same];` | a lane to each replica; to one; to the one with the caller's number |
/// | `a -> breaker(failures: 5) -> b;` | a wrapper where it is needed: one for each replica of `a`, or for each lane |
/// | `a.field -> vault;` | a `#[shared]` field of `a` is the shared object |
///
/// It makes a struct of that name with a field for each node, a struct of its parameters
/// (`ShopParams`), and `Shop::new(params)`, which is run as `happysim::Setup` describes.
#[proc_macro]
pub fn topology(input: TokenStream) -> TokenStream {
    topology::expand(input.into()).into()
}

/// Turns a struct into an entity of a simulated system, and its `impl` block into state machines.
#[proc_macro_attribute]
pub fn entity(attribute: TokenStream, item: TokenStream) -> TokenStream {
    entity::expand(attribute.into(), item.into()).into()
}
