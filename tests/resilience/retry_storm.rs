//! A retry storm that outlives its cause: Bronson et al., "Metastable Failures in Distributed
//! Systems", `HotOS` 2021.

use happysim::prelude::*;
use suite::scripted::{Caller, Job};

topology! {
    /// 60 requests a second for a server that can do 100, and does nothing from 100 s to 110 s.
    Storm {
        param attempts: usize = 3;
        source users: Arrivals::replay(
            (0..24_000_u64).map(|k| Instant::from_secs_f64(0.00137 + k as f64 / 60.0))
        ) emits Job = |arrival| Job { number: arrival.number };
        node caller: Caller;
        node client: Client { timeout: 1s, retry: fixed(attempts, 0s) };
        node server: Server<Job> {
            service: 10ms,
            concurrency: profile! { hold 1 for 100s; hold 0 for 10s; hold 1 },
        };
        users -> caller -> client -> server;
    }
}

/// The fraction of the requests sent in each 10 s that were answered, and the load at the end.
fn goodput(attempts: usize) -> (Vec<f64>, f64) {
    let mut simulation = Storm::new(StormParams { attempts }).build().expect("valid parameters");
    simulation.run_for(seconds(390)).expect("a run without errors");
    let arrived = |simulation: &Simulation<Storm>| {
        simulation.report().node("server").requests().arrived as f64
    };
    let before = arrived(&simulation);
    simulation.run_for(seconds(10)).expect("a run without errors");
    let offered = (arrived(&simulation) - before) / 10.0;
    simulation.run_for(seconds(10)).expect("a run without errors");
    let mut bins = vec![(0_u32, 0_u32); 40];
    for done in &simulation.caller.replicas[0].done {
        let (good, all) = &mut bins[(done.sent / 10.0) as usize];
        *good += u32::from(done.outcome.is_ok());
        *all += 1;
    }
    for node in ["caller", "client", "server"] {
        assert!(simulation.report().node(node).is_conserved(), "{node}");
    }
    (bins.iter().map(|(good, all)| f64::from(*good) / f64::from(*all)).collect(), offered)
}

#[test]
fn res_meta_v() {
    let (bins, offered) = goodput(3);
    assert!(bins[..10].iter().all(|good| *good >= 0.99), "{bins:?}");
    assert!(bins[20..].iter().all(|good| *good < 0.02), "{bins:?}");
    assert!((offered - 180.0).abs() < 1.0, "{offered}");
}

#[test]
fn res_meta_noretry_v() {
    let (bins, _) = goodput(1);
    assert!(bins[..10].iter().all(|good| *good >= 0.99), "{bins:?}");
    let recovered = (11..40).find(|bin| bins[*bin] >= 0.99);
    assert_eq!(recovered, Some(13), "{bins:?}");
    assert!(bins[13..].iter().all(|good| *good >= 0.99), "{bins:?}");
    assert!((bins[12] - 0.746_666_666_7).abs() < 0.01, "{bins:?}");
}
