//! How long a user waits for the compiler: the incremental debug build of a program with 10 entities
//! and a topology of 50 nodes, after one file was touched.
//!
//! `cargo bench --bench build` writes the program below `target/`, builds it, and then changes it a
//! few times. The goal is 3 s.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const ENTITIES: usize = 10;
const NODES: usize = 50;
const BUILDS: usize = 5;
const GOAL: Duration = Duration::from_secs(3);

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

fn program(version: usize) -> String {
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
    for node in 0..NODES - 2 {
        let _ = writeln!(
            text,
            "        node n{node}: Service{} {{ workers: 8, cpu: lognormal(12ms, cv 0.8) }};",
            node % ENTITIES
        );
    }
    text.push_str("        node last: Last;\n        users -> n0;\n");
    for node in 1..NODES - 2 {
        let _ = writeln!(text, "        n{}.next -> n{node};", node - 1);
    }
    let _ = writeln!(text, "        n{}.next -> last;\n    }}\n}}", NODES - 3);
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

fn write(folder: &Path, version: usize) {
    std::fs::create_dir_all(folder.join("src")).expect("the folder is ours");
    let root = env!("CARGO_MANIFEST_DIR");
    let manifest = format!(
        "[package]\nname = \"build-bench\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [dependencies]\nhappysim = {{ path = \"{root}/happysim\" }}\n\n[workspace]\n\n\
         [profile.dev.package.happysim]\nopt-level = 2\n"
    );
    std::fs::write(folder.join("Cargo.toml"), manifest).expect("the folder is ours");
    std::fs::write(folder.join("src/main.rs"), program(version)).expect("the folder is ours");
}

fn build(folder: &Path) -> Duration {
    let begin = Instant::now();
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let status = Command::new(cargo)
        .args(["build", "--quiet"])
        .current_dir(folder)
        .env_remove("RUSTFLAGS")
        .stdout(Stdio::null())
        .status()
        .expect("cargo runs");
    assert!(status.success(), "the program does not compile: see {}", folder.display());
    begin.elapsed()
}

fn main() {
    // `cargo test --benches` and `cargo bench` build it; only the latter is to run it.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/build-bench");
    write(&folder, 1);
    println!("from scratch, the library included: {:.2?}", build(&folder));
    let mut times: Vec<Duration> = (0..BUILDS)
        .map(|number| {
            write(&folder, 2 + number);
            build(&folder)
        })
        .collect();
    times.sort();
    let verdict = if times[BUILDS / 2] <= GOAL { "within" } else { "beyond" };
    println!(
        "{NODES} nodes of {ENTITIES} entities, one file touched: {:.2?} (median of {times:.2?}), \
         {verdict} the goal of {GOAL:?}",
        times[BUILDS / 2],
    );
}
