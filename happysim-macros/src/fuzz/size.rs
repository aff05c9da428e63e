//! Large models, and deep ones.

use std::fmt::Write as _;

use proc_macro2::TokenStream;

use super::{count, on_a_stack_like_rustc};

/// A chain of `nodes` servers behind a source.
fn chain(nodes: usize) -> TokenStream {
    let mut text = String::from("pub Large { source users: poisson(400/s) emits u64;");
    for node in 0..nodes {
        let _ = write!(text, "node n{node}: Api {{ workers: {}, pause: 5ms }};", 1 + node % 7);
    }
    text.push_str("node last: Server; users -> n0;");
    for node in 1..nodes {
        let _ = write!(text, "n{}.next -> n{node};", node - 1);
    }
    let _ = write!(text, "n{}.next -> last; }}", nodes - 1);
    text.parse().unwrap()
}

/// An entity with that many handlers, each with that many steps.
fn handlers(handlers: usize, steps: usize) -> TokenStream {
    let mut text = String::from("impl Api {");
    for handler in 0..handlers {
        let _ = write!(
            text,
            "async fn h{handler}(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {{"
        );
        for step in 0..steps {
            let _ = write!(
                text,
                "let x{step}: u64 = self.db.call(id).await?; if x{step} > 3 {{ cx.sleep(d).await; }}"
            );
        }
        text.push_str("Ok(id) }");
    }
    text.push('}');
    text.parse().unwrap()
}

fn topology_tokens(nodes: usize) -> usize {
    count(crate::expand_topology(chain(nodes)))
}

fn entity_tokens(handlers_: usize, steps: usize) -> usize {
    count(crate::expand_entity(&TokenStream::new(), handlers(handlers_, steps)))
}

#[test]
fn an_expansion_grows_linearly_with_nodes() {
    let tokens = [250, 500, 1_000].map(topology_tokens);
    let [first, second] = [tokens[1] - tokens[0], tokens[2] - tokens[1]];
    assert!(tokens[0] > 25_000, "the topology was refused: {tokens:?}");
    // Twice as many nodes more, twice as many tokens more: names grow by a digit, no more.
    let ratio = second as f64 / first as f64;
    assert!((1.95..2.05).contains(&ratio), "{tokens:?}");
}

#[test]
fn an_expansion_grows_linearly_with_handlers() {
    on_a_stack_like_rustc(|| {
        let tokens = [50, 100, 200].map(|handlers| entity_tokens(handlers, 1));
        let ratio = (tokens[2] - tokens[1]) as f64 / (tokens[1] - tokens[0]) as f64;
        assert!(tokens[0] > 25_000, "the entity was refused: {tokens:?}");
        assert!((1.9..2.1).contains(&ratio), "{tokens:?}");
    });
}

/// `cargo test --release -p happysim-macros times_of -- --ignored --nocapture`.
#[test]
#[ignore = "prints times, which depend on the machine"]
fn times_of_expansion() {
    on_a_stack_like_rustc(|| {
        for nodes in [250, 500, 1_000, 2_000] {
            let input = chain(nodes);
            let begin = std::time::Instant::now();
            let tokens = count(crate::expand_topology(input));
            println!("a topology of {nodes} nodes: {tokens} tokens in {:?}", begin.elapsed());
        }
        for steps in [50, 100, 200, 400] {
            let input = handlers(1, steps);
            let begin = std::time::Instant::now();
            let tokens = count(crate::expand_entity(&TokenStream::new(), input));
            println!("a handler of {} steps: {tokens} tokens in {:?}", 2 * steps, begin.elapsed());
        }
    });
}

#[test]
fn an_expansion_grows_linearly_with_steps() {
    on_a_stack_like_rustc(|| {
        let tokens = [50, 100, 200].map(|steps| entity_tokens(1, steps));
        let ratio = (tokens[2] - tokens[1]) as f64 / (tokens[1] - tokens[0]) as f64;
        assert!((1.9..2.1).contains(&ratio), "{tokens:?}");
    });
}

#[test]
fn large_entities_are_taken() {
    on_a_stack_like_rustc(|| {
        assert!(entity_tokens(256, 2) > 100_000);
        assert!(entity_tokens(1, 300) > 20_000);
        let refusal = crate::expand_entity(&TokenStream::new(), handlers(257, 0)).to_string();
        assert!(refusal.contains("an entity has at most 256 `async fn`s, `Api` has 257"));
    });
}

/// The body of a handler with something `depth` levels deep in it, of each kind.
fn deep_bodies(depth: usize) -> Vec<String> {
    let nested = |open: &str, middle: &str, close: &str| {
        format!("{}{middle}{}", open.repeat(depth), close.repeat(depth))
    };
    let call = "self.db.call(1).await?";
    vec![
        format!("let x: u64 = {}; Ok(x)", nested("(", "1", ")")),
        format!("let x: u64 = {}; Ok(x)", nested("f(", call, ")")),
        format!("let x: u64 = {}; Ok(x)", nested("(|| ", "1", ")()")),
        format!("let x: u64 = {}; Ok(x)", nested("!", "1", "")),
        format!("let x: u64 = {}; Ok(x)", nested("", call, "+ 1")),
        format!("let x: u64 = {}; Ok(x)", nested("", call, ".b()")),
        format!("let x: {} = y; cx.sleep(d).await; Ok(x)", nested("Vec<", "u64", ">")),
        format!("let x: {} = y; cx.sleep(d).await; Ok(x)", nested("&", "u64", "")),
        format!("let {} = y; cx.sleep(d).await; Ok(x)", nested("Some(", "x", ")")),
        format!("let {} = y; cx.sleep(d).await; Ok(x)", nested("&", "x", "")),
        format!("m!({}); Ok(x)", nested("(", "x.await", ")")),
        format!("if a {{}} {} else {{ cx.sleep(d).await; }} Ok(1)", nested("else if a {}", "", "")),
        nested("if a {", "cx.sleep(d).await;", "}"),
        nested("loop {", "cx.sleep(d).await;", "}"),
        nested("match a { _ => {", "cx.sleep(d).await;", "} }"),
        nested("'a: {", "cx.sleep(d).await;", "}"),
        nested("return ", "1", ""),
    ]
}

/// Within what the depth check lets through nothing overflows the stack that rustc has, which
/// would end this test and all others.
#[test]
fn deep_models_are_taken_or_refused() {
    on_a_stack_like_rustc(|| {
        for depth in [20, 60, 95, 130, 190, 400, 760, 5_000] {
            for body in deep_bodies(depth) {
                let item = format!(
                    "impl Api {{ async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> \
                     Outcome<u64> {{ {body} }} }}"
                );
                let output = crate::expand_entity(&TokenStream::new(), item.parse().unwrap());
                assert!(!output.is_empty(), "{depth}");
            }
            let repeats =
                format!("{}hold 1 for 1s{}", "repeat 2 times {".repeat(depth), "}".repeat(depth));
            let words = format!("hold {}1{}", "(".repeat(depth), ")".repeat(depth));
            for profile in [&repeats, &words] {
                assert!(!crate::expand_profile(profile.parse().unwrap()).is_empty());
                let node = format!("T {{ node a: A {{ p: profile! {{ {profile} }} }}; }}");
                assert!(!crate::expand_topology(node.parse().unwrap()).is_empty());
            }
        }
    });
}
