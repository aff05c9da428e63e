//! Which call a handler makes before anything else: what `topology!` knows of circles of calls.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{Block, Expr, Local, Macro, Stmt};

use super::hands_on::field_of_self;

/// The port that the body calls whatever comes, before any time can pass and without a decision
/// before it.
pub(super) fn port(body: &Block) -> Option<Ident> {
    for statement in &body.stmts {
        let expr = match statement {
            Stmt::Local(Local { init: Some(init), .. }) => &*init.expr,
            Stmt::Expr(expr, _) => expr,
            Stmt::Local(_) | Stmt::Item(_) => continue,
            Stmt::Macro(_) => return None,
        };
        if may_wait_or_leave(expr) {
            return first_of(expr);
        }
    }
    None
}

/// The port, if the expression begins with the call and nothing decides about it.
fn first_of(expr: &Expr) -> Option<Ident> {
    match expr {
        Expr::Await(awaited) => called(&awaited.base),
        Expr::Try(inner) => first_of(&inner.expr),
        Expr::Paren(inner) => first_of(&inner.expr),
        Expr::Field(field) => first_of(&field.base),
        Expr::MethodCall(call) => first_of(&call.receiver),
        Expr::Match(arms) => first_of(&arms.expr),
        Expr::Let(condition) => first_of(&condition.expr),
        Expr::If(branch) => first_of(&branch.cond),
        Expr::Return(jump) => jump.expr.as_deref().and_then(first_of),
        _ => None,
    }
}

/// `port` in `self.port.call(..)`, whose arguments neither wait nor leave.
fn called(step: &Expr) -> Option<Ident> {
    let (mut receiver, mut is_call) = (step, false);
    while let Expr::MethodCall(call) = receiver {
        if call.args.iter().any(may_wait_or_leave) {
            return None;
        }
        is_call |= call.method == "call";
        receiver = &call.receiver;
    }
    field_of_self(receiver).filter(|_| is_call)
}

/// Whether time may pass in an expression, or the function may end in it. A macro may do anything;
/// a call of a function may panic, which is not looked for.
fn may_wait_or_leave(expr: &Expr) -> bool {
    let mut search = Search(false);
    search.visit_expr(expr);
    search.0
}

struct Search(bool);

impl<'ast> Visit<'ast> for Search {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        self.0 |= matches!(
            expr,
            Expr::Await(_)
                | Expr::Try(_)
                | Expr::Return(_)
                | Expr::Break(_)
                | Expr::Continue(_)
                | Expr::Loop(_)
                | Expr::While(_)
        );
        visit::visit_expr(self, expr);
    }

    fn visit_macro(&mut self, mac: &'ast Macro) {
        self.0 |= !mac.to_token_stream().is_empty();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    #[track_caller]
    fn assert_port(body: &Block, expected: Option<&str>) {
        assert_eq!(port(body).map(|port| port.to_string()).as_deref(), expected);
    }

    #[test]
    fn a_call_before_anything_else_is_seen() {
        assert_port(&parse_quote!({ self.next.call(ping).await }), Some("next"));
        assert_port(
            &parse_quote!({
                self.count += 1;
                let query = Query::of(&request);
                let rows = self.db.lane(2).call(query).timeout(self.patience).await?.rows();
                cx.sleep(self.cpu).await;
                Ok(rows)
            }),
            Some("db"),
        );
        assert_port(
            &parse_quote!({
                match self.db.call(query).await {
                    Ok(rows) => Ok(rows),
                    Err(_) => self.spare.call(query).await,
                }
            }),
            Some("db"),
        );
    }

    #[test]
    fn a_call_that_may_not_come_or_comes_later_is_not() {
        for body in [
            parse_quote!({
                if depth > 0 {
                    self.next.call(depth - 1).await?
                }
            }),
            parse_quote!({
                if depth == 0 {
                    return Ok(());
                }
                self.next.call(depth - 1).await
            }),
            parse_quote!({
                cx.sleep(self.cpu).await;
                self.next.call(ping).await
            }),
            parse_quote!({
                let _worker = self.pool.acquire(1).await;
                self.db.call(q).await
            }),
            parse_quote!({
                ensure!(depth > 0);
                self.next.call(ping).await
            }),
            parse_quote!({ found || self.next.call(ping).await.is_ok() }),
            parse_quote!({
                self.count += 1;
                Ok(())
            }),
        ] {
            assert_port(&body, None);
        }
    }
}
