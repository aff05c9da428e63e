//! "Did you mean": the nearest of a few words, and lists of them.

/// The candidate nearest to `word`, if it is near enough to be meant: at most a third of the
/// word's letters away, and at least one. Case counts as no difference at all.
pub(crate) fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let word = word.to_lowercase();
    let limit = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (distance(&word, &candidate.to_lowercase()), candidate))
        .filter(|&(distance, _)| distance <= limit)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// Damerau-Levenshtein distance (optimal string alignment): insertions, deletions,
/// substitutions, and swaps of neighbours.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    // Three rows of the table: a swap looks back two.
    let mut before = vec![0; other.len() + 1];
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for row in 1..=one.len() {
        let mut next = vec![row; other.len() + 1];
        for column in 1..=other.len() {
            let differs = usize::from(one[row - 1] != other[column - 1]);
            let swaps = row > 1
                && column > 1
                && one[row - 1] == other[column - 2]
                && one[row - 2] == other[column - 1];
            let swapped = if swaps { before[column - 2] + 1 } else { usize::MAX };
            next[column] = (last[column] + 1)
                .min(next[column - 1] + 1)
                .min(last[column - 1] + differs)
                .min(swapped);
        }
        before = last;
        last = next;
    }
    last[other.len()]
}

/// "expected `a`", "expected `a` or `b`", "expected one of `a`, `b`, `c`".
pub(crate) fn expected_one_of(words: &[&str]) -> String {
    match words {
        [] => "expected nothing more".to_owned(),
        [_] | [_, _] => format!("expected {}", either(words)),
        _ => format!("expected one of {}", quoted(words).join(", ")),
    }
}

/// "`a`", "`a` or `b`", "`a`, `b` or `c`".
pub(crate) fn either(words: &[&str]) -> String {
    match quoted(words).split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
    }
}

fn quoted(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| format!("`{word}`")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_suggested_and_a_far_one_is_not() {
        let words = ["hold", "ramp", "step", "repeat"];
        assert_eq!(did_you_mean("rmap", words), Some("ramp"));
        assert_eq!(did_you_mean("HOLD", words), Some("hold"));
        assert_eq!(did_you_mean("reapet", words), Some("repeat"));
        assert_eq!(did_you_mean("stair", words), None);
        assert_eq!(did_you_mean("", words), None);
    }

    #[test]
    fn distances_count_edits() {
        for (one, other, edits) in [
            ("", "", 0),
            ("abc", "", 3),
            ("ca", "ac", 1),
            ("kitten", "sitting", 3),
            ("ab", "ab", 0),
        ] {
            assert_eq!(distance(one, other), edits, "{one} {other}");
            assert_eq!(distance(other, one), edits, "{other} {one}");
        }
    }

    #[test]
    fn lists_read_as_english() {
        assert_eq!(expected_one_of(&["a"]), "expected `a`");
        assert_eq!(expected_one_of(&["a", "b"]), "expected `a` or `b`");
        assert_eq!(expected_one_of(&["a", "b", "c"]), "expected one of `a`, `b`, `c`");
        assert_eq!(either(&["a", "b", "c"]), "`a`, `b` or `c`");
    }
}
