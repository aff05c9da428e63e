//! A budget for extra attempts: retries and hedges in proportion to the requests.

use crate::model::parameter::{IntoParameter, InvalidValue};
use crate::profile::{IntoVarying, Varying};
use crate::quantity::{Probability, Quantity};
use crate::time::{Clock, Instant};

/// Thousand-millionths of a token: a ratio adds up exactly.
const TOKEN: u64 = 1_000_000_000;

/// A limit of extra attempts, which keeps retries and hedges from multiplying an overload.
///
/// A bucket of tokens, full at first. Each request puts in `ratio` of a token, up to `reserve`
/// tokens; each retry or hedge takes a whole one, and where there is none it is not sent. So in
/// the long run the extra load is at most `ratio` of the requests.
///
/// In a topology: `budget: budget(10%, 10)`. Both may be profiles. Source: the retry budget of
/// Finagle, without its expiry of old tokens; the SRE book, chapter 21, has a ratio of 10 %.
#[derive(Clone, Debug)]
pub struct Budget {
    ratio: Varying<Probability>,
    reserve: Varying<usize>,
    tokens: u64,
}

impl Budget {
    /// A full bucket of `reserve` tokens that each request refills by `ratio`.
    pub fn new(ratio: impl IntoVarying<Probability>, reserve: impl IntoVarying<usize>) -> Self {
        let (ratio, reserve) = (ratio.into_varying(), reserve.into_varying());
        let tokens = full(&reserve, Instant::ZERO);
        Self { ratio, reserve, tokens }
    }

    /// A request has come.
    pub fn earn(&mut self, clock: &impl Clock) {
        let now = clock.now();
        let share = (self.ratio.at(now).to_base() * TOKEN as f64).round() as u64;
        self.tokens = self.tokens.saturating_add(share).min(full(&self.reserve, now));
    }

    /// Takes a token for an extra attempt; false where there is none.
    pub fn spend(&mut self) -> bool {
        let rest = self.tokens.checked_sub(TOKEN);
        self.tokens = rest.unwrap_or(self.tokens);
        rest.is_some()
    }

    /// Whole tokens left.
    pub fn tokens(&self) -> u64 {
        self.tokens / TOKEN
    }
}

fn full(reserve: &Varying<usize>, now: Instant) -> u64 {
    (reserve.at(now) as u64).saturating_mul(TOKEN)
}

/// [`Budget::new`]: `budget(10%, 10)`.
///
/// # Errors
/// A ratio outside 0 to 1, a reserve that is not a whole number.
pub fn budget(
    ratio: impl IntoParameter<Varying<Probability>>,
    reserve: impl IntoParameter<Varying<usize>>,
) -> Result<Budget, InvalidValue> {
    Ok(Budget::new(ratio.into_parameter()?, reserve.into_parameter()?))
}

#[diagnostic::do_not_recommend]
impl IntoParameter<Option<Budget>> for Budget {
    fn into_parameter(self) -> Result<Option<Budget>, InvalidValue> {
        Ok(Some(self))
    }
}

#[diagnostic::do_not_recommend]
impl IntoParameter<Option<Budget>> for Result<Budget, InvalidValue> {
    fn into_parameter(self) -> Result<Option<Budget>, InvalidValue> {
        self.map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extra_attempts_are_in_proportion_to_requests() {
        let mut budget = Budget::new(Probability::new(0.1), 2_usize);
        assert!(budget.spend() && budget.spend() && !budget.spend());
        for _ in 0..9 {
            budget.earn(&Instant::ZERO);
            assert!(!budget.spend());
        }
        budget.earn(&Instant::ZERO);
        assert!(budget.spend(), "ten tenths are one");
        (0..1_000).for_each(|_| budget.earn(&Instant::ZERO));
        assert_eq!(budget.tokens(), 2, "the reserve is full");
    }
}
