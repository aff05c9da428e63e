//! The book and the other documents hold together: pages, included code, links, file names.
//!
//! mdBook itself says nothing about a missing anchor (it shows an empty listing), a dead link or
//! a page that is not in the summary. It need not be installed for these tests.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All files with this extension in `folder` and below, in order.
fn files_below(folder: &Path, extension: &str) -> BTreeSet<PathBuf> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut found = BTreeSet::new();
    for entry in entries {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            found.extend(files_below(&path, extension));
        } else if path.extension().is_some_and(|it| it == extension) {
            found.insert(path);
        }
    }
    found
}

fn pages() -> BTreeSet<PathBuf> {
    files_below(&root().join("book/src"), "md")
}

/// The pages of the book and the documents beside it.
fn documents() -> BTreeSet<PathBuf> {
    let mut all = pages();
    all.extend(files_below(&root().join("docs"), "md"));
    all.extend([root().join("README.md"), root().join("CHANGELOG.md")]);
    all
}

/// `a/b/../c` is `a/c`: without asking the file system, which knows no missing files.
fn normalised(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                out.pop();
            }
            Component::CurDir => {}
            other => out.push(other),
        }
    }
    out
}

/// What `target`, written in `document`, leads to.
fn resolved(document: &Path, target: &str) -> PathBuf {
    normalised(&document.parent().expect("a document is in a folder").join(target))
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

#[track_caller]
fn assert_none(what: &str, mistakes: &[String]) {
    assert!(mistakes.is_empty(), "{what}:\n  {}", mistakes.join("\n  "));
}

/// The text without fenced blocks; with `keep_inline` unset, without inline code too.
fn prose(text: &str, keep_inline: bool) -> String {
    let mut out = String::new();
    let mut fenced = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            out += line;
            out.push('\n');
        }
    }
    if keep_inline { out } else { out.split('`').step_by(2).collect() }
}

/// The targets of all links `[text](target)`.
fn links(text: &str) -> Vec<String> {
    let prose = prose(text, false);
    let ends = prose.match_indices("](").map(|(at, _)| &prose[at + 2..]);
    ends.filter_map(|rest| Some(rest.split_once(')')?.0.to_owned())).collect()
}

/// The names by which mdBook and GitHub link to the headings.
fn headings(text: &str) -> BTreeSet<String> {
    let lines = prose(text, true);
    let titles = lines.lines().filter(|line| line.starts_with('#'));
    let slug = |title: &str| {
        let kept = title.trim_start_matches('#').trim().chars();
        let kept = kept.filter(|it| it.is_alphanumeric() || matches!(it, ' ' | '-' | '_'));
        kept.map(|it| if it == ' ' { '-' } else { it.to_ascii_lowercase() }).collect()
    };
    titles.map(slug).collect()
}

#[test]
fn every_page_of_the_summary_exists_and_no_page_is_orphaned() {
    let summary = root().join("book/src/SUMMARY.md");
    let listed = links(&read(&summary));
    let listed: BTreeSet<PathBuf> = listed.iter().map(|it| resolved(&summary, it)).collect();
    let mut existing = pages();
    assert!(existing.remove(&summary), "the book has a summary");
    assert!(!existing.is_empty(), "the book has pages");
    let missing = listed.difference(&existing).map(|page| format!("missing: {}", shown(page)));
    let orphaned = existing.difference(&listed).map(|page| format!("not listed: {}", shown(page)));
    let mistakes: Vec<String> = missing.chain(orphaned).collect();
    assert_none("book/src/SUMMARY.md and the pages differ", &mistakes);
}

/// The parts of a source file between `ANCHOR: name` and `ANCHOR_END: name`, or what is wrong
/// with them.
fn anchors(source: &str) -> Result<BTreeMap<String, String>, String> {
    let mut open: Vec<(String, String)> = Vec::new();
    let mut closed = BTreeMap::new();
    for line in source.lines() {
        if let Some((_, name)) = line.split_once("ANCHOR: ") {
            let name = name.trim().to_owned();
            if closed.contains_key(&name) || open.iter().any(|(other, _)| *other == name) {
                return Err(format!("the anchor `{name}` is there twice"));
            }
            open.push((name, String::new()));
        } else if let Some((_, name)) = line.split_once("ANCHOR_END: ") {
            let name = name.trim();
            let Some(place) = open.iter().position(|(other, _)| other == name) else {
                return Err(format!("the anchor `{name}` ends but does not begin"));
            };
            let (name, content) = open.remove(place);
            closed.insert(name, content);
        } else {
            for (_, content) in &mut open {
                *content += line;
                content.push('\n');
            }
        }
    }
    match open.first() {
        Some((name, _)) => Err(format!("the anchor `{name}` does not end")),
        None => Ok(closed),
    }
}

