//! The words for what becomes of work that nobody waits for any more.

use crate::model::call::GivingUp;
use crate::model::parameter::{IntoParameter, InvalidValue};

/// [`GivingUp::Abandon`]: `timeout(250ms, abandon)`.
pub fn abandon() -> GivingUp {
    GivingUp::Abandon
}

/// [`GivingUp::Cancel`]: `timeout(250ms, cancel)`.
pub fn cancel() -> GivingUp {
    GivingUp::Cancel
}

#[diagnostic::do_not_recommend]
impl<F: Fn() -> GivingUp> IntoParameter<GivingUp> for F {
    fn into_parameter(self) -> Result<GivingUp, InvalidValue> {
        Ok(self())
    }
}
