//! Changes to token trees, as typing hands and merging tools make them; and token soup.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::Rng;

use super::corpus::Input;

/// Words that mean something to one of the macros or to Rust, and some that mean nothing.
const WORDS: &str = "
    node source link shared param emits repeat times hold ramp step sine spike from to over at for
    mean amplitude period phase pub struct enum impl async fn await self Self cx mut ref let if else
    match while loop for in return break continue move dyn where unsafe const static crate super as
    use type trait true false Cx Call Send Outcome Resource Api db handle port state entity relay
    handler process background default range main T r#type __x _ 'a 'static -> => :: .. ..= ; , . :
    ? ! # $ & && | || + - * / % ^ = == < > <= >= @ ~ 0 1 3u64 1.5 10ms 5s 400/s 5% 64KiB 10Gbps 0s
    1e400 99999999999999999999 0x1F 1_000ms 5 ms \"text\" \"{x:>y$}\" 'c' b'c' b\"bytes\" ( ) [ ] { }
    (a, b) [3] { a } (&mut self, cx: &mut Cx<Self>, id: u64) { cx.sleep(d).await; } .await
    self.db.call(1).await ? #[port] #[state] #[param(default = 1)] #[process] <T> <'a> |x| x + 1
    return Ok(1); let x: u64 = 1; loop { } while x { cx.yield_now().await } vec![1, 2]
";

/// Random pieces of tokens.
pub(crate) struct Pieces {
    words: Vec<TokenTree>,
}

pub(crate) fn below(random: &mut Xoshiro256PlusPlus, bound: usize) -> usize {
    (random.next_u64() % bound.max(1) as u64) as usize
}

impl Pieces {
    pub(crate) fn new() -> Self {
        let mut words = Vec::new();
        for line in WORDS.lines() {
            for word in line.split_whitespace() {
                // Halves of groups are no tokens of their own.
                words.extend(word.parse::<TokenStream>().into_iter().flatten());
            }
            words.extend(line.parse::<TokenStream>().into_iter().flatten());
        }
        Self { words }
    }

    fn word(&self, random: &mut Xoshiro256PlusPlus) -> TokenTree {
        self.words[below(random, self.words.len())].clone()
    }

    /// Up to `length` words in any order and depth.
    pub(crate) fn soup(&self, random: &mut Xoshiro256PlusPlus, length: usize) -> TokenStream {
        let mut trees = Vec::new();
        for _ in 0..below(random, length + 1) {
            trees.push(match below(random, 8) {
                0 => {
                    let inner = self.soup(random, length / 2);
                    wrapped(random, inner)
                }
                _ => self.word(random),
            });
        }
        trees.into_iter().collect()
    }

    /// A few changes anywhere in the input; some come from another one.
    pub(crate) fn mutated(
        &self,
        random: &mut Xoshiro256PlusPlus,
        input: &Input,
        other: &Input,
    ) -> Input {
        let mut tokens = input.tokens().clone();
        for _ in 0..=below(random, 4) {
            tokens = self.change(random, tokens, other.tokens());
        }
        match input {
            Input::Entity(arguments, _) if below(random, 20) == 0 => {
                let arguments = self.change(random, arguments.clone(), other.tokens());
                Input::Entity(arguments, tokens)
            }
            _ => input.with(tokens),
        }
    }

    fn change(
        &self,
        random: &mut Xoshiro256PlusPlus,
        tokens: TokenStream,
        other: &TokenStream,
    ) -> TokenStream {
        let mut trees: Vec<TokenTree> = tokens.into_iter().collect();
        // Mostly deep inside, where the code is.
        let groups: Vec<usize> = (0..trees.len())
            .filter(
                |&at| matches!(&trees[at], TokenTree::Group(group) if !group.stream().is_empty()),
            )
            .collect();
        if !groups.is_empty() && below(random, 5) > 0 {
            let at = groups[below(random, groups.len())];
            if let TokenTree::Group(group) = &trees[at] {
                let inner = self.change(random, group.stream(), other);
                let mut changed = Group::new(group.delimiter(), inner);
                changed.set_span(group.span());
                trees[at] = TokenTree::Group(changed);
            }
            return trees.into_iter().collect();
        }
        self.change_here(random, &mut trees, other);
        trees.into_iter().collect()
    }

    fn change_here(
        &self,
        random: &mut Xoshiro256PlusPlus,
        trees: &mut Vec<TokenTree>,
        other: &TokenStream,
    ) {
        let at = below(random, trees.len());
        let end = (at + 1 + below(random, 6)).min(trees.len());
        match below(random, 9) {
            0 if at < trees.len() => {
                trees.drain(at..end);
            }
            1 if at < trees.len() => {
                let copy: Vec<TokenTree> = trees[at..end].to_vec();
                let to = below(random, trees.len());
                trees.splice(to..to, copy);
            }
            2 if trees.len() > 1 => {
                let to = below(random, trees.len());
                trees.swap(at, to);
            }
            3 if at < trees.len() => trees[at] = self.word(random),
            4 if at < trees.len() => {
                let inner: TokenStream = trees.drain(at..end).collect();
                trees.insert(at, wrapped(random, inner));
            }
            5 if at < trees.len() => {
                if let TokenTree::Group(group) = trees[at].clone() {
                    trees.splice(at..=at, group.stream());
                }
            }
            6 => {
                let from: Vec<TokenTree> = deep(random, other.clone()).into_iter().collect();
                let first = below(random, from.len());
                let last = (first + 1 + below(random, 12)).min(from.len());
                trees.splice(at..at, from[first..last].iter().cloned());
            }
            7 => {
                let soup = self.soup(random, 6);
                trees.splice(at..at, soup);
            }
            _ => trees.insert(at, self.word(random)),
        }
    }
}

fn wrapped(random: &mut Xoshiro256PlusPlus, inner: TokenStream) -> TokenTree {
    let delimiter = match below(random, 4) {
        0 => Delimiter::Parenthesis,
        1 => Delimiter::Bracket,
        2 => Delimiter::None,
        _ => Delimiter::Brace,
    };
    TokenTree::Group(Group::new(delimiter, inner))
}

/// The tokens of some group inside.
fn deep(random: &mut Xoshiro256PlusPlus, tokens: TokenStream) -> TokenStream {
    let groups = tokens.clone().into_iter().filter_map(|tree| match tree {
        TokenTree::Group(group) if !group.stream().is_empty() => Some(group.stream()),
        _ => None,
    });
    let groups: Vec<TokenStream> = groups.collect();
    if groups.is_empty() || below(random, 4) == 0 {
        return tokens;
    }
    let at = below(random, groups.len());
    deep(random, groups[at].clone())
}
