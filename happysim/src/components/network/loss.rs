//! Loss in bursts.

use crate::distribution::Chance;
use crate::model::bind::{Binder, Part};
use crate::model::parameter::{IntoParameter, InvalidValue};
use crate::profile::IntoVarying;
use crate::quantity::Probability;
use crate::time::Clock;

/// Loss in bursts: a line is good or bad, and loses more while it is bad.
///
/// Before each message the line may change its state; then the message is lost with the
/// probability of the state. Every probability may be a profile. With the defaults of 0 loss
/// while good and 1 while bad, messages are lost in runs of `1 / recovery` on average, and
/// `onset / (onset + recovery)` of all are lost.
///
/// Source: E. N. Gilbert, "Capacity of a Burst-Noise Channel", BSTJ 39 (1960); E. O. Elliott,
/// "Estimates of Error Rates for Codes on Burst-Noise Channels", BSTJ 42 (1963).
#[derive(Clone, Debug)]
pub struct BurstLoss {
    onset: Chance,
    recovery: Chance,
    while_good: Chance,
    while_bad: Chance,
}

impl BurstLoss {
    /// A line that turns bad with probability `onset` before a message, and good again with
    /// probability `recovery`; it starts good, loses nothing while good, everything while bad.
    pub fn new(
        onset: impl IntoVarying<Probability>,
        recovery: impl IntoVarying<Probability>,
    ) -> Self {
        Self {
            onset: Chance::new(onset),
            recovery: Chance::new(recovery),
            while_good: Chance::default(),
            while_bad: Chance::new(Probability::new(1.0)),
        }
    }

    /// The loss while the line is good. Default: 0.
    #[must_use]
    pub fn while_good(self, loss: impl IntoVarying<Probability>) -> Self {
        Self { while_good: Chance::new(loss), ..self }
    }

    /// The loss while the line is bad. Default: 1.
    #[must_use]
    pub fn while_bad(self, loss: impl IntoVarying<Probability>) -> Self {
        Self { while_bad: Chance::new(loss), ..self }
    }

    /// Whether the next message of a line in the state `line` is lost.
    pub(super) fn hits(&mut self, line: &mut Bursts, clock: &impl Clock) -> bool {
        let changes = if line.is_bad { &mut self.recovery } else { &mut self.onset };
        if changes.hits(clock) {
            line.is_bad = !line.is_bad;
        }
        let loss = if line.is_bad { &mut self.while_bad } else { &mut self.while_good };
        loss.hits(clock)
    }
}

/// [`BurstLoss`] that turns bad with probability `onset` before a message and good again with
/// probability `recovery`: `bursts: burst_loss(0.5%, 20%)`.
pub fn burst_loss(
    onset: impl IntoVarying<Probability>,
    recovery: impl IntoVarying<Probability>,
) -> BurstLoss {
    BurstLoss::new(onset, recovery)
}

/// The state of one direction of a line with [`BurstLoss`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Bursts {
    /// Whether the line is in a burst of losses.
    pub is_bad: bool,
}

#[diagnostic::do_not_recommend]
impl IntoParameter<Option<BurstLoss>> for BurstLoss {
    fn into_parameter(self) -> Result<Option<BurstLoss>, InvalidValue> {
        Ok(Some(self))
    }
}

impl Part for BurstLoss {
    fn bind(&mut self, binder: &mut Binder<'_>) {
        self.onset.bind_stream(binder.random_for("onset"));
        self.recovery.bind_stream(binder.random_for("recovery"));
        self.while_good.bind_stream(binder.random_for("while_good"));
        self.while_bad.bind_stream(binder.random_for("while_bad"));
    }

    fn inherit(&mut self, former: &mut Self, binder: &mut Binder<'_>) {
        self.onset.inherit(&mut former.onset, binder);
        self.recovery.inherit(&mut former.recovery, binder);
        self.while_good.inherit(&mut former.while_good, binder);
        self.while_bad.inherit(&mut former.while_bad, binder);
    }
}
