//! The passes on small bodies: which states there are, what they keep, what is refused.

use quote::ToTokens;
use syn::{Block, ItemImpl};

use std::collections::BTreeSet;
use std::path::Path;

use proc_macro2::TokenStream;

use super::liveness::{self, Form};
use super::signature::{EntityImpl, MethodKind};
use super::{codes, diagram, large, lower, states, validate};
use crate::diagnostics::Diagnostics;

fn entity(block: &Block) -> ItemImpl {
    syn::parse_quote! {
        impl Api {
            async fn handle(&mut self, cx: &mut Cx<Self>, req: Request) -> Outcome<Page> #block

            #[background]
            async fn idle(&mut self, cx: &mut Cx<Self>) {
                self.fetch(cx, 1).await;
            }

            async fn fetch(&mut self, cx: &mut Cx<Self>, key: u64) -> Outcome<Rows> {
                cx.sleep(d).await;
                Ok(rows)
            }

            fn plain(&self) -> Widget {}
        }
    }
}

/// Each state as `Name: field, field`, in order of declaration; `?` marks one that may be empty.
fn kept(block: &Block) -> Result<Vec<String>, String> {
    let mut errors = Diagnostics::default();
    let entity = EntityImpl::parse(&entity(block), &mut errors).expect("the block has its form");
    let graph = lower::lower(&entity, &entity.methods[0], &mut errors);
    if !errors.has_errors() {
        let flow = liveness::analyse(&graph);
        let states = states::states(&graph, &flow, &entity, &mut errors);
        if !errors.has_errors() {
            validate::validate(&graph, &flow);
            assert!(diagram::diagram(&graph).starts_with("stateDiagram-v2"));
            let text = states.iter().map(|state| {
                let fields: Vec<String> = state
                    .fields
                    .iter()
                    .map(|field| {
                        let mark = if field.form == Form::Optional { "?" } else { "" };
                        format!("{}{mark}", graph.bindings[field.binding].field)
                    })
                    .collect();
                format!("{}: {}", state.name, fields.join(", "))
            });
            return Ok(text.collect());
        }
    }
    Err(errors.into_compile_errors().to_string())
}

fn states_of(block: &Block) -> Vec<String> {
    kept(block).expect("the body has no errors")
}

fn refusal(block: &Block) -> String {
    kept(block).expect_err("the body has errors")
}

#[test]
fn every_kind_of_mistake_has_a_compile_fail_case() {
    // `syn` knows all of Rust that rustc hands to an attribute.
    // Too large is tested on generated code.
    let mut seen = BTreeSet::from([codes::SYNTAX, codes::TOO_LARGE]);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/ui/entity");
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            let tokens: TokenStream = std::fs::read_to_string(&path).unwrap().parse().unwrap();
            for (arguments, item) in crate::fuzz::entities(tokens) {
                let mut errors = Diagnostics::default();
                super::analyse(&arguments, item, &mut errors);
                seen.extend(errors.codes());
            }
        }
    }
    let missing: Vec<_> = codes::ALL.iter().filter(|code| !seen.contains(code)).collect();
    assert!(missing.is_empty(), "no compile-fail case for {missing:?}");
}

#[test]
fn what_is_held_or_used_later_is_kept() {
    let states = states_of(&syn::parse_quote!({
        let count: u64 = 1;
        let unused: u64 = 2;
        let _worker = self.workers.acquire(1).await;
        let unknown = compute();
        show(unknown);
        cx.sleep(d).await;
        let rows = self.db.call(req).await?;
        Ok(rows + count)
    }));
    assert_eq!(
        states,
        ["AcquireWorkers: req, count", "Sleep: req, count, _worker", "CallDb: count, _worker"]
    );
}

#[test]
fn scopes_end_where_their_blocks_end() {
    let states = states_of(&syn::parse_quote!({
        drop(req);
        {
            let guard: Guard = enter();
            cx.sleep(d).await;
        }
        cx.sleep(d).await;
        Ok(1)
    }));
    assert_eq!(states, ["Sleep: guard", "Sleep2: "]);
}

#[test]
fn what_one_branch_gives_away_is_optional() {
    let states = states_of(&syn::parse_quote!({
        if ready() {
            consume(req);
        }
        cx.sleep(d).await;
        Ok(1)
    }));
    assert_eq!(states, ["Sleep: req?"]);
}

#[test]
fn captures_in_format_strings_are_uses() {
    let states = states_of(&syn::parse_quote!({
        drop(req);
        let name: u64 = 1;
        cx.sleep(d).await;
        println!("{name:>4}");
        Ok(1)
    }));
    assert_eq!(states, ["Sleep: name"]);
}

#[test]
fn hidden_variables_have_fields_of_their_own() {
    let states = states_of(&syn::parse_quote!({
        drop(req);
        let rows = self.db.call(a).await?;
        let rows = self.db.call(rows.next()).await?;
        cx.sleep(d).await;
        Ok(rows)
    }));
    assert_eq!(states, ["CallDb: ", "CallDb2: rows", "Sleep: rows, rows_2"]);
}

