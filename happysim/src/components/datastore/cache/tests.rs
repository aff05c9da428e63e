use super::*;
use crate::engine::random::Random;

/// What reading these keys one after another misses and evicts.
fn read(eviction: Eviction, capacity: usize, keys: &[u64]) -> (usize, Vec<u64>) {
    let mut cache = Cache::new(eviction);
    cache.bind_stream(Random::new(1, "cache", "eviction"));
    cache.set_capacity(capacity);
    let (mut misses, mut evicted) = (0, Vec::new());
    for &key in keys {
        if cache.get(&key).is_none() {
            misses += 1;
            cache.expect(&key);
            evicted.extend(cache.make_room().map(|(key, ())| key));
            cache.insert(key, ());
        }
        assert!(cache.len() <= capacity);
    }
    (misses, evicted)
}

/// Silberschatz, Galvin and Gagne, page replacement.
const PAGES: [u64; 20] = [7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1];

/// ST-TRACE-v.
#[test]
fn lru_evicts_the_longest_unused_and_fifo_the_oldest() {
    assert_eq!(read(Eviction::Lru, 3, &PAGES), (12, vec![7, 1, 2, 3, 0, 4, 0, 3, 2]));
    assert_eq!(read(Eviction::Fifo, 3, &PAGES).0, 15);
}

/// ST-LFU-v.
#[test]
fn lfu_forgets_counts_and_breaks_ties_by_the_last_use() {
    let keys = [1, 2, 1, 3, 1, 2, 4, 3, 4, 2, 5];
    assert_eq!(read(Eviction::Lfu, 3, &keys), (7, vec![3, 4, 3, 4]));
}

#[test]
fn clock_gives_a_second_chance() {
    // 1 is used again: the hand passes it and takes 2; then 1 has lost its chance to 4.
    assert_eq!(read(Eviction::Clock, 3, &[1, 2, 3, 1, 4, 5, 6]).1, [2, 3, 1]);
}

#[test]
fn slru_protects_what_was_used_again_up_to_its_share() {
    let half = Eviction::Slru { share: 0.5 };
    // 1 and 2 are protected; a scan passes through the other half.
    assert_eq!(read(half, 4, &[1, 2, 1, 2, 3, 4, 5, 6, 7, 1, 2]), (7, vec![3, 4, 5]));
    // Protecting 3 sends 1 back, newest of the others; 5 evicts 4 first, then 6 evicts 1.
    assert_eq!(read(half, 4, &[1, 2, 1, 2, 4, 3, 3, 5, 6]).1, [4, 1]);
}

#[test]
fn two_queues_keep_what_comes_back_after_its_eviction() {
    let policy = Eviction::TwoQueue { share: 0.5, ghosts: 1.0 };
    // 1 is evicted, comes back and is kept, while the scan 4..8 passes.
    let keys = [1, 2, 3, 4, 5, 1, 6, 7, 8, 1];
    assert_eq!(read(policy, 4, &keys), (9, vec![1, 2, 3, 4, 5]));
    assert_eq!(read(Eviction::Fifo, 4, &keys).0, 9);
    let longer = [1, 2, 3, 4, 5, 1, 6, 7, 8, 9, 10, 11, 1];
    assert_eq!(read(policy, 4, &longer).0, 12);
    assert_eq!(read(Eviction::Fifo, 4, &longer).0, 13);
}

#[test]
fn s3_fifo_demotes_quickly_and_remembers_what_it_demoted() {
    let policy = Eviction::S3Fifo { share: 0.25 };
    // 1 is used twice while new: it moves to the kept ones when its turn comes, 2 goes.
    assert_eq!(read(policy, 4, &[1, 1, 1, 2, 3, 4, 5]).1, [2]);
    // 2 was demoted a moment ago: it comes back to the kept ones, and the scan passes it.
    assert_eq!(read(policy, 4, &[1, 1, 1, 2, 3, 4, 5, 2, 6, 7, 8, 9, 2]).0, 10);
}

