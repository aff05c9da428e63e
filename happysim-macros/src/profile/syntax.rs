//! From tokens to statements. Each statement is read for itself, and a mistake in one does not
//! hide those of the others.
//!
//! ```text
//! profile   = statement (";" statement)* [";"]
//! statement = "hold" [value] ["for" time]
//!           | "ramp" ["from" value] "to" value "over" time
//!           | "step" "to" value "at" time
//!           | "sine" "mean" value "amplitude" value "period" time ["phase" time] ["for" time]
//!           | "spike" "to" value "at" time "for" time
//!           | "repeat" [count "times"] "{" profile "}"     (needs no ";" after it)
//! ```
//!
//! The clauses of a statement may come in any order. A value or time is a literal with a unit or
//! any Rust expression; it ends at the next word of the grammar that is not within parentheses.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;

use super::model::{Kind, Statement, Time, Times, Value};
use crate::diagnostics::{Code, Diagnostics, did_you_mean, either, expected_one_of};
use crate::units::{self, Kind as Unit};

const STATEMENTS: &[&str] = &["hold", "ramp", "step", "sine", "spike", "repeat"];
const CLAUSES: &[&str] =
    &["for", "over", "to", "at", "from", "mean", "amplitude", "period", "phase"];

pub(super) fn parse(input: TokenStream, diagnostics: &mut Diagnostics) -> Vec<Statement> {
    let trees: Vec<TokenTree> = input.clone().into_iter().collect();
    let statements = split(&trees, diagnostics);
    if statements.is_empty() {
        let message = "an empty profile: write at least `hold` and a value";
        diagnostics.error(super::EMPTY, input, message);
    }
    statements.into_iter().map(|statement| Parser { diagnostics }.statement(&statement)).collect()
}

/// Cuts at `;`, after the braces of a `repeat`, and where a `;` was forgotten.
fn split(trees: &[TokenTree], diagnostics: &mut Diagnostics) -> Vec<Vec<TokenTree>> {
    let mut statements = vec![Vec::new()];
    for (index, tree) in trees.iter().enumerate() {
        let Some(current) = statements.last_mut() else { break };
        match tree {
            TokenTree::Punct(punct) if punct.as_char() == ';' => statements.push(Vec::new()),
            TokenTree::Punct(punct)
                if punct.as_char() == ','
                    && !current.is_empty()
                    && (index + 1 == trees.len() || is_word(trees.get(index + 1), STATEMENTS)) =>
            {
                let message = "a statement ends with `;`, not with `,`";
                diagnostics.error(super::MISSING_SEMICOLON, tree, message);
                statements.push(Vec::new());
            }
            TokenTree::Group(group)
                if group.delimiter() == Delimiter::Brace
                    && is_word(current.first(), &["repeat"])
                    && !is_word(trees.get(index + 1), &["times"]) =>
            {
                current.push(tree.clone());
                statements.push(Vec::new());
            }
            TokenTree::Ident(word)
                if is_word(Some(tree), STATEMENTS)
                    && ends_operand(current)
                    // There, braces are missing.
                    && !is_word(current.first(), &["repeat"]) =>
            {
                let message = format!("missing `;` before `{word}`");
                diagnostics.error(super::MISSING_SEMICOLON, word, message);
                statements.push(vec![tree.clone()]);
            }
            _ => current.push(tree.clone()),
        }
    }
    statements.retain(|statement| !statement.is_empty());
    statements
}

fn is_word(tree: Option<&TokenTree>, words: &[&str]) -> bool {
    matches!(tree, Some(TokenTree::Ident(word)) if words.contains(&word.to_string().as_str()))
}

fn is_punct(tree: Option<&TokenTree>, characters: &[char]) -> bool {
    matches!(tree, Some(TokenTree::Punct(punct)) if characters.contains(&punct.as_char()))
}

