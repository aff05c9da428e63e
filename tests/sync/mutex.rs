//! Mutexes that entities share.

use happysim::prelude::*;
use happysim::report::NodeKind;

use crate::{Visit, at, spans, visit};

/// Goes to the vault at given times and works there.
#[entity]
struct Teller {
    visits: Vec<Visit>,
    /// When the vault was locked and when it was released.
    #[state]
    held: Vec<(Instant, Instant)>,
    /// The most who waited for it.
    #[state]
    queue: usize,
    #[shared]
    vault: Mutex,
}

#[entity]
impl Teller {
    #[process]
    async fn work(&mut self, cx: &mut Cx<Self>) {
        let visits: Vec<Visit> = self.visits.clone();
        for visit in visits {
            cx.sleep_until(at(visit.at)).await;
            cx.spawn(self.enter(cx, visit));
        }
    }

    async fn enter(&mut self, cx: &mut Cx<Self>, visit: Visit) {
        let waiters = self.vault.waiters(cx) + usize::from(self.vault.is_locked(cx));
        self.queue = self.queue.max(waiters);
        let _vault = self.vault.lock().await;
        let since: Instant = cx.now();
        cx.sleep(Duration::from_secs_f64(visit.hold)).await;
        self.held.push((since, cx.now()));
    }
}

/// Looks into the vault, if nobody is there.
#[entity]
struct Auditor {
    visits: Vec<Visit>,
    #[state]
    held: Vec<(Instant, Instant)>,
    /// When it found the vault locked.
    #[state]
    refused: Vec<Instant>,
    #[shared]
    vault: Mutex,
}

#[entity]
impl Auditor {
    #[process]
    async fn audit(&mut self, cx: &mut Cx<Self>) {
        let visits: Vec<Visit> = self.visits.clone();
        for visit in visits {
            cx.sleep_until(at(visit.at)).await;
            match self.vault.try_lock(cx) {
                None => self.refused.push(cx.now()),
                Some(vault) => {
                    let _vault: Permit = vault;
                    let since: Instant = cx.now();
                    cx.sleep(Duration::from_secs_f64(visit.hold)).await;
                    self.held.push((since, cx.now()));
                }
            }
        }
    }
}

topology! {
    /// Two kinds of entities that share a lock.
    Bank {
        param visits: Vec<Visit> = Vec::new();
        param audits: Vec<Visit> = Vec::new();
        shared vault: Mutex;
        node teller: Teller { visits: visits };
        node auditor: Auditor { visits: audits };
        teller.vault -> vault;
        auditor.vault -> vault;
    }
}

// SYN-MUTEX.
#[test]
fn a_mutex_is_handed_on_in_the_order_of_asking() {
    let times = [(0.0, 1.0), (0.1, 0.5), (0.2, 0.25), (3.0, 1.0), (3.5, 0.1)];
    let visits = times.map(|(at, hold)| visit(at, hold)).to_vec();
    let mut bank = Bank::new(BankParams { visits, ..default() }).build().unwrap();
    bank.run().unwrap();
    let teller = &bank.teller.replicas[0];
    let expected = [(0.0, 1.0), (1.0, 1.5), (1.5, 1.75), (3.0, 4.0), (4.0, 4.1)];
    assert_eq!(teller.held, spans(&expected));
    assert_eq!(teller.queue, 2);
}

#[test]
fn the_report_shows_what_is_shared() {
    let times = [(0.0, 1.0), (0.1, 0.5), (0.2, 0.25), (3.0, 1.0), (3.5, 0.1)];
    let visits = times.map(|(at, hold)| visit(at, hold)).to_vec();
    let report = Bank::new(BankParams { visits, ..default() }).run_for(seconds(5)).unwrap();
    let node = report.node("vault");
    assert_eq!((node.entity.as_str(), node.kind), ("Mutex", NodeKind::Shared));
    let vault = node.resource("vault");
    // Held for 1 + 0.5 + 0.25 + 1 + 0.1 s; waited for 0.9 + 1.3 + 0.5 s by three of five.
    assert!((vault.utilisation.unwrap() - 2.85 / 5.0).abs() < 1e-9, "{vault:?}");
    assert!((vault.queue_mean - 2.7 / 5.0).abs() < 1e-9, "{vault:?}");
    assert_eq!((vault.served, vault.queue_max), (5, 2.0));
    assert_eq!((vault.wait_mean, vault.wait_max), (millis(540), millis(1_300)));
    let text = report.to_string();
    assert!(text.contains("\nvault: Mutex (shared)\n  resources"), "{text}");
}

#[test]
fn a_mutex_is_shared_by_two_kinds_of_entities() {
    let visits = vec![visit(0.0, 1.0), visit(2.5, 1.0), visit(2.6, 1.0)];
    let audits = vec![visit(0.5, 1.0), visit(2.0, 2.0), visit(5.0, 1.0), visit(7.0, 1.0)];
    let mut bank = Bank::new(BankParams { visits, audits }).build().unwrap();
    bank.run().unwrap();
    let (teller, auditor) = (&bank.teller.replicas[0], &bank.auditor.replicas[0]);
    // The auditor's visit from 2 s to 4 s makes the tellers wait.
    assert_eq!(teller.held, spans(&[(0.0, 1.0), (4.0, 5.0), (5.0, 6.0)]));
    assert_eq!(auditor.held, spans(&[(2.0, 4.0), (7.0, 8.0)]));
    assert_eq!(auditor.refused, [at(0.5), at(5.0)]);
}
