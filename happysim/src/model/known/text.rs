//! Text that is put together while the program is compiled: the words of the checks.

/// Longer texts end in dots.
const CAPACITY: usize = 1024;

/// A text under construction.
pub(super) struct Text {
    bytes: [u8; CAPACITY],
    length: usize,
}

impl Text {
    pub(super) const fn new() -> Self {
        Self { bytes: [0; CAPACITY], length: 0 }
    }

    /// Appends `text`, or dots where it is too long to be read anyway.
    pub(super) const fn push(mut self, text: &str) -> Self {
        let text = if self.length + text.len() + 3 <= CAPACITY { text } else { "..." };
        let bytes = text.as_bytes();
        if self.length + bytes.len() > CAPACITY {
            return self;
        }
        let mut index = 0;
        while index < bytes.len() {
            self.bytes[self.length] = bytes[index];
            self.length += 1;
            index += 1;
        }
        self
    }

    /// "`text`"
    pub(super) const fn push_code(self, text: &str) -> Self {
        self.push("`").push(text).push("`")
    }

    /// An entity's name with its article: "an `Api`", "a `Server`".
    pub(super) const fn push_entity(self, name: &str) -> Self {
        let vowel = !name.is_empty()
            && matches!(name.as_bytes()[0], b'A' | b'E' | b'I' | b'O' | b'i' | b'f')
            // `fn` is read as a word.
            && !matches!(name.as_bytes(), [b'f', b'n', ..]);
        self.push(if vowel { "an " } else { "a " }).push_code(name)
    }

    /// What stands between element `index` and the next of `count`: ", " or `last`.
    pub(super) const fn push_separator(self, index: usize, count: usize, last: &str) -> Self {
        if index + 1 == count {
            self
        } else if index + 2 == count {
            self.push(last)
        } else {
            self.push(", ")
        }
    }

    pub(super) const fn as_str(&self) -> &str {
        match core::str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(text) => text,
            Err(_) => panic!("pieces of text make a text"),
        }
    }
}

pub(super) const fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut index = 0;
    while index < one.len() {
        if one[index] != other[index] {
            return false;
        }
        index += 1;
    }
    true
}

pub(super) const fn contains(words: &[&str], word: &str) -> bool {
    let mut index = 0;
    while index < words.len() {
        if same(words[index], word) {
            return true;
        }
        index += 1;
    }
    false
}

/// How far apart two words may be for the one to be meant by the other: a third of the letters,
/// and at least one.
pub(super) const fn nearness(word: &str, other: &str) -> Option<usize> {
    let limit = if word.len() < 6 { 1 } else { word.len() / 3 };
    let distance = distance(word.as_bytes(), other.as_bytes());
    if distance <= limit { Some(distance) } else { None }
}

/// Words longer than that are not compared.
const LONGEST: usize = 48;

/// Damerau-Levenshtein distance (optimal string alignment), without regard to case.
const fn distance(one: &[u8], other: &[u8]) -> usize {
    if one.len() >= LONGEST || other.len() >= LONGEST {
        return LONGEST;
    }
    let mut before = [0; LONGEST];
    let mut last = [0; LONGEST];
    let mut column = 0;
    while column <= other.len() {
        last[column] = column;
        column += 1;
    }
    let mut row = 1;
    while row <= one.len() {
        let mut next = [row; LONGEST];
        let mut column = 1;
        while column <= other.len() {
            let (here, there) = (one[row - 1], other[column - 1]);
            let substituted = last[column - 1] + !here.eq_ignore_ascii_case(&there) as usize;
            let mut edits = min(min(last[column] + 1, next[column - 1] + 1), substituted);
            if row > 1
                && column > 1
                && here.eq_ignore_ascii_case(&other[column - 2])
                && one[row - 2].eq_ignore_ascii_case(&there)
            {
                edits = min(edits, before[column - 2] + 1);
            }
            next[column] = edits;
            column += 1;
        }
        before = last;
        last = next;
        row += 1;
    }
    last[other.len()]
}

const fn min(one: usize, other: usize) -> usize {
    if one < other { one } else { other }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_put_together_and_cut_where_nobody_reads_on() {
        let text =
            Text::new().push("it is ").push_entity("Api").push(", not ").push_entity("Server");
        assert_eq!(text.as_str(), "it is an `Api`, not a `Server`");
        let mut long = Text::new();
        for _ in 0..2 * CAPACITY {
            long = long.push("word");
        }
        assert!(long.as_str().ends_with("word...") || long.as_str().ends_with("......"));
        assert!(long.length <= CAPACITY);
    }

    #[test]
    fn a_swap_a_lost_letter_and_the_case_are_near() {
        assert_eq!(nearness("handel", "handle"), Some(1));
        assert_eq!(nearness("concurency", "concurrency"), Some(1));
        assert_eq!(nearness("DB", "db"), Some(0));
        assert_eq!(nearness("database", "db"), None);
        assert_eq!(nearness("kitten", "sitting"), None);
    }
}