#[test]
fn loops_keep_their_iterators() {
    let states = states_of(&syn::parse_quote!({
        drop(req);
        for turn in 0..3u64 {
            self.fetch(cx, turn).await?;
        }
        Ok(1)
    }));
    assert_eq!(states, ["Fetch: __iterator1"]);
}

#[test]
fn a_wait_for_handles_may_begin_a_branch() {
    let states = states_of(&syn::parse_quote!({
        drop(req);
        let mut calls: Vec<Handle<P>> = start_all();
        for turn in 0..3u64 {
            first(&mut calls).await;
            show(turn);
        }
        if let Some(last) = self.list.pop() {
            first(&mut calls).await;
        }
        match self.kind {
            Kind::One(one) => {
                first(&mut calls).await;
            }
            _ => {}
        }
        Ok(1)
    }));
    assert_eq!(states.len(), 3, "{states:?}");
}

#[test]
fn types_are_seen_in_constructors_casts_and_literals() {
    let states = states_of(&syn::parse_quote!({
        drop(req);
        let a = Meta { size: 1 };
        let b = Meta::new(2);
        let c = Vec::<u32>::new();
        let d = x as u64;
        let e = 3u8;
        let f = self.field;
        let g = cx.now();
        let h = self.plain();
        let i = Shape::Circle(3);
        cx.sleep(d).await;
        use_all(a, b, c, d, e, f, g, h, i);
        Ok(1)
    }));
    assert_eq!(states, ["Sleep: a, b, c, d, e, f, g, h, i"]);
}

#[test]
fn only_arrays_that_are_large_and_wait_are_boxes() {
    let item: ItemImpl = syn::parse_quote! {
        impl Api {
            async fn handle(&mut self, cx: &mut Cx<Self>, block: [u8; 200]) -> Outcome<Page> {
                let small: [u64; 16] = [0; 16];
                let names: [String; 99] = names();
                let pairs: [(u8, u64); 20] = pairs;
                let any: [[bool; WIDTH]; 2] = any;
                let mut late: [u64; 99] = self.db.call(1).await?;
                cx.sleep(d).await;
                let after: [u64; 99] = [0; 99];
                Ok(Page { pairs, block: block[0], after, length: any.len() })
            }
        }
    };
    let entity = EntityImpl::parse(&item, &mut Diagnostics::default()).expect("it has its form");
    let block = large::in_boxes(&entity.methods[0]).to_token_stream().to_string();
    let boxed = ["block", "pairs", "any", "late"];
    for name in ["block", "small", "names", "pairs", "any", "late", "after"] {
        let mutable = if name == "late" { "mut " } else { "" };
        let is_boxed = block.contains(&format!("let {mutable}{name} : :: std :: boxed :: Box <"));
        assert_eq!(is_boxed, boxed.contains(&name), "{name} in {block}");
    }
    let page =
        "Page { pairs : (* pairs) , block : (* block) [0] , after , length : (* any) . len () }";
    assert!(block.replace("[0 ]", "[0]").contains(page), "{block}");
}

#[test]
fn types_that_cannot_be_seen_are_asked_for() {
    let error = refusal(&syn::parse_quote!({
        let mut total = self.list.iter().sum();
        let Some(last) = find() else { return Err(f) };
        cx.sleep(d).await;
        Ok(total + last)
    }));
    assert!(error.contains("write `let mut total: Type = self.list.iter().sum();`"), "{error}");
    assert!(error.contains("let last: Type = last;"), "{error}");
}

#[test]
fn steps_where_they_cannot_stand_are_refused() {
    for (body, part) in [
        ("{ run(|| self.db.call(1).await); Ok(1) }", "a step cannot stand in a closure"),
        ("{ show!(self.db.call(1).await); Ok(1) }", "a step cannot stand in a macro call"),
        ("{ let x = now() + self.db.call(1).await?; Ok(x) }", "this step stands behind `now()`"),
        ("{ match 1 { _ if self.db.call(1).await? => Ok(1), _ => Ok(2) } }", "a match guard"),
        ("{ for x in &self.list { cx.sleep(d).await; } Ok(1) }", "cannot borrow"),
        ("{ other(1).await; Ok(1) }", "this is no step"),
        ("{ cx.spawn(self.plain(cx)); Ok(1) }", "only an `async fn` of this block"),
    ] {
        let error = refusal(&syn::parse_str(body).expect("the body parses"));
        assert!(error.contains(part), "{body}: {error}");
    }
}

#[test]
fn functions_are_told_apart() {
    let item = entity(&syn::parse_quote!({ Ok(1) }));
    let entity = EntityImpl::parse(&item, &mut Diagnostics::default()).expect("it has its form");
    let kinds: Vec<(String, MethodKind)> =
        entity.methods.iter().map(|method| (method.name.to_string(), method.kind)).collect();
    assert_eq!(
        kinds,
        [
            ("handle".to_owned(), MethodKind::Handler),
            ("idle".to_owned(), MethodKind::Background),
            ("fetch".to_owned(), MethodKind::Helper),
        ]
    );
    let plain = entity.plain_output(&syn::parse_quote!(plain)).expect("it has a result");
    assert_eq!(plain.to_token_stream().to_string(), "Widget");
}
