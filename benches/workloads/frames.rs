//! Tasks that keep an array across their steps: what a frame costs for being large.

use happysim::prelude::*;

use super::{Role, Sample, Workload, timed};

const ROUNDS: u64 = 200_000;

/// A task that sleeps, and counts in a table of so many numbers in between.
macro_rules! counting {
    ($module:ident, $length:literal) => {
        mod $module {
            use super::*;

            #[entity]
            pub(crate) struct Counting {
                #[state]
                seen: u64,
            }

            #[entity]
            impl Counting {
                #[process]
                async fn count(&mut self, cx: &mut Cx<Self>) {
                    let mut table: [u64; $length] = [0; $length];
                    let mut place: usize = 0;
                    loop {
                        cx.sleep(millis(1)).await;
                        place = (place + 1) % $length;
                        table[place] += 1;
                        self.seen += table[place];
                    }
                }
            }

            topology! {
                /// A single task.
                pub(crate) Counter {
                    node counting: Counting;
                }
            }

            pub(crate) fn measure() -> Sample {
                let setup = Counter::new(default()).statistics(Statistics::Counts);
                let mut simulation = setup.build().expect("there are no parameters");
                let length = millis(ROUNDS);
                let run = || simulation.run_for(length).expect("the model has no mistakes");
                let (elapsed, ()) = timed(run);
                assert!(simulation.counting.replicas[0].seen > 0);
                let events = simulation.events() as f64;
                Sample { elapsed, units: ROUNDS, figures: vec![("events", events)] }
            }
        }
    };
}

counting!(two, 2);
counting!(sixteen, 16);
counting!(thirty_two, 32);
counting!(many, 512);

pub(super) fn workload() -> Workload {
    Workload::new("frames", "event", 0.0)
        .form("16 bytes", Role::Yardstick, two::measure)
        .declared("128 bytes", None, sixteen::measure)
        .declared("256 bytes", None, thirty_two::measure)
        .declared("4,096 bytes", None, many::measure)
}
