//! M/M/1: Poisson arrivals, one server, exponential service; against theory.

use happysim::prelude::*;

topology! {
    /// Customers and one server.
    pub Mm1 {
        param arrival_rate: Rate = 8/s;
        param service_time: Duration = 100ms;

        source customers: poisson(arrival_rate);
        node server: Server { service: exp(service_time) };

        customers -> server;
    }
}

fn main() -> Result<(), SimError> {
    let report = Mm1::new(default()).seed(1).warm_up(seconds(1_000)).run_for(hours(100))?;
    println!("{report}");
    Ok(())
}
