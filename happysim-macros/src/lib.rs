//! The three macros of happysim. This crate is an implementation detail: use `happysim`.

mod depth;
mod diagnostics;
mod entity;
#[cfg(test)]
mod fuzz;
mod names;
mod precedence;
mod profile;
mod ranges;
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
    expand_profile(input.into()).into()
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
///         api.db -> breaker(failures: 5, open: 30s) -> bulkhead(32) -> db;
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
/// | `#[allow(happysim::balancer_of_one)]` before a node or an arrow | a lint does not warn of it |
/// | `#[statistics(counts)]` before a node, source, link or shared object, or before an arrow with wrappers | of it outcomes are counted, and no times and levels recorded; `full` where `Setup::statistics` says that all count only |
///
/// It makes a struct of that name with a field for each node, a struct of its parameters
/// (`ShopParams`), and `Shop::new(params)`, which is run as `happysim::Setup` describes.
///
/// # Lints
/// What is valid and yet surely not meant is warned of, as the use of something deprecated, where
/// literals and the library's own components show it. `#[allow(happysim::overload)]` before the
/// node, link, source or arrow says that it is meant; `docs/diagnostics.md` has the details.
///
/// | lint | warns of |
/// |---|---|
/// | `balancer_of_one` | a balancer with one backend |
/// | `breaker_never_opens` | a breaker that no failure can reach: no timeout behind it, and nothing that fails |
/// | `bulkhead_too_wide` | a bulkhead that lets more calls through than its callee works on |
/// | `hedge_too_late` | a hedge that nobody waits for any more, or that is never sent |
/// | `no_timeout_over_loss` | a caller that waits for ever for what a link has lost |
/// | `overload` | arrival rate x mean service at or above the places of a server with an unbounded queue |
/// | `retry_amplification` | layers of retries that make more than 10 calls of one |
/// | `timeout_below_latency` | a timeout shorter than what the links and servers behind it take at least |
/// | `timeout_below_retries` | a timeout shorter than what the retries behind it can take |
/// | `unchosen_lanes` | `-> api[*]` behind something that does not choose: the first replica gets everything |
#[proc_macro]
pub fn topology(input: TokenStream) -> TokenStream {
    expand_topology(input.into()).into()
}

