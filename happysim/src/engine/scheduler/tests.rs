//! Order, ends, sweeps and copies of what is scheduled, beside a sorted set.

use std::collections::BTreeSet;

use super::*;
use crate::engine::random::Random;
use crate::engine::wake::Wake;

fn wake(slot: u32, flags: u8) -> Token {
    Wake::of(0, 0).at(slot, 0, flags).into()
}

fn at(seconds: u64) -> Instant {
    Instant::ZERO + Duration::from_secs(seconds)
}

fn next(scheduler: &mut Scheduler, end: u64) -> Option<Token> {
    scheduler.stop_at(at(end));
    let next = scheduler.next_event().or_else(|| {
        scheduler.look_ahead();
        scheduler.next_event()
    });
    next.or_else(|| scheduler.next_timer())
}

fn scheduler() -> Scheduler {
    let mut scheduler = Scheduler::default();
    scheduler.limit_instant(100);
    scheduler
}

#[test]
fn events_of_one_instant_run_in_the_order_of_scheduling() {
    let mut scheduler = scheduler();
    for slot in [1, 2, 3] {
        scheduler.at(at(1), wake(slot, 0));
    }
    assert_eq!(next(&mut scheduler, 9), Some(wake(1, 0)));
    scheduler.soon(wake(4, 0));
    let rest: Vec<_> = core::iter::from_fn(|| next(&mut scheduler, 9)).collect();
    assert_eq!(rest, [wake(2, 0), wake(3, 0), wake(4, 0)]);
}

#[test]
fn timeouts_of_few_lengths_are_not_put_in_order() {
    let mut scheduler = scheduler();
    for slot in 0..10 {
        let length = 10 + u64::from(slot % 4);
        scheduler.at(at(length), wake(slot, Wake::DEADLINE));
    }
    assert_eq!((scheduler.in_list(), scheduler.pending()), (0, 10));
    scheduler.at(at(9), wake(10, Wake::DEADLINE));
    scheduler.at(at(10), wake(11, Wake::DEADLINE | Wake::BACKGROUND));
    // A fifth length, background work, and those that come before it at its instant: 0, 4 and 8.
    assert_eq!((scheduler.in_list(), scheduler.pending()), (5, 12));
    let order: Vec<u32> =
        core::iter::from_fn(|| next(&mut scheduler, 99)).map(|token| token.wake().slot()).collect();
    assert_eq!(order, [10, 0, 4, 8, 11, 1, 5, 9, 2, 6, 3, 7]);
}

#[test]
fn a_deadline_comes_last_in_its_instant() {
    let mut scheduler = scheduler();
    scheduler.at(at(1), wake(1, Wake::DEADLINE));
    scheduler.at(at(1), wake(2, 0));
    assert_eq!(next(&mut scheduler, 9), Some(wake(2, 0)));
    scheduler.soon(wake(3, 0));
    assert_eq!(next(&mut scheduler, 9), Some(wake(3, 0)));
    assert_eq!(next(&mut scheduler, 9), Some(wake(1, Wake::DEADLINE)));
}

#[test]
fn what_the_list_has_of_an_instant_comes_before_what_is_scheduled_in_it() {
    let mut scheduler = scheduler();
    scheduler.at(at(1), wake(1, 0));
    scheduler.at(at(1), wake(5, Wake::DEADLINE));
    scheduler.at(at(1), wake(2, 0));
    scheduler.at(at(1), wake(6, Wake::DEADLINE));
    assert_eq!(next(&mut scheduler, 9), Some(wake(1, 0)));
    scheduler.soon(wake(3, 0));
    scheduler.at(at(1), wake(7, Wake::DEADLINE));
    scheduler.soon(wake(4, 0));
    let mut fork = scheduler.clone();
    for scheduler in [&mut scheduler, &mut fork] {
        let rest: Vec<_> = core::iter::from_fn(|| next(scheduler, 9)).collect();
        let deadlines = [5, 6, 7].map(|slot| wake(slot, Wake::DEADLINE));
        assert_eq!(rest, [[2, 3, 4].map(|slot| wake(slot, 0)), deadlines].concat());
        assert!(!scheduler.is_alive());
    }
}