#[test]
fn replaced_entries_keep_the_cache_at_its_size() {
    for eviction in every_policy() {
        let mut cache = Cache::new(eviction);
        cache.bind_stream(Random::new(1, "cache", "eviction"));
        cache.set_capacity(2);
        cache.insert(1, 'a');
        cache.insert(2, 'b');
        cache.insert(1, 'c');
        assert_eq!((cache.len(), cache.peek(&1)), (2, Some(&'c')), "{eviction:?}");
        assert_eq!(cache.remove(&1), Some('c'));
        assert_eq!(cache.make_room(), None, "{eviction:?}");
        cache.insert(3, 'd');
        assert!(cache.make_room().is_some());
        assert_eq!((cache.len(), cache.iter().count()), (1, 1));
    }
}

#[test]
fn a_lowered_capacity_empties_the_cache_down_to_it() {
    for eviction in every_policy() {
        let mut cache = Cache::new(eviction);
        cache.bind_stream(Random::new(1, "cache", "eviction"));
        cache.set_capacity(8);
        (0..8).for_each(|key| cache.insert(key, ()));
        cache.get(&5);
        cache.set_capacity(3);
        let evicted = core::iter::from_fn(|| cache.make_room()).count();
        assert_eq!((evicted, cache.len()), (6, 2), "{eviction:?}");
    }
}

/// Johnson and Shasha 1994: a page is looked for among the remembered ones before room is made for it.
#[test]
fn two_queues_remember_a_key_while_room_is_made_for_it() {
    let mut cache = Cache::new(Eviction::TwoQueue { share: 0.25, ghosts: 0.5 });
    cache.set_capacity(4);
    for key in [3, 8, 7, 5, 2, 3, 4, 8] {
        if cache.get(&key).is_none() {
            cache.expect(&key);
            while cache.make_room().is_some() {}
            cache.insert(key, ());
        }
    }
    assert_eq!(cache.slots[cache.index[&8] as usize].queue, KEPT);
}

/// Compares each policy with a plain model: the same keys, found by the same rules.
#[test]
fn the_index_and_the_order_agree_after_many_changes() {
    for eviction in every_policy() {
        let mut random = Random::new(7, "test", "keys");
        let mut cache = Cache::new(eviction);
        cache.bind_stream(Random::new(1, "cache", "eviction"));
        cache.set_capacity(10);
        for round in 0..5_000_u64 {
            let key = random.below(30);
            match random.below(10) {
                0 => drop(cache.remove(&key)),
                1 => cache.set_capacity(5 + random.below(10) as usize),
                _ if cache.get(&key).is_some() => {}
                _ => {
                    while cache.make_room().is_some() {}
                    cache.insert(key, round);
                }
            }
            let listed = match eviction {
                Eviction::Lfu => cache.by_use.len(),
                Eviction::Random => cache.members.len(),
                _ => cache.lists[NEW].len() + cache.lists[KEPT].len(),
            };
            assert_eq!((listed, cache.iter().count()), (cache.len(), cache.len()), "{eviction:?}");
        }
    }
}

fn every_policy() -> [Eviction; 8] {
    [Eviction::Lru, Eviction::Fifo, Eviction::Lfu, Eviction::Random]
        .into_iter()
        .chain([slru(), clock(), two_queue(), s3_fifo()])
        .collect::<Vec<_>>()
        .try_into()
        .expect("there are eight")
}

#[test]
fn random_eviction_takes_each_with_the_same_probability() {
    let mut cache = Cache::new(Eviction::Random);
    cache.bind_stream(Random::new(3, "cache", "eviction"));
    cache.set_capacity(4);
    let mut counts = [0_u32; 4];
    (0..4_usize).for_each(|key| cache.insert(key, ()));
    for _ in 0..40_000 {
        let (key, ()) = cache.make_room().expect("it is full");
        counts[key] += 1;
        cache.insert(key, ());
    }
    // Four standard deviations of a binomial.
    assert!(counts.iter().all(|&count| count.abs_diff(10_000) < 347), "{counts:?}");
}
