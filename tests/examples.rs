//! Every program in `examples/` prints, to the byte, what the book shows of it.
//!
//! `HAPPYSIM_BLESS=1 cargo test --test examples --examples` stores what they print now; read the
//! difference before it stays.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, thread};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn expected_file(name: &str) -> PathBuf {
    root().join("book/expected").join(format!("{name}.txt"))
}

/// The names of the files in `folder` with this extension, without it.
fn names_in(folder: &str, extension: &str) -> BTreeSet<String> {
    let folder = root().join(folder);
    let entries =
        fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("the folder can be read").path());
    let matching = paths.filter(|path| path.extension() == Some(OsStr::new(extension)));
    let name = |path: PathBuf| Some(path.file_stem()?.to_str()?.to_owned());
    matching.map(|path| name(path).expect("names are UTF-8")).collect()
}

/// The programs that cargo builds beside the tests.
fn program(name: &str) -> PathBuf {
    let test = env::current_exe().expect("a test knows where it is");
    let profile = test.parent().and_then(Path::parent).expect("it is in target/<profile>/deps");
    profile.join("examples").join(format!("{name}{}", env::consts::EXE_SUFFIX))
}

/// What the example prints.
fn run(name: &str) -> Result<Vec<u8>, String> {
    let program = program(name);
    let output = Command::new(&program).output().map_err(|error| {
        format!("{}: {error}; `cargo build --examples` makes it", program.display())
    })?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        let errors = String::from_utf8_lossy(&output.stderr);
        Err(format!("`{name}` ended with {}:\n{errors}", output.status))
    }
}

/// Compares what the example prints with what is stored, or stores it.
fn check(name: &str, bless: bool) -> Result<(), String> {
    let printed = run(name)?;
    let file = expected_file(name);
    if bless {
        return fs::write(&file, printed).map_err(|error| format!("{}: {error}", file.display()));
    }
    let expected = fs::read(&file).map_err(|error| {
        format!("{}: {error}; `HAPPYSIM_BLESS=1` stores what `{name}` prints", file.display())
    })?;
    if printed == expected { Ok(()) } else { Err(difference(name, &expected, &printed)) }
}

/// The first line in which the two differ.
fn difference(name: &str, expected: &[u8], printed: &[u8]) -> String {
    let (expected, printed) = (String::from_utf8_lossy(expected), String::from_utf8_lossy(printed));
    let (mut old, mut new) = (expected.split('\n'), printed.split('\n'));
    let mut number = 1;
    loop {
        let (old, new) = (old.next(), new.next());
        if old != new {
            let shown =
                |line: Option<&str>| line.map_or("nothing".to_owned(), |it| format!("{it:?}"));
            return format!(
                "`{name}` no longer prints book/expected/{name}.txt, first in line {number}:\n  \
                 expected {}\n  printed  {}\n`HAPPYSIM_BLESS=1` stores what it prints now",
                shown(old),
                shown(new)
            );
        }
        number += 1;
    }
}

#[test]
fn examples_print_what_the_book_shows() {
    let bless = env::var_os("HAPPYSIM_BLESS").is_some_and(|value| value == "1");
    let names = names_in("examples", "rs");
    assert!(!names.is_empty(), "examples/ holds no examples");
    let failures: Vec<String> = thread::scope(|scope| {
        let runs: Vec<_> =
            names.iter().map(|name| scope.spawn(move || check(name, bless))).collect();
        runs.into_iter().filter_map(|run| run.join().expect("a check returns").err()).collect()
    });
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn every_stored_output_has_its_example() {
    let examples = names_in("examples", "rs");
    let outputs = names_in("book/expected", "txt");
    let left_over: Vec<&String> = outputs.difference(&examples).collect();
    assert!(left_over.is_empty(), "book/expected/ holds outputs of no example: {left_over:?}");
}
