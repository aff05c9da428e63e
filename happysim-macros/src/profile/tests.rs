//! The macro on any input, and that each of its mistakes has a compile-fail case.

use std::collections::BTreeSet;

use proc_macro2::TokenTree;

use super::*;
use crate::units;

/// The inputs of all calls of `profile!` within `tokens`.
fn calls(tokens: TokenStream, found: &mut Vec<TokenStream>) {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    for (index, tree) in trees.iter().enumerate() {
        let TokenTree::Group(group) = tree else { continue };
        match index.checked_sub(2).map(|start| &trees[start..index]) {
            Some([TokenTree::Ident(name), TokenTree::Punct(_)]) if name == "profile" => {
                found.push(group.stream());
            }
            _ => calls(group.stream(), found),
        }
    }
}

#[test]
fn every_kind_of_mistake_has_a_compile_fail_case() {
    let mut seen = BTreeSet::new();
    for case in crate::diagnostics::cases() {
        let mut inputs = Vec::new();
        calls(case, &mut inputs);
        for input in inputs {
            let mut diagnostics = Diagnostics::default();
            analyse(input, &mut diagnostics);
            seen.extend(diagnostics.codes());
        }
    }
    let missing: Vec<_> =
        ALL.iter().chain(units::ALL).filter(|code| !seen.contains(code)).collect();
    assert!(missing.is_empty(), "no compile-fail case for {missing:?}");
}

/// Words in any order: nothing panics, and what has no errors is an expression.
#[test]
fn any_input_is_an_expression_or_errors() {
    let words = [
        "hold",
        "ramp",
        "step",
        "sine",
        "spike",
        "repeat",
        "times",
        "for",
        "over",
        "to",
        "at",
        "from",
        "mean",
        "amplitude",
        "period",
        "phase",
        ";",
        ";",
        ";",
        "5/s",
        "10s",
        "0s",
        "3",
        "-3",
        "5%",
        "150%",
        "peak",
        "x.to",
        "(a + b)",
        "{ hold 1 for 1s }",
        "{ }",
        "{",
        "}",
        "10msec",
        "5 ms",
        "%",
        "/",
        "-",
        "'a'",
        "\"s\"",
        "1e400",
        "0x1F",
        "99999999999999999999999999s",
        "as",
        "..",
        "#",
        "::",
        "18446744073709551615ns",
        "1e15",
    ];
    // Among them whole statements, or next to nothing would be correct.
    let statements = [
        "hold 5/s for 10s;",
        "ramp to 9/s over 3s;",
        "repeat 3 times { hold 2/s for 1s }",
        "hold peak;",
        "step to 3/s at 99s;",
        "spike to 8/s at 1h for 1s;",
    ];
    let mut state = 1_u64;
    let mut correct = 0;
    for _ in 0..4_000 {
        let mut source = String::new();
        let mut next = |bound: usize| {
            // Knuth's multiplier for 64-bit linear congruential generators.
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % bound
        };
        for _ in 0..=next(10) {
            let list: &[&str] = if next(2) == 0 { &words } else { &statements };
            source.push_str(list[next(list.len())]);
            source.push(' ');
        }
        // Unbalanced braces never reach a macro.
        let Ok(input) = source.parse::<TokenStream>() else { continue };
        let mut diagnostics = Diagnostics::default();
        let Expansion { output, .. } = analyse(input.clone(), &mut diagnostics);
        if !diagnostics.has_errors() {
            correct += 1;
            assert!(syn::parse2::<syn::Expr>(output).is_ok(), "{source}");
        }
        let expansion = expand(input);
        assert!(syn::parse2::<syn::Expr>(expansion).is_ok(), "{source}");
    }
    assert!(correct > 100, "only {correct} correct profiles: the test tests little");
}

fn messages(source: &str) -> Vec<String> {
    let mut diagnostics = Diagnostics::default();
    analyse(source.parse().unwrap(), &mut diagnostics);
    diagnostics.messages()
}

#[test]
fn what_is_unknown_is_left_to_the_builder() {
    for source in [
        "hold a for b; step to c at 10s; step to d at 5min",
        "hold 5/s for rise; step to 9/s at 1s",
        "repeat n times { hold 5/s for 1s }; step to 9/s at 1s",
        "sine mean middle amplitude 5/s period t; step to 3/s at 10s",
        "hold 1/s for 1s; ramp to peak over rise; hold",
        "hold 5; spike to 8 at 4s for 2s; step to 9 at 6s",
    ] {
        assert_eq!(messages(source), [""; 0], "{source}");
    }
}

#[test]
fn a_mistake_does_not_cause_others() {
    let one = |source: &str| {
        let messages = messages(source);
        assert_eq!(messages.len(), 1, "{source}: {messages:?}");
    };
    one("rmap to 5/s over 3s; ramp to 9/s over 3s; step to 3/s at 1s; hold");
    one("hold 5/s for 10msec; step to 3/s at 1s");
    one("repeat 3 { hold 5/s for 1s }; hold 6/s for 1s; hold");
    one("ramp to 9/s ovr 3s; hold for 1s; hold");
}
