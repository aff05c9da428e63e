//! A retry storm that outlives its cause: ten seconds of a server that does nothing, and what
//! retries make of them; then the same with a budget for retries, and with a breaker.
//!
//! After Bronson et al., "Metastable Failures in Distributed Systems", `HotOS` 2021.

use happysim::prelude::*;

topology! {
    /// 60 requests a second for a server that can do 100, except from 100 s to 110 s.
    pub Storm {
        /// Attempts for each request, the first one included.
        param attempts: usize = 3;
        /// What retries may cost, where there is a limit.
        param budget: Option<Budget> = None;
        /// Failures in a row after which the breaker opens.
        param failures: usize = 1_000_000;

        source users: Arrivals::constant(Rate::per_second(60.0));
        node client: Client { timeout: 1s, retry: fixed(attempts, 0s), budget: budget };
        node server: Server {
            service: 10ms,
            concurrency: profile! { hold 1 for 100s; hold 0 for 10s; hold 1 },
        };

        users -> client -> breaker(failures: failures, open: 5s) -> timeout(1s) -> server;
    }
}

/// The share of the requests from 200 s to 400 s that were answered, and the load that the
/// server saw, in requests per second.
fn after_the_trouble(params: StormParams) -> Result<(f64, f64), SimError> {
    let report = Storm::new(params).warm_up(seconds(200)).run_for(seconds(400))?;
    let answered = report.node("client").requests().throughput / 60.0;
    let offered = report.node("server").requests().arrived as f64 / 200.0;
    Ok((answered, offered))
}

fn main() -> Result<(), SimError> {
    let budget = Some(Budget::new(Probability::new(0.1), 10_usize));
    let cases = [
        ("no retries", StormParams { attempts: 1, ..default() }),
        ("three attempts", default()),
        ("three attempts, a budget of 10 %", StormParams { budget, ..default() }),
        ("three attempts, a breaker", StormParams { failures: 20, ..default() }),
    ];
    println!("{:<36}{:>10}{:>14}", "after the trouble", "answered", "offered load");
    for (name, params) in cases {
        let (answered, offered) = after_the_trouble(params)?;
        println!("{name:<36}{:>9.1}%{offered:>12.0}/s", answered * 100.0);
    }
    Ok(())
}