#[test]
fn every_anchor_in_the_examples_is_closed() {
    let sources = files_below(&root().join("examples"), "rs");
    assert!(!sources.is_empty(), "there are examples");
    let wrong = |path: &PathBuf| {
        let error = anchors(&read(path)).err()?;
        Some(format!("{}: {error}", shown(path)))
    };
    let mistakes: Vec<String> = sources.iter().filter_map(wrong).collect();
    assert_none("anchors that are not closed", &mistakes);
}

/// The arguments of all `{{#include ...}}` and `{{#rustdoc_include ...}}`.
fn includes(text: &str) -> Vec<String> {
    let starts = ["{{#include ", "{{#rustdoc_include "];
    let rests = starts.iter().flat_map(|start| text.split(start).skip(1));
    rests.map(|rest| rest.split("}}").next().unwrap_or(rest).trim().to_owned()).collect()
}

/// What is wrong with an include of `argument` in `page`.
fn included(page: &Path, argument: &str) -> Result<(), String> {
    let (target, anchor) = match argument.split_once(':') {
        Some((target, anchor)) => (target, Some(anchor)),
        None => (argument, None),
    };
    let file = resolved(page, target);
    let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", shown(&file)))?;
    let content = match anchor {
        None => text,
        Some(name) => match anchors(&text)?.remove(name) {
            Some(content) => content,
            None => return Err(format!("{} has no anchor `{name}`", shown(&file))),
        },
    };
    if content.trim().is_empty() { Err("nothing is included".to_owned()) } else { Ok(()) }
}

#[test]
fn everything_that_pages_include_is_there_and_not_empty() {
    let mut mistakes = Vec::new();
    let mut count = 0;
    for page in pages() {
        for argument in includes(&read(&page)) {
            count += 1;
            if let Err(error) = included(&page, &argument) {
                mistakes.push(format!("{}: `{argument}`: {error}", shown(&page)));
            }
        }
    }
    assert_none("includes", &mistakes);
    assert!(count > 0, "the book shows code");
}

#[test]
fn the_chapter_on_mistakes_shows_each_of_its_cases_and_what_is_said_of_it() {
    let page = root().join("book/src/tutorial/mistakes.md");
    let shown: BTreeSet<(PathBuf, Option<String>)> = includes(&read(&page))
        .iter()
        .map(|argument| match argument.split_once(':') {
            Some((target, anchor)) => (resolved(&page, target), Some(anchor.to_owned())),
            None => (resolved(&page, argument), None),
        })
        .collect();
    let cases = files_below(&root().join("tests/ui/book"), "rs");
    assert!(!cases.is_empty(), "the chapter has cases");
    let mut mistakes = Vec::new();
    for case in cases {
        let parts =
            [(case.clone(), Some("model".to_owned())), (case.with_extension("stderr"), None)];
        let missing = parts.iter().filter(|part| !shown.contains(*part));
        mistakes.extend(missing.map(|(path, _)| self::shown(path)));
    }
    assert_none("book/src/tutorial/mistakes.md does not show", &mistakes);
}

/// What is wrong with a link to `target` in `document`.
fn linked(document: &Path, target: &str) -> Result<(), String> {
    if target.starts_with("https://") || target.starts_with("http://") {
        return Ok(());
    }
    let (path, heading) = target.split_once('#').unwrap_or((target, ""));
    let file = if path.is_empty() { document.to_owned() } else { resolved(document, path) };
    let book = root().join("book/src");
    if document.starts_with(&book) && !file.starts_with(&book) {
        return Err("leads out of the book, where no reader of it can follow".to_owned());
    }
    if !file.exists() {
        return Err(format!("{} does not exist", shown(&file)));
    }
    if heading.is_empty() || headings(&read(&file)).contains(heading) {
        Ok(())
    } else {
        Err(format!("{} has no heading `#{heading}`", shown(&file)))
    }
}

