//! Replies that cannot come any more, and relays that wait for them.
//!
//! Nobody is told that a message was lost: whoever waits for the reply waits until its own
//! timeout. A relay without a timeout of its own (a breaker, a balancer, a link) waits on behalf of
//! its caller; when that has given up, nothing would ever end the relay's wait. It ends then, with
//! [`Failure::Lost`]: the relay learns of the loss when the first of those before it does.
//!
//! So a lost message is noted in the row of its call, and whether somebody waits for it in vain is
//! passed on from caller to caller, up to the one whose wait ends by itself. When that one gives
//! up, its relay is told, which gives up in turn. A relay whose caller waits for nothing, such as a
//! source, is told at once. What is no relay works on its own account: it waits for ever, as a
//! program without timeouts does.

use super::call_table::CallTable;
use super::machine::MachineKind;
use super::simulation::{AskTable, Topology};
use super::step::Wait;
use crate::engine::keys::CallKey;
use crate::engine::scheduler::Scheduler;
use crate::engine::wake::Wake;

/// A relay's wait that nothing ends, and the wire over which it has called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct InVain {
    pub(super) waiter: Wake,
    pub(super) wire: u16,
}

/// No reply can come to the call `key` on `wire`.
pub(super) fn lose<T: Topology>(topology: &mut T, wire: u16, key: CallKey) {
    let (mut wire, mut key, mut by) = (wire, key, None);
    loop {
        let Some(waiter) = topology.ask(wire, Lose { key, by }).flatten() else { return };
        let Some(task) = topology.task(waiter.node(), waiter.machine(), waiter.slot()) else {
            return;
        };
        if task.epoch != waiter.epoch() || task.machine.kind != MachineKind::Handler {
            return;
        }
        let (reply_to, waits_for_several) =
            (task.reply_to, !matches!(task.wait, Some(Wait::Call(_))));
        if waits_for_several && topology.ask(wire, HasHope(waiter)) != Some(false) {
            return;
        }
        let is_relay = topology.core().nodes[waiter.node() as usize].is_relay;
        by = is_relay.then_some(InVain { waiter, wire });
        let above = reply_to.wire();
        match reply_to.key().filter(|&key| topology.ask(above, IsOpen(key)) == Some(true)) {
            Some(caller) => (wire, key) = (above, caller),
            None => {
                if let Some(by) = by {
                    tell(topology, by);
                }
                return;
            }
        }
    }
}

/// Who is to be told when the caller of `key` on `wire` gives up.
pub(super) fn waits_in_vain<T: Topology>(
    topology: &mut T,
    wire: u16,
    key: CallKey,
) -> Option<InVain> {
    topology.ask(wire, WhoWaits(key)).flatten()
}

/// Ends the wait of a relay, and those of the relays behind it.
pub(super) fn tell<T: Topology>(topology: &mut T, InVain { waiter, wire }: InVain) {
    let Some(task) = topology.task(waiter.node(), waiter.machine(), waiter.slot()) else { return };
    if task.epoch != waiter.epoch() {
        return;
    }
    let only = match task.wait {
        Some(Wait::Call(ticket)) => Some(ticket.key()),
        _ => None,
    };
    let mut next = only.or_else(|| topology.ask(wire, NextOpen(waiter)).flatten());
    while let Some(key) = next {
        if let Some(behind) = topology.ask(wire, End(key)).flatten() {
            tell(topology, behind);
        }
        next = match only {
            Some(_) => None,
            None => topology.ask(wire, NextOpen(waiter)).flatten(),
        };
    }
}

/// Notes the loss; yields who waits for that call, if nothing else ends its wait.
struct Lose {
    key: CallKey,
    by: Option<InVain>,
}

impl AskTable for Lose {
    type Answer = Option<Wake>;

    fn ask<R>(self, table: &mut CallTable<R>, _: &mut Scheduler) -> Option<Wake> {
        table.lose(self.key, self.by)
    }
}

/// Whether a reply can come to one of the calls that a task waits for.
struct HasHope(Wake);

impl AskTable for HasHope {
    type Answer = bool;

    fn ask<R>(self, table: &mut CallTable<R>, _: &mut Scheduler) -> bool {
        table.has_hope(self.0)
    }
}

/// Whether somebody waits for this call.
struct IsOpen(CallKey);

impl AskTable for IsOpen {
    type Answer = bool;

    fn ask<R>(self, table: &mut CallTable<R>, _: &mut Scheduler) -> bool {
        table.is_open(self.0)
    }
}

/// Which relay waits in vain to answer this call.
struct WhoWaits(CallKey);

impl AskTable for WhoWaits {
    type Answer = Option<InVain>;

    fn ask<R>(self, table: &mut CallTable<R>, _: &mut Scheduler) -> Option<InVain> {
        table.waits_in_vain(self.0)
    }
}

/// The next call that a task waits for.
struct NextOpen(Wake);

impl AskTable for NextOpen {
    type Answer = Option<CallKey>;

    fn ask<R>(self, table: &mut CallTable<R>, _: &mut Scheduler) -> Option<CallKey> {
        table.next_open(self.0)
    }
}

/// Ends a call as lost; yields which relay waits in vain to answer it.
struct End(CallKey);

impl AskTable for End {
    type Answer = Option<InVain>;

    fn ask<R>(self, table: &mut CallTable<R>, scheduler: &mut Scheduler) -> Option<InVain> {
        table.end_lost(scheduler, self.0)
    }
}
