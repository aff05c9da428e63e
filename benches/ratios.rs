//! What the declared systems cost beside those written by hand: `cargo bench --bench ratios` measures
//! all workloads and writes the table of `docs/performance.md`; with `-- hold` only those with `hold`
//! in their names, and prints it.

mod by_hand;
mod document;
mod workloads;

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use workloads::{Form, Goal, Role, Workload};

/// How often each form is measured, in turn with the others: at least so often,
const ROUNDS: usize = 5;
/// at most so often,
const MOST_ROUNDS: usize = 25;
/// and no longer than this, where that is enough.
const ENOUGH: Duration = Duration::from_secs(2);

/// What a form cost, relative to the yardstick where that is another one.
struct Row<'a> {
    form: &'a Form,
    /// The median of the nanoseconds for a unit.
    cost: f64,
    /// Ascending, one for each round.
    ratios: Vec<f64>,
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

/// Measures all forms of a workload in turn: a noisy moment hits all of them.
fn rows(workload: &Workload) -> Vec<Row<'_>> {
    workload.assert_agreement();
    let mut costs = vec![Vec::with_capacity(MOST_ROUNDS); workload.forms.len()];
    let began = Instant::now();
    for round in 0..MOST_ROUNDS {
        if round >= ROUNDS && began.elapsed() > ENOUGH {
            break;
        }
        for (form, costs) in workload.forms.iter().zip(&mut costs) {
            costs.push((form.measure)().cost());
        }
    }
    let yardsticks = workload.forms.iter().zip(&costs);
    let yardsticks = yardsticks.filter(|(form, _)| form.role == Role::Yardstick);
    let best = yardsticks.map(|(_, costs)| costs).min_by(|a, b| median(a).total_cmp(&median(b)));
    let best = best.expect("every workload has something to compare with");
    let row = |(form, costs): (_, &Vec<f64>)| {
        let mut ratios: Vec<f64> = costs.iter().zip(best).map(|(cost, best)| cost / best).collect();
        ratios.sort_by(f64::total_cmp);
        Row { form, cost: median(costs), ratios }
    };
    workload.forms.iter().zip(&costs).map(row).collect()
}

/// The lines of a workload in the table.
fn lines(workload: &Workload) -> String {
    let mut lines = String::new();
    let mut name = format!("{} (ns per {})", workload.name, workload.unit);
    for Row { form, cost, ratios } in rows(workload) {
        let ratio = median(&ratios);
        let spread = format!("{:.2} to {:.2}", ratios[0], ratios[ratios.len() - 1]);
        let (spread, goal, verdict) = match form.role {
            Role::Yardstick => (String::new(), String::new(), ""),
            Role::Measured(None) => (spread, String::new(), ""),
            Role::Measured(Some(Goal { ratio: most, nanoseconds })) => {
                let holds = ratio <= most || nanoseconds.is_some_and(|most| cost <= most);
                let alternative = nanoseconds.map(|most| format!(" or {most} ns"));
                let goal = format!("{most:.2}{}", alternative.unwrap_or_default());
                (spread, goal, if holds { "yes" } else { "**no**" })
            }
        };
        let cost = if cost < 1e6 { format!("{cost:.1}") } else { format!("{cost:.0}") };
        writeln!(
            lines,
            "| {name} | {} | {cost} | {ratio:.2} | {spread} | {goal} | {verdict} |",
            form.name
        )
        .expect("a string takes everything");
        name.clear();
    }
    lines
}

fn main() {
    // `cargo test --all-targets` and `cargo bench` build it; only the latter is to run it.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let mut table = format!(
        "{}; medians of {ROUNDS} to {MOST_ROUNDS} runs of each form.\n\n| workload | form | cost | ratio | from round to round | at most | holds |\n\
         |---|---|--:|--:|---|--:|---|\n",
        document::machine()
    );
    print!("{table}");
    let wanted = workloads::wanted();
    for workload in &wanted {
        let lines = lines(workload);
        print!("{lines}");
        table.push_str(&lines);
    }
    if wanted.len() == workloads::all().len() {
        document::store("ratios", &table);
    }
}
