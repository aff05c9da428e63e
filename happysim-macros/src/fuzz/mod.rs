//! Whatever tokens the macros are given, they answer: they neither panic nor take for ever, and
//! always answer the same.
//!
//! `HAPPYSIM_FUZZ=1000000 cargo test --release -p happysim-macros fuzz` tries that many inputs;
//! `HAPPYSIM_FUZZ_SEED=7` others. A failure names the number of its input; `HAPPYSIM_FUZZ_ONLY`
//! repeats that one alone.

mod corpus;
mod mutate;
mod size;

pub(crate) use corpus::entities;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use proc_macro2::TokenStream;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

use corpus::{Input, corpus};
use mutate::{Pieces, below};

/// What rustc gives the thread on which it runs macros, and a part of which it uses itself.
const STACK: usize = 7 << 20;
/// The spans of a thread's tokens are never freed, so that a thread does not live for long.
const INPUTS_OF_A_THREAD: u64 = 20_000;
const SLOW: Duration = Duration::from_secs(20);

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} is a number, not `{text}`")))
}

fn on_a_stack_like_rustc<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(work).unwrap();
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Input number `index`: it depends on nothing else.
fn input(seed: u64, index: u64, corpus: &[Input], pieces: &Pieces) -> Input {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed.wrapping_mul(1 << 40) ^ index);
    let one = &corpus[below(&mut random, corpus.len())];
    let other = &corpus[below(&mut random, corpus.len())];
    match below(&mut random, 8) {
        0 => one.with(pieces.soup(&mut random, 40)),
        _ => pieces.mutated(&mut random, one, other),
    }
}

fn try_all(seed: u64, from: u64, to: u64) {
    let (corpus, pieces) = (corpus(), Pieces::new());
    for index in from..to {
        let input = input(seed, index, &corpus, &pieces);
        let begin = Instant::now();
        let output = catch_unwind(AssertUnwindSafe(|| input.clone().expand()));
        assert!(output.is_ok(), "input {index} of seed {seed} makes a macro panic: {input:?}");
        let length = begin.elapsed();
        assert!(length < SLOW, "input {index} of seed {seed} takes {length:?}");
    }
}

#[test]
fn no_input_makes_a_macro_panic() {
    let seed = number("HAPPYSIM_FUZZ_SEED").unwrap_or(1);
    let count = number("HAPPYSIM_FUZZ").unwrap_or(1_500);
    let (mut from, end) = match number("HAPPYSIM_FUZZ_ONLY") {
        Some(index) => (index, index + 1),
        None => (0, count),
    };
    while from < end {
        let to = end.min(from + INPUTS_OF_A_THREAD);
        on_a_stack_like_rustc(move || try_all(seed, from, to));
        if count > INPUTS_OF_A_THREAD {
            println!("{to} inputs");
        }
        from = to;
    }
}

/// Inputs that random ones have been, before they were mended.
#[test]
fn what_was_found_stays_mended() {
    let parsed = |source: &str| source.parse::<TokenStream>().unwrap();
    for item in [
        "pub struct Server { r#type: u64, #[state] r#match: u64 }",
        "struct Desk { pace: Distribution, slots: Resource, _: u64, }",
        "impl A { #[process] async fn run(&mut self, cx: &mut Cx<Self>) { \
         for n in 0..self.count { let key = self.await; } } }",
        "impl r#type { async fn r#match(&mut self, cx: &mut Cx<Self>, r#loop: u64) -> Outcome<u64> \
         { Ok(r#loop) } async fn r#in(&mut self, cx: &mut Cx<Self>) { cx.sleep(self.r#box).await; } }",
    ] {
        Input::Entity(TokenStream::new(), parsed(item)).expand();
    }
    for topology in [
        "T { source s: poisson(5/s) emits dyn A + B; node a: A; s -> a; }",
        "T { source s: poisson(5/s) emits u64; node a: A { service: 1e400 }; s -> a; }",
        "r#type { source s: poisson(5/s); node a: Server { service: 5ms, queue_capacity: 9 }; \
         s -> retry(fixed(3, 100ms)) -> timeout(150ms) -> a; }",
        "r#type { source s: poisson(5/s); link wan: Link { latency: 20ms, loss: 0.5% }; \
         node a: Server { service: 5ms, queue_capacity: 9 }; \
         s -> retry(fixed(3, 100ms)) -> bulkhead(1) -> wan -> timeout(1s) -> a; }",
        "T { source r#loop: poisson(5/s); node a: Server { service: 5ms }; \
         r#loop -> breaker(failures: 3, r#type: 200ms) -> timeout(1s) -> a; }",
    ] {
        Input::Topology(parsed(topology)).expand();
    }
    let nested = format!("{}hold 1 for 1s;{}", "repeat 2 times {".repeat(40), "}".repeat(40));
    Input::Profile(parsed(&nested)).expand();
}

/// Each input on its own, without what others may have left behind.
fn expanded(inputs: impl Iterator<Item = Input>) -> Vec<String> {
    inputs.map(|input| input.expand().to_string()).collect()
}

#[test]
fn an_expansion_is_the_same_each_time_and_in_any_order() {
    on_a_stack_like_rustc(|| {
        let inputs = corpus();
        let first = expanded(inputs.iter().cloned());
        let mut backwards = expanded(inputs.iter().rev().cloned());
        backwards.reverse();
        for (index, (first, second)) in first.iter().zip(&backwards).enumerate() {
            assert!(first == second, "input {index} has two expansions: {first}\n\n{second}");
        }
        // Another thread hashes with other keys.
        let other = std::thread::Builder::new().stack_size(STACK);
        let third = other.spawn(|| expanded(corpus().into_iter())).unwrap().join().unwrap();
        assert!(first == third, "expansions depend on the thread");
    });
}

/// What was understood is code that `syn` can read, whatever its mistakes.
#[test]
fn what_is_understood_becomes_items() {
    on_a_stack_like_rustc(|| {
        let (corpus, pieces) = (corpus(), Pieces::new());
        let mut understood = 0;
        for index in 0..400 {
            let input = input(2, index, &corpus, &pieces);
            let is_item = syn::parse2::<syn::Item>(input.tokens().clone()).is_ok();
            let is_readable = match &input {
                Input::Entity(..) if !is_item => continue,
                Input::Profile(_) => {
                    syn::parse2::<syn::Expr>(input.clone().expand()).map(|_| ()).err()
                }
                _ => syn::parse2::<syn::File>(input.clone().expand()).map(|_| ()).err(),
            };
            understood += 1;
            if let Some(error) = is_readable {
                panic!("input {index} becomes no items: {error}\n{}", input.tokens());
            }
        }
        assert!(understood > 150, "only {understood} inputs are understood");
    });
}

/// The tokens of an expansion, those in groups included.
fn count(tokens: TokenStream) -> usize {
    let of_tree = |tree| match tree {
        proc_macro2::TokenTree::Group(group) => 1 + count(group.stream()),
        _ => 1,
    };
    tokens.into_iter().map(of_tree).sum()
}
