//! A store that keeps every key on several replicas.

use std::collections::HashMap;

use super::consistency::Consistency;
use super::request::{Key, KeyValueReply, KeyValueRequest, Version};
use crate::prelude::*;
use crate::stats::LatencyHistogram;

/// Asks all replicas in parallel, and answers when as many have answered as its consistency
/// asks for.
///
/// The replicas are those that the port `replicas` is wired to, directly or over links:
/// `store -> replica[*]`. A write gets a version that is later than any that this store gave
/// before, goes to all replicas, and is acknowledged with the W-th acknowledgement; a read
/// goes to all, and its reply is the latest version among the first R replies. Where R + W
/// exceeds the number of replicas, a read sees every write that was acknowledged before it began
/// (Gifford 1979).
///
/// A failed write may be on some of the replicas: nothing takes it back. Replies after the
/// answer are not waited for.
///
/// | parameter | meaning | default |
/// |---|---|---|
/// | `read_consistency` | R: `Consistency::One`, `Quorum` (more than half), `All`, or a number or profile | `Quorum` |
/// | `write_consistency` | W, the same | `Quorum` |
/// | `timeout` | how long it waits for replicas | for ever |
/// | `read_repair` | whether replicas that answered a read with an old version are sent the latest one, in the background | no |
/// | `writer` | what tells versions of the same instant apart, where several such stores write to the same replicas | 0 |
///
/// Failures: `unavailable` as soon as so many replicas have failed that the rest cannot be
/// enough, or where there are fewer than R or W; `timed out` exactly after `timeout`.
/// Statistics: besides those of the handler: latencies of reads and of writes, stale reads
/// (older than a write acknowledged by this store before the read began), repairs.
#[entity]
pub struct ReplicatedStore<K: Key = u64, V: Message = u64> {
    #[param(default = Consistency::Quorum, range = 1..)]
    read_consistency: Consistency,
    #[param(default = Consistency::Quorum, range = 1..)]
    write_consistency: Consistency,
    #[param(default = None)]
    timeout: Option<Varying<Duration>>,
    #[param(default = false)]
    read_repair: bool,
    #[param(default = 0)]
    writer: u32,
    #[state]
    last_version: u64,
    /// The latest acknowledged write of each key.
    #[state]
    acknowledged: HashMap<K, Version>,
    #[state]
    read_latency: LatencyHistogram,
    #[state]
    write_latency: LatencyHistogram,
    #[state]
    stale_reads: Counter,
    #[state]
    repairs: Counter,
    #[port]
    replicas: Call<KeyValueRequest<K, V>, KeyValueReply<V>>,
}

#[entity]
impl<K: Key, V: Message> ReplicatedStore<K, V> {
    #[handler]
    async fn handle(
        &mut self,
        cx: &mut Cx<Self>,
        request: KeyValueRequest<K, V>,
    ) -> Outcome<KeyValueReply<V>> {
        let version = Some(self.next_version(cx.now()));
        match request {
            KeyValueRequest::Get { key } => self.read(cx, key).await,
            KeyValueRequest::Put { key, value, .. } => {
                let write = KeyValueRequest::Put { key, value, version };
                self.write(cx, write).await
            }
            KeyValueRequest::Delete { key, .. } => {
                let write = KeyValueRequest::Delete { key, version };
                self.write(cx, write).await
            }
        }
    }

    async fn read(&mut self, cx: &mut Cx<Self>, key: K) -> Outcome<KeyValueReply<V>> {
        let began = cx.now();
        let acknowledged: Version = self.acknowledged.get(&key).copied().unwrap_or_default();
        let wanted = self.read_consistency.of(self.replicas.lanes(cx), cx.now());
        let request: KeyValueRequest<K, V> = KeyValueRequest::get(key.clone());
        let replies: Vec<(usize, KeyValueReply<V>)> = self.ask(cx, request, wanted).await?;
        let latest = replies.iter().map(|(_, reply)| reply).max_by_key(|reply| reply.version);
        let latest = latest.cloned().unwrap_or_default();
        self.read_latency.record(cx.now().since(began));
        self.stale_reads += u64::from(latest.version < acknowledged);
        if self.read_repair {
            for (lane, reply) in &replies {
                if reply.version < latest.version {
                    self.repairs += 1;
                    self.replicas.lane(*lane).post(cx, rewrite(key.clone(), latest.clone()));
                }
            }
        }
        Ok(latest)
    }

    async fn write(
        &mut self,
        cx: &mut Cx<Self>,
        request: KeyValueRequest<K, V>,
    ) -> Outcome<KeyValueReply<V>> {
        let began = cx.now();
        let (key, version): (K, Version) = written(&request);
        let wanted = self.write_consistency.of(self.replicas.lanes(cx), cx.now());
        let _replies: Vec<(usize, KeyValueReply<V>)> = self.ask(cx, request, wanted).await?;
        self.write_latency.record(cx.now().since(began));
        let acknowledged = self.acknowledged.entry(key).or_default();
        *acknowledged = version.max(*acknowledged);
        Ok(KeyValueReply { value: None, version })
    }

    /// Asks all replicas, and returns the replies of the first that are enough, by lane.
    async fn ask(
        &mut self,
        cx: &mut Cx<Self>,
        request: KeyValueRequest<K, V>,
        wanted: usize,
    ) -> Outcome<Vec<(usize, KeyValueReply<V>)>> {
        let lanes: usize = self.replicas.lanes(cx);
        if wanted > lanes {
            return Err(Failure::Unavailable);
        }
        let mut group: Group<ReplicatedStoreReplicas<K, V>> = Group::new();
        for lane in 0..lanes {
            group.add(self.replicas.lane(lane).start(cx, request.clone()));
        }
        let timeout: Option<Duration> = self.timeout.as_ref().map(|timeout| timeout.at(cx.now()));
        let gathered = quorum(&mut group, wanted).timeout_if(timeout).await;
        if gathered.is_met() {
            return Ok(gathered.replies);
        }
        let impossible = lanes - gathered.failures.len() < wanted;
        Err(if impossible { Failure::Unavailable } else { Failure::TimedOut })
    }

    /// Later than every version before, and than every one of an earlier instant.
    fn next_version(&mut self, now: Instant) -> Version {
        self.last_version = now.since(Instant::ZERO).as_nanos().max(self.last_version + 1);
        Version { time: self.last_version, writer: self.writer }
    }
}

/// The write that brings a replica to what a read found.
fn rewrite<K, V>(key: K, found: KeyValueReply<V>) -> KeyValueRequest<K, V> {
    let version = Some(found.version);
    match found.value {
        Some(value) => KeyValueRequest::Put { key, value, version },
        None => KeyValueRequest::Delete { key, version },
    }
}

fn written<K: Key, V>(request: &KeyValueRequest<K, V>) -> (K, Version) {
    match request {
        KeyValueRequest::Put { key, version, .. } | KeyValueRequest::Delete { key, version } => {
            (key.clone(), version.unwrap_or_default())
        }
        KeyValueRequest::Get { key } => (key.clone(), Version::default()),
    }
}
