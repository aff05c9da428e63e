//! Over which ports a handler hands its requests on: what the lints of `topology!` know of users'
//! entities.

use indexmap::IndexSet;
use proc_macro2::Ident;
use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprAsync, ExprClosure, ExprReturn, ExprTry, Item, Member, Stmt};

/// The ports that the body calls without a timeout, and whose failures it returns as its own: by
/// `self.port.call(..).await?`, or as its result.
pub(super) fn ports(body: &Block) -> IndexSet<Ident> {
    let mut search = Search::default();
    if let Some(Stmt::Expr(result, None)) = body.stmts.last() {
        search.note(result);
    }
    search.visit_block(body);
    search.ports
}

#[derive(Default)]
struct Search {
    ports: IndexSet<Ident>,
}

impl Search {
    fn note(&mut self, outcome: &Expr) {
        if let Expr::Await(call) = outcome {
            self.ports.extend(called(&call.base));
        }
    }
}

impl<'ast> Visit<'ast> for Search {
    fn visit_expr_try(&mut self, expr: &'ast ExprTry) {
        self.note(&expr.expr);
        visit::visit_expr_try(self, expr);
    }

    fn visit_expr_return(&mut self, expr: &'ast ExprReturn) {
        if let Some(outcome) = &expr.expr {
            self.note(outcome);
        }
        visit::visit_expr_return(self, expr);
    }

    // What is in them belongs to another function.
    fn visit_expr_closure(&mut self, _: &'ast ExprClosure) {}
    fn visit_expr_async(&mut self, _: &'ast ExprAsync) {}
    fn visit_item(&mut self, _: &'ast Item) {}
}

/// `port` in `self.port.call(..)`, where nothing but the lane and what becomes of the work is said
/// beside it.
fn called(step: &Expr) -> Option<Ident> {
    let mut receiver = step;
    let mut is_call = false;
    while let Expr::MethodCall(call) = receiver {
        match call.method.to_string().as_str() {
            "call" => is_call = true,
            "lane" | "giving_up" => {}
            _ => return None,
        }
        receiver = &call.receiver;
    }
    field_of_self(receiver).filter(|_| is_call)
}

/// `field` in `self.field`.
pub(super) fn field_of_self(expr: &Expr) -> Option<Ident> {
    let Expr::Field(field) = expr else { return None };
    let of_self = matches!(&*field.base, Expr::Path(path) if path.path.is_ident("self"));
    match &field.member {
        Member::Named(name) if of_self => Some(name.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    #[track_caller]
    fn assert_ports(body: &Block, expected: &[&str]) {
        let found: Vec<String> = ports(body).iter().map(ToString::to_string).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn calls_whose_failures_are_returned_hand_on() {
        assert_ports(
            &parse_quote!({
                let rows = self.db.call(query).await?;
                if rows.is_empty() {
                    return self.cache.lane(2).call(query).await;
                }
                self.store.call(query).giving_up(cancel()).await
            }),
            &["store", "db", "cache"],
        );
    }

    #[test]
    fn calls_that_end_or_whose_failures_stay_do_not() {
        assert_ports(
            &parse_quote!({
                self.db.call(query).timeout(self.patience).await?;
                let outcome = self.cache.call(query).await;
                let later = || self.store.call(query).await?;
                helper.db.call(query).await?;
                cx.sleep(self.time).await;
                Ok(())
            }),
            &[],
        );
    }
}