#[test]
fn time_then_deadlines_last_then_order_of_scheduling() {
    let mut random = Random::new(1, "scheduler", "test");
    for (round, crowd) in [5, 50, 500].into_iter().cycle().take(60).enumerate() {
        let mut scheduler = scheduler();
        scheduler.limit_instant(1_000_000);
        let mut pending = BTreeSet::new();
        for slot in 0..3_000_u32 {
            // By turns it grows and shrinks.
            let grows = (slot / crowd).is_multiple_of(2);
            if random.below(10) < if grows { 8 } else { 2 } {
                let is_deadline = random.below(4) == 0;
                // By turns there are few lengths and many.
                let length = random.below(if round % 3 == 0 { 9 } else { 4 });
                let time = scheduler.now() + Duration::from_nanos(length);
                let flags = if is_deadline { Wake::DEADLINE } else { 0 };
                scheduler.at(time, wake(slot, flags));
                pending.insert((time, is_deadline, slot));
            } else {
                let expected = pending.pop_first();
                let found = next(&mut scheduler, 9);
                assert_eq!(
                    found.map(|token| (scheduler.now(), token)),
                    expected.map(|(time, is_deadline, slot)| {
                        (time, wake(slot, if is_deadline { Wake::DEADLINE } else { 0 }))
                    })
                );
                assert_eq!(scheduler.is_alive(), !pending.is_empty());
            }
            if round % 2 == 0 && slot % 100 == 0 {
                scheduler = scheduler.clone();
            }
        }
    }
}

// If each deadline moved all that is due before it, this would take half a minute.
#[test]
fn very_many_deadlines_may_be_scheduled_among_very_many_events_of_an_instant() {
    let mut scheduler = scheduler();
    scheduler.limit_instant(10_000_000);
    let many = 300_000;
    (0..many).for_each(|slot| scheduler.at(at(1), wake(slot, 0)));
    let list = scheduler.take_list();
    scheduler.put_back(list, 0);
    for slot in 0..many {
        assert_eq!(next(&mut scheduler, 9), Some(wake(slot, 0)));
        scheduler.soon(wake(many + slot, 0));
        scheduler.at(at(1), wake(slot, Wake::DEADLINE));
    }
    for slot in 0..many {
        assert_eq!(next(&mut scheduler, 9), Some(wake(many + slot, 0)));
    }
    for slot in 0..many {
        assert_eq!(next(&mut scheduler, 9), Some(wake(slot, Wake::DEADLINE)));
    }
}

#[test]
fn the_ring_is_first_in_first_out_however_full() {
    let mut scheduler = scheduler();
    scheduler.limit_instant(100_000);
    let (mut pushed, mut popped) = (0, 0);
    for round in 0..1_000_u32 {
        for _ in 0..round * 7 % 13 {
            scheduler.soon(wake(pushed, 0));
            pushed += 1;
        }
        for _ in 0..round * 5 % 13 {
            let expected = (popped < pushed).then(|| wake(popped, 0));
            assert_eq!(scheduler.next_event(), expected);
            popped += u32::from(expected.is_some());
        }
        assert_eq!(scheduler.is_alive(), popped < pushed);
    }
    assert!(pushed > 5_000);
}

#[test]
fn nothing_later_than_the_end_is_taken() {
    let mut scheduler = scheduler();
    scheduler.at(at(2), wake(1, 0));
    assert_eq!(next(&mut scheduler, 1), None);
    assert_eq!(scheduler.now(), at(0));
    assert_eq!(next(&mut scheduler, 2), Some(wake(1, 0)));
}

#[test]
fn background_work_alone_is_not_alive() {
    let mut scheduler = scheduler();
    scheduler.at(at(2), wake(1, Wake::BACKGROUND));
    assert!(!scheduler.is_alive());
    scheduler.at(at(3), wake(2, 0));
    assert!(scheduler.is_alive());
}

#[test]
fn an_instant_has_as_many_events_as_it_may() {
    let mut scheduler = scheduler();
    scheduler.limit_instant(2);
    for slot in 0..3 {
        scheduler.soon(wake(slot, 0));
    }
    assert!(next(&mut scheduler, 9).is_some() && next(&mut scheduler, 9).is_some());
    assert!(!scheduler.is_endless());
    assert_eq!(next(&mut scheduler, 9), None);
    assert!(scheduler.is_endless() && scheduler.is_alive());
    assert_eq!((scheduler.events_of_instant(), scheduler.events()), (3, 3));
}

#[test]
fn what_earlier_instants_had_does_not_count() {
    let mut scheduler = scheduler();
    scheduler.limit_instant(3);
    for time in 1..=100 {
        scheduler.at(at(time), wake(0, 0));
        scheduler.at(at(time), wake(1, 0));
        assert!(next(&mut scheduler, time).is_some() && next(&mut scheduler, time).is_some());
        assert_eq!((scheduler.events_of_instant(), scheduler.events()), (2, 2 * time));
    }
    scheduler.soon(wake(2, 0));
    scheduler.soon(wake(3, 0));
    assert!(next(&mut scheduler, 200).is_some() && !scheduler.is_endless());
    assert_eq!(next(&mut scheduler, 200), None);
    assert!(scheduler.is_endless());
    assert_eq!((scheduler.events_of_instant(), scheduler.events()), (4, 202));
}
