//! One sink for everything the macros have to say about the user's code.
//!
//! Passes report here and go on, so that one compilation shows all independent mistakes. Each
//! report names its kind with a [`Code`]; a test proves that every code has a compile-fail case.

#[cfg(test)]
mod cases;
mod suggest;

use core::fmt::Display;

use proc_macro2::TokenStream;
use quote::ToTokens;

#[cfg(test)]
pub(crate) use cases::cases;
pub(crate) use suggest::{did_you_mean, either, expected_one_of};

/// A kind of mistake: stable, never shown, unlike the words of its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Code(pub(crate) &'static str);

/// Declares the codes of one area, and `ALL` of them for the test that each has a case.
macro_rules! codes {
    ($($(#[$meta:meta])* $name:ident = $text:literal;)*) => {
        $($(#[$meta])* pub(crate) const $name: $crate::diagnostics::Code =
            $crate::diagnostics::Code($text);)*
        #[cfg(test)]
        pub(crate) const ALL: &[$crate::diagnostics::Code] = &[$($name),*];
    };
}
pub(crate) use codes;

/// The errors found so far, in the order in which they were found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Diagnostics {
    reports: Vec<Report>,
}

#[derive(Clone, Debug)]
struct Report {
    #[cfg(test)]
    code: Code,
    error: syn::Error,
    /// Whether it is shown by tokens that were handed out already.
    is_placed: bool,
}

impl Diagnostics {
    /// Reports a mistake at all of `tokens`; at the macro call itself if there are none.
    pub(crate) fn error(&mut self, code: Code, tokens: impl ToTokens, message: impl Display) {
        self.syn_error(code, syn::Error::new_spanned(tokens, message));
    }

    /// Reports a mistake that lies in two places: the later one, which is wrong, then the
    /// earlier one, which makes it so.
    pub(crate) fn error_at_two(
        &mut self,
        code: Code,
        (later, message): (impl ToTokens, impl Display),
        (earlier, note): (impl ToTokens, impl Display),
    ) {
        self.error(code, later, message);
        self.error(code, earlier, note);
    }

    /// Reports what `syn` says about an expression or type.
    pub(crate) fn syn_error(&mut self, code: Code, error: syn::Error) {
        #[cfg(not(test))]
        let Code(_) = code;
        self.reports.push(Report {
            #[cfg(test)]
            code,
            error,
            is_placed: false,
        });
    }

    /// Adds all reports of another.
    pub(crate) fn append(&mut self, other: Self) {
        self.reports.extend(other.reports);
    }

    /// Adds all reports of another, and yields the tokens that show them: statements for the head
    /// of the body with the mistakes, in which rustc then keeps quiet about what only follows.
    pub(crate) fn append_placed(&mut self, other: Self) -> TokenStream {
        let shown = other.clone().into_compile_errors();
        let placed = other.reports.into_iter().map(|report| Report { is_placed: true, ..report });
        self.reports.extend(placed);
        shown
    }

    /// What shows the first report, where it is needed a second time.
    pub(crate) fn first(&self) -> TokenStream {
        self.reports.first().map(|report| report.error.to_compile_error()).unwrap_or_default()
    }

    pub(crate) fn has_errors(&self) -> bool {
        !self.reports.is_empty()
    }

    /// The number of errors so far: to ask later whether there were more.
    pub(crate) fn count(&self) -> usize {
        self.reports.len()
    }

    #[cfg(test)]
    pub(crate) fn codes(&self) -> impl Iterator<Item = Code> {
        self.reports.iter().map(|report| report.code)
    }

    #[cfg(test)]
    pub(crate) fn messages(&self) -> Vec<String> {
        self.reports.iter().map(|report| report.error.to_string()).collect()
    }

    /// One `compile_error!` per report: items, or statements at the head of a block.
    pub(crate) fn into_compile_errors(self) -> TokenStream {
        let shown = self.reports.into_iter().filter(|report| !report.is_placed);
        shown.map(|report| report.error.to_compile_error()).collect()
    }
}
