//! The struct: parameters, defaults, ranges, state, generics.

use std::fmt::Debug;

use happysim::__private::{EntityParts, Parameter, ParameterError, PortKind};
use happysim::time::{Duration, millis};
use happysim::{Call, Cx, Message, Mutex, Outcome, Resource, Send, entity};

use crate::bench::{Query, log, query, run};

/// Something that a cache is keyed by.
pub(crate) trait Key: Message + PartialEq {
    fn number(&self) -> u64;
}

impl Key for u64 {
    fn number(&self) -> u64 {
        *self
    }
}

#[entity]
pub(crate) struct Cache<K: Key, const WAYS: usize>
where
    K: Debug,
{
    /// How many slots there are.
    #[param(range = 1..=8)]
    slots: usize,
    #[param(default = millis(3), range = 0.001..)]
    delay: Duration,
    #[state(Vec::with_capacity(*slots))]
    seen: Vec<K>,
    #[state(Resource::new(*slots))]
    gate: Resource,
    #[state]
    hits: u64,
    #[shared]
    vault: Mutex,
    #[port]
    db: Call<Query, u64>,
    #[port]
    #[allow(dead_code, reason = "the test asks for its marker, not for its messages")]
    audit: Send<String>,
}

#[entity]
impl<K, const WAYS: usize> Cache<K, WAYS>
where
    K: Key + Debug,
{
    const LIMIT: usize = WAYS;

    async fn get(&mut self, cx: &mut Cx<Self>, key: K) -> Outcome<(K, u64)> {
        let _slot = self.gate.acquire(1).await;
        if self.seen.contains(&key) {
            self.hits += 1;
            cx.sleep(self.delay).await;
            log(cx, format!("hit {key:?} of {}", Self::LIMIT));
            return Ok((key, self.hits));
        }
        let found = self.load(cx, key.clone()).await?;
        self.seen.push(key.clone());
        Ok((key, found))
    }

    async fn load(&mut self, cx: &mut Cx<Self>, key: K) -> Outcome<u64> {
        cx.sleep(self.delay).await;
        self.db.call(query(key.number(), 10)).await
    }
}

#[test]
fn generic_entities_run() {
    let cache = Cache::<u64, 4>::parameters().slots(2).build().unwrap();
    assert_eq!(cache.seen.capacity(), 2);
    assert_eq!(
        run(cache, vec![(0, 7), (20, 7)]),
        ["13 answer Ok((7, 7))", "23 hit 7 of 4", "23 answer Ok((7, 1))"]
    );
}

#[test]
fn wrong_parameters_are_reported_together() {
    let errors = Cache::<u64, 4>::parameters().slots(9).delay(Duration::ZERO).build().unwrap_err();
    assert_eq!(
        errors,
        [
            ParameterError {
                parameter: "slots",
                value: "9".into(),
                expected: "it must be from 1 to 8".into(),
            },
            ParameterError {
                parameter: "delay",
                value: format!("{:?}", Duration::ZERO),
                expected: "it must be at least 1ms".into(),
            },
        ]
    );
}

#[test]
fn the_struct_is_described() {
    type Described = Cache<u64, 1>;
    assert_eq!(Described::NAME, "Cache");
    assert_eq!(Described::SHARED, ["vault"]);
    let ports: Vec<_> = Described::PORTS
        .iter()
        .map(|port| (port.name, port.kind, port.message, port.reply))
        .collect();
    assert_eq!(
        ports,
        [("db", PortKind::Call, "Query", "u64"), ("audit", PortKind::Send, "String", "()")]
    );
    assert!(format!("{:?}", CacheDb::<u64, 1>::clone(&marker())).contains("Cache.db"));
}

fn marker() -> CacheDb<u64, 1> {
    CacheDb(core::marker::PhantomData)
}

/// The hash by which generated code names a field.
const fn hash(name: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    let mut at = 0;
    while at < name.len() {
        hash = (hash ^ name.as_bytes()[at] as u64).wrapping_mul(0x0100_0000_01b3);
        at += 1;
    }
    hash
}

#[test]
fn every_parameter_has_a_range() {
    type Described = Cache<u64, 1>;
    const { assert!(hash("a") == 0xaf63_dc4c_8601_ec8c, "the published test vector") };
    assert_eq!(<Described as Parameter<{ hash("slots") }>>::RANGE, (1.0, 8.0));
    assert_eq!(<Described as Parameter<{ hash("delay") }>>::RANGE, (0.001, f64::INFINITY));
}
