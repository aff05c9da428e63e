//! A retry storm: ten seconds of too much load, and a system that stays down after them; and
//! the same system with a budget for retries and a bounded queue, which does not.
//!
//! Bronson, Aghayev, Charapko, Zhu: "Metastable Failures in Distributed Systems" (HotOS 2021).

use happysim::prelude::*;

// ANCHOR: topology
topology! {
    /// Users, clients that retry, and one server that can do 100 requests a second.
    pub Storm {
        /// How clients try again.
        param retry: RetryPolicy = fixed(5, 0s);
        /// How many retries the clients allow themselves; any number if there is no budget.
        param retry_budget: Option<Budget> = None;
        /// How many requests the server lets wait.
        param queue_capacity: Option<Varying<usize>> = None;

        source users: poisson(profile! { hold 80/s for 60s; hold 300/s for 10s; hold 80/s });
        node client: Client { timeout: 1s, retry: retry, budget: retry_budget };
        node server: Server {
            concurrency: 10,
            service: exp(100ms),
            queue_capacity: queue_capacity,
        };

        users -> client -> server;
    }
}
// ANCHOR_END: topology

/// Seconds in a line of the table.
const WINDOW: u64 = 20;

/// What happened in one window.
struct Window {
    answered: f64,
    attempts: f64,
    waiting: u64,
}

// ANCHOR: windows
fn windows(params: StormParams) -> Result<Vec<Window>, SimError> {
    let mut simulation = Storm::new(params).seed(11).build()?;
    let (mut answered, mut attempts) = (0, 0);
    let mut windows = Vec::new();
    for _ in 0..12 {
        simulation.run_for(seconds(WINDOW))?;
        let report = simulation.report();
        let client = report.node("client").requests();
        let server = report.node("server").requests();
        windows.push(Window {
            answered: (client.ok - answered) as f64 / WINDOW as f64,
            attempts: (server.arrived - attempts) as f64 / WINDOW as f64,
            waiting: server.in_flight,
        });
        (answered, attempts) = (client.ok, server.arrived);
    }
    Ok(windows)
}
// ANCHOR_END: windows

fn main() -> Result<(), SimError> {
    let fragile = windows(default())?;
    let robust = windows(StormParams {
        retry_budget: Some(Budget::new(Probability::new(0.1), 10_usize)),
        queue_capacity: Some(Varying::Constant(50)),
        ..default()
    })?;
    println!("80 requests/s on a server for 100/s; 300/s from 60 s to 70 s");
    println!();
    println!("            five attempts, any queue      retry budget 10%, queue of 50");
    println!("   time   answered attempts in server     answered attempts in server");
    for (index, (fragile, robust)) in fragile.iter().zip(&robust).enumerate() {
        let end = (index as u64 + 1) * WINDOW;
        println!(
            "{end:>5} s {:>8.1}/s {:>6.1}/s {:>9} {:>10.1}/s {:>6.1}/s {:>9}",
            fragile.answered,
            fragile.attempts,
            fragile.waiting,
            robust.answered,
            robust.attempts,
            robust.waiting,
        );
    }
    Ok(())
}
