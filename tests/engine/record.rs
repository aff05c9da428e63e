//! What happened, written down and reduced to one number.

use happysim::prelude::*;

/// FNV-1a over numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Digest(pub(crate) u64);

impl Default for Digest {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Digest {
    /// Adds a number.
    pub(crate) fn add(&mut self, number: u64) {
        for byte in number.to_le_bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

/// A customer by number, arrival and end.
pub(crate) type Line = (u64, Instant, Instant);

/// Passes customers on and writes down when each came and left.
#[entity]
pub(crate) struct Recorder {
    #[state]
    pub(crate) log: Vec<Line>,
    #[port]
    next: Call<u64, ()>,
}

#[entity]
impl Recorder {
    async fn pass(&mut self, cx: &mut Cx<Self>, number: u64) -> Outcome<()> {
        let arrived: Instant = cx.now();
        let outcome = self.next.call(number).await;
        self.log.push((number, arrived, cx.now()));
        outcome
    }
}

/// The log as one number.
pub(crate) fn digest(log: &[Line]) -> Digest {
    let mut digest = Digest::default();
    for &(number, arrived, left) in log {
        for part in [number, arrived.as_nanos(), left.as_nanos()] {
            digest.add(part);
        }
    }
    digest
}
