//! What a request asks of a server, from a distribution or from the request itself.

use core::fmt;

use crate::distribution::Distribution;
use crate::engine::random::Random;
use crate::model::bind::{Binder, Part};
use crate::model::parameter::{IntoParameter, InvalidValue};
use crate::time::{Clock, Duration};

/// How long the work for a request takes.
///
/// As a parameter: a duration (`10ms`), a distribution (`exp(10ms)`), a profile, or a function
/// of the request: `by(|job: &Job, random| job.work)`.
#[derive(Clone, Debug)]
pub enum Service<R> {
    /// Drawn for each request.
    Drawn(Distribution),
    /// Computed from the request.
    Computed(ByRequest<R>),
}

/// A service time as a function of the request, with a random stream of its own.
pub struct ByRequest<R> {
    function: fn(&R, &mut Random) -> Duration,
    random: Option<Random>,
}

impl<R> Clone for ByRequest<R> {
    fn clone(&self) -> Self {
        Self { function: self.function, random: self.random.clone() }
    }
}

impl<R> fmt::Debug for ByRequest<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ByRequest")
    }
}

/// A service time as a function of the request.
pub fn by<R>(function: fn(&R, &mut Random) -> Duration) -> Service<R> {
    Service::Computed(ByRequest { function, random: None })
}

impl<R> Service<R> {
    /// The service time of a request that starts now.
    ///
    /// # Panics
    /// When it is drawn outside of a topology, which binds its random stream.
    #[inline]
    pub fn sample(&mut self, clock: &impl Clock, request: &R) -> Duration {
        match self {
            Self::Drawn(distribution) => distribution.sample(clock),
            Self::Computed(ByRequest { function, random }) => {
                let random = random.as_mut();
                function(request, random.expect("a server is used in a topology, which binds it"))
            }
        }
    }
}

impl<R> Part for Service<R> {
    fn bind(&mut self, binder: &mut Binder<'_>) {
        match self {
            Self::Drawn(distribution) => distribution.bind(binder),
            Self::Computed(by) => by.random = Some(binder.random()),
        }
    }

    fn inherit(&mut self, former: &mut Self, binder: &mut Binder<'_>) {
        let stream = match former {
            Self::Drawn(distribution) => distribution.take_stream(),
            Self::Computed(by) => by.random.take(),
        };
        let stream = stream.unwrap_or_else(|| binder.random());
        match self {
            Self::Drawn(distribution) => distribution.bind_stream(stream),
            Self::Computed(by) => by.random = Some(stream),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<R, V: IntoParameter<Distribution>> IntoParameter<Service<R>> for V {
    fn into_parameter(self) -> Result<Service<R>, InvalidValue> {
        self.into_parameter().map(Service::Drawn)
    }
}
