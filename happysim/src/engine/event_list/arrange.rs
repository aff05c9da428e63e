//! Entries in order of time.

use super::Entry;
use super::buckets::{DIGITS, SHORT};

/// Fewer entries are sorted one by one.
const FEW: usize = 8;

/// Puts a few entries in order of time, first in first out among equals. `sorted` is a copy of them.
#[inline]
pub(super) fn arrange(entries: &[Entry], sorted: &mut [Entry]) {
    if entries.len() < FEW {
        sorted.sort_by_key(|entry| entry.time);
    } else if !entries.is_sorted_by_key(|entry| entry.time) {
        by_comparing_all(entries, sorted);
    }
}

/// Compares each with each: more comparisons than needed, but none on which it depends what comes
/// next, which is what costs a processor that cannot foresee it.
fn by_comparing_all(entries: &[Entry], sorted: &mut [Entry]) {
    let mut times = [0; SHORT];
    for (time, entry) in times.iter_mut().zip(entries) {
        *time = entry.time;
    }
    let mut places = [0_usize; SHORT];
    for (index, &time) in times[..entries.len()].iter().enumerate() {
        let mut later = 0;
        for (other, place) in times[..index].iter().zip(&mut places) {
            let is_later = usize::from(*other > time);
            *place += is_later;
            later += is_later;
        }
        places[index] = index - later;
    }
    for (entry, place) in entries.iter().zip(places) {
        sorted[place] = *entry;
    }
}

/// As [`arrange`], for more of them: by the digit that begins at the bit `shift`, of which those above
/// are the same, and then by what is left.
pub(super) fn by_digit(entries: &[Entry], sorted: &mut [Entry], shift: u32) {
    let digit = |entry: &Entry| (entry.time >> shift) as usize % DIGITS;
    let mut places = [0_usize; DIGITS];
    for entry in entries {
        places[digit(entry)] += 1;
    }
    let mut before = 0;
    for place in &mut places {
        before += core::mem::replace(place, before);
    }
    for entry in entries {
        let place = &mut places[digit(entry)];
        sorted[*place] = *entry;
        *place += 1;
    }
    insert_all(sorted);
}

/// Puts those in order that almost are.
fn insert_all(sorted: &mut [Entry]) {
    for index in 1..sorted.len() {
        let entry = sorted[index];
        let mut place = index;
        while place > 0 && sorted[place - 1].time > entry.time {
            sorted[place] = sorted[place - 1];
            place -= 1;
        }
        sorted[place] = entry;
    }
}