/// Whether `trees` end with something that can be the end of a value, so that no other value can
/// follow directly.
fn ends_operand(trees: &[TokenTree]) -> bool {
    match trees {
        [.., TokenTree::Literal(_), percent] if is_punct(Some(percent), &['%']) => true,
        [] | [.., TokenTree::Punct(_)] => false,
        [.., last @ TokenTree::Ident(_)] => {
            // After these words a value begins.
            let opening =
                ["as", "in", "if", "else", "match", "move", "mut", "return", "unsafe", "ref"];
            let clause = is_word(Some(last), CLAUSES) && !follows_path(trees, trees.len() - 1);
            !clause && !is_word(Some(last), &opening)
        }
        [.., TokenTree::Literal(_) | TokenTree::Group(_)] => true,
    }
}

/// Whether the token at `index` is the name of a field or the rest of a path.
fn follows_path(trees: &[TokenTree], index: usize) -> bool {
    index > 0 && is_punct(trees.get(index - 1), &['.', ':'])
}

fn stream(trees: &[TokenTree]) -> TokenStream {
    trees.iter().cloned().collect()
}

/// `over 10s`: a word of the grammar and what follows it.
struct Clause {
    word: Ident,
    trees: Vec<TokenTree>,
}

/// The clauses of one statement, to be taken out one by one.
struct Clauses {
    keyword: Ident,
    source: TokenStream,
    /// What stands before the first clause.
    head: Vec<TokenTree>,
    given: Vec<Clause>,
    /// Every clause that the statement can have.
    possible: &'static [&'static str],
    /// Whether it contains a word that is not understood.
    doubtful: bool,
}

struct Parser<'a> {
    diagnostics: &'a mut Diagnostics,
}

