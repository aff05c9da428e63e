//! Tables in `docs/performance.md` that a bench writes as a whole.

use std::path::Path;
use std::process::Command;

/// Writes `table` between the two markers of `name`, with what it was measured on.
pub(crate) fn store(name: &str, table: &str) {
    let begin = format!("<!-- {name}: written by `cargo bench --bench {name}` -->");
    let end = format!("<!-- end of {name} -->");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/performance.md");
    let text = std::fs::read_to_string(&path).expect("the document is there");
    let (before, rest) = text.split_once(&begin).expect("the document has the first marker");
    let (_, after) = rest.split_once(&end).expect("the document has the last marker");
    let text = format!("{before}{begin}\n{table}{end}{after}");
    std::fs::write(&path, text).expect("the document can be written");
}

/// What is measured on.
pub(crate) fn machine() -> String {
    let cpus = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpus.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or(std::env::consts::ARCH, |(_, model)| model.trim());
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let compiler = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let version = Command::new(compiler).arg("--version").output();
    let version = version.expect("the compiler that built this is there").stdout;
    let version = String::from_utf8_lossy(&version);
    format!("{cores} cores, {model}, {}", version.trim())
}