/// Turns a struct into an entity of a simulated system, and its `impl` block into state machines.
///
/// ```text
/// #[entity]
/// pub struct Api {
///     workers: Resource,                       // a parameter: must be given
///     #[param(default = millis(250), range = 0.001..)]
///     timeout: Varying<Duration>,              // a parameter with a default and a range
///     #[state] served: u64,                    // internal, begins as `Default::default()`
///     #[state(Vec::with_capacity(4))] log: Vec<u64>,
///     #[port] db: Call<Query, Rows>,           // sends requests, waits for replies
///     #[port] audit: Send<Line>,               // sends messages
///     #[shared] vault: Mutex,                  // a synchronisation object of the topology
/// }
///
/// #[entity]
/// impl Api {
///     async fn handle(&mut self, cx: &mut Cx<Self>, req: Request) -> Outcome<Page> {
///         let _worker = self.workers.acquire(1).await;   // held to the end of the scope
///         cx.sleep(millis(5)).await;
///         let rows = self.db.call(Query::of(&req)).await?;
///         Ok(Page::of(rows))
///     }
/// }
/// ```
///
/// # On the struct
/// Every field without an attribute, or with `#[param(..)]`, is a parameter. `default = value`
/// makes it optional; `range = low..=high` (or `low..`, `..=high`, in the base unit of its type)
/// is checked: literals when the topology is compiled, other values when it is built. `lanes = port`
/// is for a parameter that names lanes of that port by their numbers (its type is `NamesLanes`):
/// there must be those. Values of types that are `Checked` are checked likewise. `Api::parameters()` begins a builder with a method for
/// each parameter. An initial value in `#[state(..)]` may mention the parameters, which are
/// references there. `#[entity(relay)]` marks an entity that passes on the messages of its
/// target: its last two type parameters are the request and the reply.
///
/// # On the `impl` block
/// | function | what it is |
/// |---|---|
/// | `async fn f(&mut self, cx: &mut Cx<Self>, message: M) -> Outcome<R>` | a handler: started by each message |
/// | `#[process] async fn f(&mut self, cx: &mut Cx<Self>)` | starts with the simulation and keeps it alive |
/// | `#[background] async fn f(&mut self, cx: &mut Cx<Self>)` | starts with the simulation, which may end before it |
/// | an `async fn` that is called as `self.f(cx, ..).await` or `cx.spawn(self.f(cx, ..))` | a helper with any parameters and result; `#[handler]` makes it a handler too |
/// | any other `fn` | stays as it is; with a parameter of type `&mut Cx<Self>` it can use the context |
///
/// # Steps
/// Each `.await` is a step, at which simulated time may pass: `cx.sleep(duration)`,
/// `cx.sleep_until(instant)`, `cx.yield_now()`; `self.port.call(message)`, also with
/// `.lane(number)` and `.timeout(duration)`; `acquire`, `enter`, `lock`, `read`, `write`, `wait`,
/// `arrive` of resources and locks; `changed` and `changed_until` of a watch on parameters; `pop` of queues; a handle that `self.port.start(cx, message)`
/// has made; `first(..)`, `all(..)`, `quorum(..)`; and other `async fn`s of the block.
///
/// Steps may stand in sequence, in branches, in loops, in conditions and inside other
/// expressions, as long as nothing before them in the same expression would have to be kept. They
/// cannot stand in closures, `async` blocks, macro calls, match guards, and behind a `let` in the
/// same condition. A macro with a `return` of its own cannot stand in such a function: write
/// `Err(failure)?` in the macro, or give it the `return`.
///
/// # What becomes of it
/// Each `async fn` becomes a public enum (`ApiHandle` here): `Start` with the parameters, one
/// variant for each step (`AcquireWorkers`, `Sleep`, `CallDb`) with the locals that live across
/// it, and `Finished`; its documentation draws it, as does `Api::state_diagrams()` (of the trait
/// `StateDiagrams`). A local is kept if it is used later, or if it is in scope and dropping it
/// may matter; at the end of its scope it is dropped, in reverse order of declaration, as in any
/// `async fn`.
///
/// A local that is kept needs a type that can be seen: written beside it, or that of a
/// parameter, a step, a literal with a suffix, a constructor (`T { .. }`, `T::new(..)`), a cast, a
/// field of the entity, or what is computed of these. Where there is none, an error says which line to write. References cannot
/// be kept. A local without a visible type that is not used later is dropped at the step; that it
/// is no permit and no handle is checked.
///
/// What is kept is handed on at each step. An array of numbers or times of more than 128 bytes is not copied
/// for that: it is kept as a `Box<[..]>`, which does not show in the function. Keep other large values in
/// a `Box`, or in a field of the entity.
#[proc_macro_attribute]
pub fn entity(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand_entity(&attribute.into(), item.into()).into()
}

// What rustc calls, on tokens that live outside of it too.

fn expand_profile(input: proc_macro2::TokenStream) -> proc_macro2::TokenStream {
    depth::refusal(&input).unwrap_or_else(|| profile::expand(precedence::kept(input)))
}

fn expand_topology(input: proc_macro2::TokenStream) -> proc_macro2::TokenStream {
    depth::refusal(&input).unwrap_or_else(|| topology::expand(precedence::kept(input)))
}

fn expand_entity(
    attribute: &proc_macro2::TokenStream,
    item: proc_macro2::TokenStream,
) -> proc_macro2::TokenStream {
    let deep = depth::refusal(attribute).or_else(|| depth::refusal(&item));
    deep.unwrap_or_else(|| entity::expand(attribute, precedence::kept(item)))
}
