//! Doubly linked lists through the slots of a cache.

use super::Slot;

/// The neighbours of a slot in its list.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Link {
    newer: Option<u32>,
    older: Option<u32>,
}

/// A list of slots, newest first.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct List {
    first: Option<u32>,
    last: Option<u32>,
    len: usize,
}

impl List {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(super) fn last(&self) -> Option<u32> {
        self.last
    }

    pub(super) fn push_front<K, V>(&mut self, slots: &mut [Slot<K, V>], slot: u32) {
        slots[slot as usize].link = Link { newer: None, older: self.first };
        match self.first {
            Some(first) => slots[first as usize].link.newer = Some(slot),
            None => self.last = Some(slot),
        }
        self.first = Some(slot);
        self.len += 1;
    }

    pub(super) fn remove<K, V>(&mut self, slots: &mut [Slot<K, V>], slot: u32) {
        let Link { newer, older } = slots[slot as usize].link;
        match newer {
            Some(newer) => slots[newer as usize].link.older = older,
            None => self.first = older,
        }
        match older {
            Some(older) => slots[older as usize].link.newer = newer,
            None => self.last = newer,
        }
        self.len -= 1;
    }
}
