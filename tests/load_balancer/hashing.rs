//! Strategies that keep a key with its backend.

use super::support::assert_near;
use happysim::components::load_balancer::Ring;
use happysim::prelude::*;

#[derive(Clone, Debug, Default)]
pub(crate) struct Hit {
    user: u64,
}

/// Writes down whom it served.
#[entity]
pub(crate) struct Cache {
    #[state]
    pub(crate) users: Vec<u64>,
    #[param(default = Duration::ZERO)]
    takes: Duration,
}

#[entity]
impl Cache {
    async fn handle(&mut self, cx: &mut Cx<Self>, hit: Hit) -> Outcome<()> {
        self.users.push(hit.user);
        let takes = self.takes;
        cx.sleep(takes).await;
        Ok(())
    }
}

topology! {
    Sticky<S: Strategy> {
        param strategy: S = S::default();
        param count: u64 = 300_000;
        param takes: Duration = 0ms;
        param active: Option<Varying<usize>> = None;
        // All keys, in mixed order: 7919 has no divisor in common with 100,000.
        source hits: constant(1000/s).limit(count) emits Hit =
            |arrival| Hit { user: arrival.number.wrapping_mul(7919) % 100_000 };
        node lb: LoadBalancer<S> { strategy: strategy, active: active, key: |hit| hit.user };
        node cache[10]: Cache { takes: takes };
        hits -> lb -> cache[*];
    }
}

/// The keys of each backend.
fn keys<S: Strategy>(params: StickyParams<S>) -> Vec<std::collections::BTreeSet<u64>> {
    let mut simulation = Sticky::new(params).build().unwrap();
    simulation.run().unwrap();
    simulation.cache.replicas.iter().map(|cache| cache.users.iter().copied().collect()).collect()
}

fn owners(keys: &[std::collections::BTreeSet<u64>]) -> std::collections::BTreeMap<u64, usize> {
    let mut owners = std::collections::BTreeMap::new();
    for (backend, keys) in keys.iter().enumerate() {
        for &key in keys {
            assert_eq!(owners.insert(key, backend), None, "{key} was seen by two backends");
        }
    }
    owners
}

/// LB-IPHASH-v.
#[test]
fn ip_hash_is_sticky_and_even() {
    let keys = keys::<IpHash>(default());
    assert_eq!(owners(&keys).len(), 100_000);
    let expected = 10_000.0;
    let chi_square: f64 =
        keys.iter().map(|keys| (keys.len() as f64 - expected).powi(2) / expected).sum();
    assert!((0.660_809_16..=33.719_948_44).contains(&chi_square), "{chi_square}");
}

#[test]
fn without_its_backend_a_key_goes_elsewhere_and_the_others_stay() {
    let all = owners(&keys::<IpHash>(StickyParams { count: 100_000, ..default() }));
    let active = Some(Varying::Constant(9));
    let fewer = owners(&keys::<IpHash>(StickyParams { count: 100_000, active, ..default() }));
    assert!(all.iter().all(|(key, &backend)| backend == 9 || fewer[key] == backend));
    assert!(fewer.values().all(|&backend| backend < 9));
}

/// LB-REMAP-v, through the balancer: the tenth backend comes.
#[test]
fn consistent_hashing_moves_only_the_keys_of_the_backend_that_comes() {
    let nine = Some(Varying::Constant(9));
    let params: StickyParams<ConsistentHash> = StickyParams { count: 100_000, ..default() };
    let before = owners(&keys(StickyParams { active: nine, ..params.clone() }));
    let after = owners(&keys(params));
    let moved = before.iter().filter(|(key, backend)| after[key] != **backend).count();
    assert!(before.iter().all(|(key, &backend)| after[key] == backend || after[key] == 9));
    let fraction = moved as f64 / 100_000.0;
    assert!((fraction - 0.1).abs() <= 0.04, "{fraction}");
}

/// LB-REMAP-v.
#[test]
fn a_ring_gives_the_new_backend_its_share_and_takes_it_back() {
    let (ten, eleven) = (Ring::new(10, 100, 1), Ring::new(11, 100, 1));
    let mut moved = 0;
    for key in 0..100_000_u64 {
        let before = ten.owner(key, |_| true).unwrap();
        let after = eleven.owner(key, |_| true).unwrap();
        assert!(after == before || after == 10, "{key} moved between old backends");
        assert_eq!(eleven.owner(key, |backend| backend < 10), Some(before), "taken out again");
        moved += u64::from(after != before);
    }
    let fraction = moved as f64 / 100_000.0;
    assert!((fraction - 1.0 / 11.0).abs() <= 0.034_655_617_91, "{fraction}");
}

/// Each backend's share of the circle.
fn shares(ring: &Ring, backends: usize) -> Vec<f64> {
    let mut shares = vec![0.0; backends];
    let points = ring.points();
    // The arc before the first point goes around the end.
    let mut before = points.last().unwrap().0;
    for &(point, backend) in points {
        shares[backend] += point.wrapping_sub(before) as f64 / 2_f64.powi(64);
        before = point;
    }
    shares
}

/// Standard deviation of a backend's share by its mean, and the extreme shares.
fn spread(virtual_nodes: usize, rings: u64) -> (f64, f64, f64) {
    let mut all: Vec<f64> =
        (0..rings).flat_map(|salt| shares(&Ring::new(10, virtual_nodes, salt), 10)).collect();
    let squares: f64 = all.iter().map(|share| (share * 10.0 - 1.0).powi(2)).sum();
    let cv = (squares / all.len() as f64).sqrt();
    all.sort_by(f64::total_cmp);
    let at = |p: f64| all[(p * all.len() as f64) as usize] * 10.0;
    (cv, at(0.001), at(0.999))
}

/// LB-CHASH-10-100-v and LB-CHASH-10-1-v.
#[test]
fn shares_of_the_circle_are_as_even_as_the_virtual_nodes_make_them() {
    let (cv, low, high) = spread(100, 2_000);
    assert_near("cv of 100", cv, 0.094_820_931_19, 0.12);
    assert_near("lowest of 100", low, 0.730_044_548_3, 0.03);
    assert_near("highest of 100", high, 1.315_424_497, 0.03);
    let (cv, _, high) = spread(1, 2_000);
    assert_near("cv of 1", cv, 0.904_534_033_7, 0.12);
    assert_near("highest of 1", high, 5.358_411_166, 0.12);
}

#[test]
fn bounded_loads_pass_over_a_backend_that_has_too_much() {
    // One key only: without a bound all of it stays with one backend.
    topology! {
        Hot {
            param strategy: ConsistentHash = ConsistentHash::default();
            source hits: constant(10/s).limit(100) emits Hit;
            node lb: LoadBalancer<ConsistentHash> { strategy: strategy, key: |hit| hit.user };
            node cache[10]: Cache { takes: 1h };
            hits -> lb -> cache[*];
        }
    }
    let sent = |strategy: ConsistentHash| {
        let mut simulation = Hot::new(HotParams { strategy }).build().unwrap();
        simulation.run().unwrap();
        let mut sent = simulation.lb.replicas[0].sent_to.clone();
        sent.sort_unstable();
        sent
    };
    assert_eq!(sent(ConsistentHash::default())[9], 100);
    let bounded = sent(ConsistentHash::default().bounded(1.2));
    assert_eq!(bounded.iter().sum::<u64>(), 100);
    // ceil(1.2 x 100 / 10) = 12.
    assert_eq!(bounded[9], 12);
}