impl Parser<'_> {
    fn statement(&mut self, trees: &[TokenTree]) -> Statement {
        let source = stream(trees);
        let (keyword, rest) = match trees {
            [TokenTree::Ident(keyword), rest @ ..] => (keyword.clone(), rest),
            [first, ..] => (Ident::new("statement", first.span()), &[][..]),
            [] => (Ident::new("statement", Span::call_site()), &[][..]),
        };
        let kind = if is_word(trees.first(), STATEMENTS) {
            self.kind(&keyword, rest, &source)
        } else {
            self.unknown(trees);
            None
        };
        Statement { keyword, source, kind: kind.unwrap_or(Kind::Broken) }
    }

    fn unknown(&mut self, trees: &[TokenTree]) {
        let Some(first) = trees.first() else { return };
        let word = match first {
            TokenTree::Ident(word) => word.to_string(),
            _ => String::new(),
        };
        let message = match did_you_mean(&word, STATEMENTS.iter().copied()) {
            Some(meant) => format!("unknown statement `{word}`: did you mean `{meant}`?"),
            None => format!("{}, found `{first}`", expected_one_of(STATEMENTS)),
        };
        self.diagnostics.error(super::UNKNOWN_STATEMENT, first, message);
    }

    /// `None` for a statement of which something is missing; that is reported.
    fn kind(&mut self, keyword: &Ident, rest: &[TokenTree], source: &TokenStream) -> Option<Kind> {
        if keyword == "repeat" {
            return self.repeat(keyword, rest);
        }
        let possible: &[&str] = match keyword.to_string().as_str() {
            "hold" => &["for"],
            "ramp" => &["from", "to", "over"],
            "step" => &["to", "at"],
            "sine" => &["mean", "amplitude", "period", "phase", "for"],
            _ => &["to", "at", "for"],
        };
        if let [TokenTree::Group(group)] = rest
            && group.delimiter() == Delimiter::Parenthesis
            && (keyword != "hold"
                || group.stream().into_iter().any(|tree| is_punct(Some(&tree), &[','])))
        {
            let example = match keyword.to_string().as_str() {
                "hold" => "hold 5/s for 10s;",
                "ramp" => "ramp to 20/s over 10s;",
                "step" => "step to 20/s at 10s;",
                "sine" => "sine mean 50/s amplitude 30/s period 20s;",
                _ => "spike to 90/s at 10s for 500ms;",
            };
            let message = format!("a `{keyword}` has no parentheses: write `{example}`");
            self.diagnostics.error(
                super::UNEXPECTED_WORD,
                TokenTree::Group(group.clone()),
                message,
            );
            return None;
        }
        let mut clauses = self.clauses(keyword, rest, source, possible);
        if keyword == "hold" {
            let before = self.diagnostics.count();
            let head = core::mem::take(&mut clauses.head);
            let value = if head.is_empty() { None } else { self.value(&head, &clauses) };
            let length = self.optional_time(&mut clauses, "for");
            return (self.diagnostics.count() == before).then_some(Kind::Hold { value, length });
        }
        if !clauses.head.is_empty() {
            self.unexpected(&clauses.head, 0, &clauses);
            return None;
        }
        let before = self.diagnostics.count();
        let kind = match keyword.to_string().as_str() {
            "ramp" => {
                let from = self.optional_value(&mut clauses, "from");
                let to = self.required_value(&mut clauses, "to", "the value it ends at", "20/s");
                let over = self.required_time(&mut clauses, "over", "a duration", "10s");
                Kind::Ramp { from, to: to?, over: over? }
            }
            "step" => {
                let to = self.required_value(&mut clauses, "to", "the new value", "20/s");
                let at = self.required_time(&mut clauses, "at", "a time", "10s");
                Kind::Step { to: to?, at: at? }
            }
            "sine" => {
                let mean = self.required_value(&mut clauses, "mean", "its middle value", "50/s");
                let amplitude = self.required_value(&mut clauses, "amplitude", "its swing", "30/s");
                let period = self.required_time(&mut clauses, "period", "a duration", "20s");
                let phase = self.optional_time(&mut clauses, "phase");
                let length = self.optional_time(&mut clauses, "for");
                Kind::Sine { mean: mean?, amplitude: amplitude?, period: period?, phase, length }
            }
            _ => {
                let to = self.required_value(&mut clauses, "to", "the value at its top", "90/s");
                let at = self.required_time(&mut clauses, "at", "the time it begins", "10s");
                let length = self.required_time(&mut clauses, "for", "a duration", "500ms");
                Kind::Spike { to: to?, at: at?, length: length? }
            }
        };
        (self.diagnostics.count() == before).then_some(kind)
    }

    /// Cuts the rest of a statement at the words of the grammar, and reports those that do not
    /// belong to it or come twice.
    fn clauses(
        &mut self,
        keyword: &Ident,
        rest: &[TokenTree],
        source: &TokenStream,
        possible: &'static [&'static str],
    ) -> Clauses {
        let mut head = Vec::new();
        let mut clauses: Vec<Clause> = Vec::new();
        for (index, tree) in rest.iter().enumerate() {
            match tree {
                TokenTree::Ident(word)
                    if is_word(Some(tree), CLAUSES) && !follows_path(rest, index) =>
                {
                    clauses.push(Clause { word: word.clone(), trees: Vec::new() });
                }
                _ => clauses
                    .last_mut()
                    .map_or(&mut head, |clause| &mut clause.trees)
                    .push(tree.clone()),
            }
        }
        let mut doubtful = clauses.iter().any(|clause| stray(&clause.trees).is_some());
        let given: Vec<String> = clauses.iter().map(|clause| clause.word.to_string()).collect();
        let mut kept: Vec<Clause> = Vec::new();
        for clause in clauses {
            let word = clause.word.to_string();
            if !possible.contains(&word.as_str()) {
                doubtful = true;
                let open = |word: &&str| !given.iter().any(|given| given == word);
                let open: Vec<&str> = possible.iter().copied().filter(open).collect();
                let message = format!("a `{keyword}` has no `{word}`: {}", expected_one_of(&open));
                self.diagnostics.error(super::UNKNOWN_CLAUSE, &clause.word, message);
            } else if let Some(first) = kept.iter().find(|kept| kept.word == clause.word) {
                let later = (&clause.word, format!("`{word}` is given twice in this `{keyword}`"));
                let earlier = (&first.word, "first given here");
                self.diagnostics.error_at_two(super::DUPLICATE_CLAUSE, later, earlier);
            } else {
                kept.push(clause);
            }
        }
        let (keyword, source) = (keyword.clone(), source.clone());
        Clauses { keyword, source, head, given: kept, possible, doubtful }
    }

    fn repeat(&mut self, keyword: &Ident, rest: &[TokenTree]) -> Option<Kind> {
        let Some((TokenTree::Group(body), count)) =
            rest.split_last().filter(|(last, _)| is_braced(last))
        else {
            let message = "expected braces around the part to repeat: write \
                           `repeat 3 times { ... }`, or `repeat { ... }` for ever";
            let all: TokenStream = core::iter::once(TokenTree::from(keyword.clone()))
                .chain(rest.iter().cloned())
                .collect();
            self.diagnostics.error(super::BAD_REPEAT, all, message);
            return None;
        };
        let before = self.diagnostics.count();
        let times = self.times(count);
        let body = self.body(body);
        if self.diagnostics.count() == before || times.is_some() || count.is_empty() {
            Some(Kind::Repeat { times, body })
        } else {
            None
        }
    }

    fn body(&mut self, group: &Group) -> Vec<Statement> {
        let trees: Vec<TokenTree> = group.stream().into_iter().collect();
        let statements = split(&trees, self.diagnostics);
        if statements.is_empty() {
            let message = "there is nothing to repeat: write at least `hold` with a length";
            self.diagnostics.error(super::EMPTY, TokenTree::Group(group.clone()), message);
        }
        statements.iter().map(|statement| self.statement(statement)).collect()
    }

    fn times(&mut self, trees: &[TokenTree]) -> Option<Times> {
        let (last, count) = trees.split_last()?;
        let source = stream(count);
        let mut error = |tokens: TokenStream, message: &str| {
            self.diagnostics.error(super::BAD_REPEAT, tokens, message);
            None
        };
        if !is_word(Some(last), &["times"]) {
            return error(
                stream(trees),
                "expected `times` after the number: write `repeat 3 times`",
            );
        }
        if count.is_empty() {
            return error(last.clone().into(), "expected a number before `times`");
        }
        let literal = units::literal_quantity(&source);
        let whole = |number: f64| (0.0..1e15).contains(&number) && number.fract() == 0.0;
        match literal {
            Some(number) if number.kind != Unit::Number || !whole(number.base) => {
                error(source, "the number of times must be a whole number")
            }
            Some(number) => Some(Times { source, literal: Some(number.base as u64) }),
            None => match syn::parse2::<syn::Expr>(source.clone()) {
                Ok(syn::Expr::Paren(inner)) => {
                    Some(Times { source: inner.expr.into_token_stream(), literal: None })
                }
                Ok(_) => Some(Times { source, literal: None }),
                Err(_) => error(source, "expected a number of times: a literal or an expression"),
            },
        }
    }

    fn optional_value(&mut self, clauses: &mut Clauses, word: &str) -> Option<Value> {
        let clause = clauses.take(word)?;
        if clause.trees.is_empty() {
            let message = format!("expected a value after `{word}`");
            self.diagnostics.error(super::MISSING_VALUE, &clause.word, message);
            return None;
        }
        self.value(&clause.trees, clauses)
    }

    fn required_value(
        &mut self,
        clauses: &mut Clauses,
        word: &str,
        what: &str,
        example: &str,
    ) -> Option<Value> {
        if !clauses.has(word) {
            self.missing(clauses, word, what, example);
        }
        self.optional_value(clauses, word)
    }

    fn optional_time(&mut self, clauses: &mut Clauses, word: &str) -> Option<Time> {
        let clause = clauses.take(word)?;
        if clause.trees.is_empty() {
            let message = format!("expected a duration after `{word}`, such as `{word} 10s`");
            self.diagnostics.error(super::MISSING_VALUE, &clause.word, message);
            return None;
        }
        let Value { source, expression, literal } = self.value(&clause.trees, clauses)?;
        match literal {
            None => Some(Time { source, expression, nanos: None }),
            Some(quantity) if quantity.kind == Unit::Duration => {
                Some(Time { source, expression, nanos: Some(quantity.whole) })
            }
            Some(quantity) => {
                let found = units::display(&source);
                let message = match quantity.kind {
                    Unit::Number if quantity.base >= 0.0 => {
                        format!(
                            "the duration `{found}` has no unit: write `{found}s` or `{found}ms`"
                        )
                    }
                    kind => format!(
                        "expected a duration after `{word}`, such as `10s`, but this is {}",
                        kind.name()
                    ),
                };
                self.diagnostics.error(super::NOT_A_DURATION, source, message);
                None
            }
        }
    }

    fn required_time(
        &mut self,
        clauses: &mut Clauses,
        word: &str,
        what: &str,
        example: &str,
    ) -> Option<Time> {
        if !clauses.has(word) {
            self.missing(clauses, word, what, example);
        }
        self.optional_time(clauses, word)
    }

    fn missing(&mut self, clauses: &Clauses, word: &str, what: &str, example: &str) {
        // A word that is not understood may well be the one that is missing.
        if clauses.doubtful {
            return;
        }
        let keyword = &clauses.keyword;
        let message =
            format!("a `{keyword}` needs `{word}` and {what}, such as `{word} {example}`");
        self.diagnostics.error(super::MISSING_CLAUSE, &clauses.source, message);
    }

    /// An expression, with its units.
    fn value(&mut self, trees: &[TokenTree], clauses: &Clauses) -> Option<Value> {
        let source = stream(trees);
        let before = self.diagnostics.count();
        let expression = units::rewrite(source.clone(), self.diagnostics);
        if self.diagnostics.count() > before {
            return None;
        }
        if let Some(index) = stray(trees) {
            self.unexpected(trees, index, clauses);
            return None;
        }
        let expression = match syn::parse2::<syn::Expr>(expression) {
            // Parentheses that only this grammar needs would make rustc warn of them.
            Ok(syn::Expr::Paren(inner)) => inner.expr.into_token_stream(),
            Ok(expression) => expression.into_token_stream(),
            Err(error) => {
                let message = format!("`{}` is not a value: {error}", units::display(&source));
                self.diagnostics.error(super::NOT_AN_EXPRESSION, source, message);
                return None;
            }
        };
        let literal = units::literal_quantity(&source);
        Some(Value { source, expression, literal })
    }

    /// Something at `index` that can only be a misspelled or forgotten word.
    fn unexpected(&mut self, trees: &[TokenTree], index: usize, clauses: &Clauses) {
        let Some(found) = trees.get(index) else { return };
        let word = found.to_string();
        let open: Vec<&str> =
            clauses.possible.iter().copied().filter(|word| !clauses.has(word)).collect();
        let meant = match found {
            TokenTree::Ident(_) => did_you_mean(&word, open.iter().copied()),
            _ => None,
        };
        let message = match (meant, open.as_slice()) {
            (Some(meant), _) => format!("unexpected `{word}`: did you mean `{meant}`?"),
            (None, []) => format!("unexpected `{word}`: expected `;`"),
            (None, open) if names_a_value(&trees[index..]) => {
                format!("a `{}` has no `{word}`: {}", clauses.keyword, expected_one_of(open))
            }
            (None, open) => format!("unexpected `{word}`: expected {} before it", either(open)),
        };
        let code: Code = super::UNEXPECTED_WORD;
        self.diagnostics.error(code, found, message);
    }
}

/// Whether a name and a value stand side by side: the name is meant as a word.
fn names_a_value(trees: &[TokenTree]) -> bool {
    matches!(trees, [TokenTree::Ident(_), TokenTree::Ident(_) | TokenTree::Literal(_), ..])
}

fn is_braced(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}

/// The first name or literal that directly follows a complete value, which no Rust has.
fn stray(trees: &[TokenTree]) -> Option<usize> {
    (1..trees.len()).find(|&index| {
        let starts = matches!(&trees[index], TokenTree::Ident(_) | TokenTree::Literal(_));
        starts && !is_word(trees.get(index), &["as"]) && ends_operand(&trees[..index])
            // `else`, and the names after the braces of a `match` or an `if`.
            && !is_braced(&trees[index - 1])
    })
}

impl Clauses {
    fn has(&self, word: &str) -> bool {
        self.given.iter().any(|clause| clause.word == word)
    }

    fn take(&mut self, word: &str) -> Option<Clause> {
        // Left in place, without its tokens, for `has`.
        let clause = self.given.iter_mut().find(|clause| clause.word == word)?;
        Some(Clause { word: clause.word.clone(), trees: core::mem::take(&mut clause.trees) })
    }
}
