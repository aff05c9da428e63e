//! How long a user waits for the compiler, and how large the program becomes: 10 entities and a topology
//! of 10, 50 and 200 nodes. The incremental debug build of 50 nodes, after one file was touched, is to
//! take 3 s at most.
//!
//! `cargo bench --bench build` writes the programs below `target/`, builds them, changes each a few
//! times, and writes the table of `docs/performance.md`.

mod document;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const ENTITIES: usize = 10;
const NODES: [usize; 3] = [10, 50, 200];
const BUILDS: usize = 5;
/// For how many nodes there is a goal, and which.
const GOAL: (usize, Duration) = (50, Duration::from_secs(3));

/// An entity with a handler that waits, branches, loops and calls, and a background process.
fn entity(number: usize) -> String {
    format!(
        r"
/// Number {number} of the services.
#[entity]
pub struct Service{number} {{
    workers: Resource,
    cpu: Distribution,
    #[param(default = millis(250), range = 0.001..)]
    patience: Varying<Duration>,
    #[state]
    served: u64,
    #[port]
    next: Call<Request, Reply>,
}}

#[entity]
impl Service{number} {{
    async fn handle(&mut self, cx: &mut Cx<Self>, request: Request) -> Outcome<Reply> {{
        let _worker = self.workers.acquire(1).await;
        cx.sleep(self.cpu.sample(cx)).await;
        let patience: Duration = self.patience.at(cx.now());
        let mut size: u64 = 0;
        for attempt in 0..{attempts}u64 {{
            match self.next.call(request.clone()).timeout(patience).await {{
                Ok(reply) => {{
                    size += reply.size;
                    break;
                }}
                Err(Failure::TimedOut) => cx.sleep(millis(10 * attempt)).await,
                Err(failure) => return Err(failure),
            }}
        }}
        self.served += 1;
        Ok(Reply {{ size }})
    }}

    #[background]
    async fn tidy(&mut self, cx: &mut Cx<Self>) {{
        loop {{
            cx.sleep(seconds(10)).await;
            self.served = 0;
        }}
    }}
}}
",
        attempts = 2 + number % 3
    )
}

fn program(nodes: usize, version: usize) -> String {
    let mut text = String::from(
        "//! A generated program, to time its compilation.\n\nuse happysim::prelude::*;\n\n\
         #[derive(Debug, Clone, Default)]\npub struct Request {\n    pub user: u64,\n}\n\n\
         #[derive(Debug, Clone)]\npub struct Reply {\n    pub size: u64,\n}\n",
    );
    for number in 0..ENTITIES {
        text.push_str(&entity(number));
    }
    text.push_str("\ntopology! {\n    pub Large {\n");
    text.push_str("        source users: poisson(40/s) emits Request;\n");
    for node in 0..nodes - 2 {
        let _ = writeln!(
            text,
            "        node n{node}: Service{} {{ workers: 8, cpu: lognormal(12ms, cv 0.8) }};",
            node % ENTITIES
        );
    }
    text.push_str("        node last: Last;\n        users -> n0;\n");
    for node in 1..nodes - 2 {
        let _ = writeln!(text, "        n{}.next -> n{node};", node - 1);
    }
    let _ = writeln!(text, "        n{}.next -> last;\n    }}\n}}", nodes - 3);
    let _ = writeln!(
        text,
        r#"
#[entity]
pub struct Last {{}}

#[entity]
impl Last {{
    async fn handle(&mut self, cx: &mut Cx<Self>, request: Request) -> Outcome<Reply> {{
        cx.sleep(millis({version})).await;
        Ok(Reply {{ size: request.user }})
    }}
}}

fn main() -> Result<(), SimError> {{
    println!("{{}}", Large::new(LargeParams::default()).run_for(seconds(1))?);
    Ok(())
}}"#
    );
    text
}

fn write(folder: &Path, nodes: usize, version: usize) {
    std::fs::create_dir_all(folder.join("src")).expect("the folder is ours");
    let root = env!("CARGO_MANIFEST_DIR");
    let manifest = format!(
        "[package]\nname = \"build-bench\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [dependencies]\nhappysim = {{ path = \"{root}/happysim\" }}\n\n[workspace]\n\n\
         [profile.dev.package.happysim]\nopt-level = 2\n\n[profile.release]\nstrip = true\n"
    );
    std::fs::write(folder.join("Cargo.toml"), manifest).expect("the folder is ours");
    let program = program(nodes, version);
    std::fs::write(folder.join("src/main.rs"), program).expect("the folder is ours");
}

fn build(folder: &Path, options: &[&str]) -> Duration {
    let begin = Instant::now();
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let status = Command::new(cargo)
        .args(["build", "--quiet"])
        .args(options)
        .current_dir(folder)
        .env_remove("RUSTFLAGS")
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .stdout(Stdio::null())
        .status()
        .expect("cargo runs");
    assert!(status.success(), "the program does not compile: see {}", folder.display());
    begin.elapsed()
}

/// The median time of debug builds after a change.
fn rebuild(folder: &Path, nodes: usize) -> Duration {
    build(folder, &[]);
    let mut times: Vec<Duration> = (0..BUILDS)
        .map(|number| {
            write(folder, nodes, 2 + number);
            build(folder, &[])
        })
        .collect();
    times.sort();
    times[BUILDS / 2]
}

/// The line of a topology of `nodes` nodes in the table.
fn line(folder: &Path, nodes: usize) -> String {
    write(folder, nodes, 1);
    let debug = rebuild(folder, nodes);
    // The library is built before, so that what is timed is the program alone.
    build(folder, &["--release"]);
    write(folder, nodes, 2 + BUILDS);
    let release = build(folder, &["--release"]);
    let binary = folder.join("target/release/build-bench");
    let size = std::fs::metadata(&binary).expect("the program was built").len();
    let (goal, verdict) = if nodes == GOAL.0 {
        (format!("{:.0?}", GOAL.1), if debug <= GOAL.1 { "yes" } else { "**no**" })
    } else {
        (String::new(), "")
    };
    format!(
        "| {nodes} | {debug:.2?} | {goal} | {verdict} | {release:.1?} | {} KiB |\n",
        size / 1024
    )
}

fn main() {
    // `cargo test --benches` and `cargo bench` build it; only the latter is to run it.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/build-bench");
    let mut table = format!(
        "{}; {ENTITIES} entities.\n\n| nodes | debug, one file touched | at most | holds \
         | release, one file touched | size, stripped |\n|--:|--:|--:|---|--:|--:|\n",
        document::machine()
    );
    print!("{table}");
    for nodes in NODES {
        let line = line(&folder, nodes);
        print!("{line}");
        table.push_str(&line);
    }
    document::store("build", &table);
}
