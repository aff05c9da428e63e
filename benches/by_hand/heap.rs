//! A 4-ary heap on packed keys.

use super::list::{List, packed, time, unpacked};

/// The smallest entry is first; the children of entry `i` are `4 i + 1` to `4 i + 4`.
#[derive(Default)]
pub(crate) struct Heap {
    entries: Vec<u128>,
    inserted: u64,
}

impl Heap {
    fn packed(&mut self, time: u64, event: u32) -> u128 {
        self.inserted += 1;
        packed(time, self.inserted, event)
    }

    /// Puts `entry` in place of the first.
    #[inline(always)]
    fn sink(&mut self, entry: u128) {
        let entries = self.entries.as_mut_slice();
        let mut parent = 0;
        loop {
            let child = parent * 4 + 1;
            let smallest = if let Some(&[a, b, c, d]) = entries.get(child..child + 4) {
                let (ab, cd) = (usize::from(b < a), 2 + usize::from(d < c));
                child + if c.min(d) < a.min(b) { cd } else { ab }
            } else if child < entries.len() {
                let last = child..entries.len();
                last.min_by_key(|&child| entries[child]).unwrap_or(child)
            } else {
                break;
            };
            if entry <= entries[smallest] {
                break;
            }
            entries[parent] = entries[smallest];
            parent = smallest;
        }
        entries[parent] = entry;
    }
}

impl List for Heap {
    #[inline(always)]
    fn push(&mut self, time: u64, event: u32) {
        let entry = self.packed(time, event);
        let mut child = self.entries.len();
        self.entries.push(entry);
        while child > 0 {
            let parent = (child - 1) / 4;
            if self.entries[parent] <= entry {
                break;
            }
            self.entries[child] = self.entries[parent];
            child = parent;
        }
        self.entries[child] = entry;
    }

    #[inline]
    fn earliest(&mut self) -> Option<u64> {
        self.entries.first().map(|&entry| time(entry))
    }

    #[inline]
    fn peek(&mut self) -> Option<(u64, u32)> {
        self.entries.first().map(|&entry| unpacked(entry))
    }

    #[inline(always)]
    fn pop(&mut self) -> Option<(u64, u32)> {
        let last = self.entries.pop()?;
        let Some(&first) = self.entries.first() else { return Some(unpacked(last)) };
        self.sink(last);
        Some(unpacked(first))
    }

    #[inline(always)]
    fn replace(&mut self, time: u64, event: u32) {
        let entry = self.packed(time, event);
        self.sink(entry);
    }
}
