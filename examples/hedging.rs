//! Hedged requests against a long tail: what they gain, and what they cost.
//!
//! After J. Dean and L. A. Barroso, "The Tail at Scale", CACM 56(2), 2013.

use happysim::prelude::*;

topology! {
    /// Ten replicas with a long tail, and a balancer before them.
    pub Search {
        /// Hedges for each request.
        param hedges: usize = 1;
        /// When a hedge is sent.
        param delay: HedgeDelay = percentile(95, 50ms);

        source users: poisson(400/s);
        node hedge: Hedge { delay: delay, max_hedges: hedges, giving_up: cancel };
        node lb: LoadBalancer<LeastConnections>;
        node leaf[10]: Server { concurrency: 4, service: lognormal(15ms, cv 3.0) };

        users -> hedge -> lb -> leaf[*];
    }
}

fn main() -> Result<(), SimError> {
    let fixed = HedgeDelay::Fixed(Varying::Constant(millis(10)));
    let cases = [
        ("none", SearchParams { hedges: 0, ..default() }),
        ("one, after the 95th percentile", default()),
        ("one, after 10 ms", SearchParams { delay: fixed.clone(), ..default() }),
        ("two, 10 ms apart", SearchParams { hedges: 2, delay: fixed }),
    ];
    println!("{:<34}{:>8}{:>9}{:>9}{:>14}", "hedges", "p50", "p99", "p99.9", "extra load");
    for (name, params) in cases {
        let report = Search::new(params).seed(7).warm_up(seconds(10)).run_for(seconds(310))?;
        let hedge = report.node("hedge");
        let Some(latency) = hedge.requests().latency else { continue };
        let extra = hedge.metric("hedges").as_f64() / hedge.requests().arrived as f64;
        let milliseconds = |duration: Duration| duration.as_secs_f64() * 1e3;
        println!(
            "{name:<34}{:>6.1}ms{:>7.1}ms{:>7.1}ms{:>13.1}%",
            milliseconds(latency.p50),
            milliseconds(latency.p99),
            milliseconds(latency.p999),
            extra * 100.0,
        );
    }
    Ok(())
}
