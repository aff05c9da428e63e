//! What a handler can reach while it runs: the clock, the scheduler, its wires.

use core::marker::PhantomData;

use super::call_table::CallTable;
use super::core::Core;
use super::message::Envelope;
use super::port::Port;
use super::step::Sleep;
use crate::engine::wake::Wake;
use crate::time::{Clock, Duration, Instant};

/// The context of a handler, as its signature names it: `cx: &mut Cx<Self>`.
///
/// `#[entity]` replaces it by a type of the topology that the entity is wired in, which
/// implements [`Context`]: see there for what it offers.
#[derive(Debug)]
pub struct Cx<E>(PhantomData<fn(E)>);

/// What every context offers.
pub trait Context: Clock + Sized {
    /// The shared state of the simulation.
    #[doc(hidden)]
    fn core(&mut self) -> &mut Core;

    /// The shared state of the simulation, to look at.
    #[doc(hidden)]
    fn shared(&self) -> &Core;

    /// The wait that begins now.
    #[doc(hidden)]
    #[inline]
    fn current(&self) -> Wake {
        self.shared().place.ended.next()
    }

    /// Whether a deadline led here.
    #[doc(hidden)]
    #[inline]
    fn is_past_deadline(&self) -> bool {
        self.shared().place.ended.flags() & Wake::DEADLINE != 0
    }

    /// Whether what was waited for was refused.
    #[doc(hidden)]
    #[inline]
    fn is_refused(&self) -> bool {
        self.shared().place.ended.flags() & Wake::REFUSED != 0
    }

    /// Which replica of its node runs; 0 where the node is not replicated.
    #[inline]
    fn replica(&self) -> usize {
        self.shared().place.replica as usize
    }

    /// A step that takes `duration` of simulated time; zero means: behind everything that is
    /// already due at this instant.
    #[inline]
    fn sleep(&self, duration: Duration) -> Sleep {
        Sleep::until(self.now().saturating_add(duration))
    }

    /// A step that ends at `instant`, or at once where that is past.
    #[inline]
    fn sleep_until(&self, instant: Instant) -> Sleep {
        Sleep::until(instant.max(self.now()))
    }

    /// A step that lets everything happen first that is already due at this instant.
    #[inline]
    fn yield_now(&self) -> Sleep {
        Sleep::until(self.now())
    }
}

/// That the port `P` of the node in whose context this is has a wire.
///
/// `K` is the port's [`Key`](Port::Key). It tells the ports of one node apart where their types
/// alone do not: coherence does not look through the types of entities of another crate.
#[diagnostic::on_unimplemented(
    message = "the port `{P}` is not wired",
    label = "this node has a port without a wire",
    note = "add an arrow from the port to a node: `node.port -> target;`"
)]
pub trait Wire<P: Port, K = <P as Port>::Key> {
    /// How many receivers it has.
    #[doc(hidden)]
    fn lanes(&self) -> usize;

    /// The number of the wire in its topology.
    #[doc(hidden)]
    fn number(&self) -> u16;

    /// The calls that are open over it.
    #[doc(hidden)]
    fn table(&mut self) -> &mut CallTable<P::Reply>;

    /// Hands a message to the receiver at `envelope.replica`, which counts lanes here.
    #[doc(hidden)]
    fn deliver(&mut self, envelope: Envelope<P::Message>);
}