#[test]
fn every_relative_link_resolves() {
    let mut mistakes = Vec::new();
    for document in documents() {
        for target in links(&read(&document)) {
            if let Err(error) = linked(&document, &target) {
                mistakes.push(format!("{}: `{target}`: {error}", shown(&document)));
            }
        }
    }
    assert_none("links", &mistakes);
}

/// The files and folders of the repository that the document names in inline code.
fn named_paths(text: &str) -> Vec<String> {
    let prose = prose(text, true);
    let names = prose.split('`').skip(1).step_by(2);
    let folders = ["happysim/", "happysim-macros/", "examples/", "tests/", "benches/", "book/"];
    let is_path = |name: &&str| {
        folders.iter().any(|folder| name.starts_with(folder))
            && !name.contains(|it: char| it.is_whitespace() || "*<>{}".contains(it))
    };
    names.filter(is_path).map(str::to_owned).collect()
}

#[test]
fn every_file_that_a_document_names_exists() {
    let mut mistakes = Vec::new();
    for document in documents() {
        for name in named_paths(&read(&document)) {
            if !root().join(&name).exists() {
                mistakes.push(format!("{}: `{name}`", shown(&document)));
            }
        }
    }
    assert_none("files that do not exist", &mistakes);
}

/// The fenced blocks of the document in this language.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let start = format!("```{language}\n");
    let rests = text.split(&start).skip(1);
    rests.filter_map(|rest| Some(rest.split_once("```")?.0.to_owned())).collect()
}

/// Asserts that `excerpt` consists of lines of `whole`, in order; `...` stands for lines left out.
#[track_caller]
fn assert_is_excerpt(excerpt: &str, whole: &str, name: &str) {
    let mut lines = whole.lines().map(str::trim);
    for line in excerpt.lines().map(str::trim) {
        if !line.is_empty() && !line.ends_with("...") {
            assert!(
                lines.any(|other| other == line),
                "README.md shows a line that is not in {name}, or not in this order:\n  {line}"
            );
        }
    }
}

#[test]
fn the_readme_shows_the_shop_as_it_is() {
    let readme = read(&root().join("README.md"));
    let code = blocks(&readme, "rust");
    let output = blocks(&readme, "text");
    assert_eq!((code.len(), output.len()), (1, 1), "the README has one listing and one output");
    assert_is_excerpt(&code[0], &read(&root().join("examples/shop.rs")), "examples/shop.rs");
    let name = "book/expected/shop.txt";
    assert_is_excerpt(&output[0], &read(&root().join(name)), name);
}

/// The checks find what they are there for.
mod the_checks {
    use super::*;

    #[test]
    fn anchors_are_read_and_mistakes_in_them_found() {
        let good = "a\n// ANCHOR: x\nb\n// ANCHOR: y\nc\n// ANCHOR_END: y\n// ANCHOR_END: x\nd\n";
        let found = anchors(good).unwrap();
        assert_eq!((found["x"].as_str(), found["y"].as_str()), ("b\nc\n", "c\n"));
        for (bad, error) in [
            ("// ANCHOR: x\n", "does not end"),
            ("// ANCHOR_END: x\n", "does not begin"),
            ("// ANCHOR: x\n// ANCHOR_END: x\n// ANCHOR: x\n", "twice"),
        ] {
            assert!(anchors(bad).unwrap_err().contains(error), "{bad}");
        }
    }

    #[test]
    fn links_in_code_are_no_links() {
        let text = "[a](b.md) `[c](d.md)`\n```text\n[e](f.md)\n```\n[g](h.md#i)\n";
        assert_eq!(links(text), ["b.md", "h.md#i"]);
        assert!(linked(&root().join("README.md"), "nowhere.md").is_err());
        assert!(linked(&root().join("README.md"), "#no-such-heading").is_err());
    }

    #[test]
    fn headings_are_linked_as_mdbook_does() {
        let found = headings("# What `topology!` makes\n```sh\n# no heading\n```\n## A, B\n");
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["a-b", "what-topology-makes"]);
    }
}
