//! What is wrong with a profile.

use core::fmt;

/// A profile that makes no sense: which of its segments, what is wrong, and what to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidProfile {
    pub(super) segment: Vec<usize>,
    pub(super) problem: String,
}

impl InvalidProfile {
    /// The number of the segment, counted from 1 in the order of writing; within a repeated part
    /// `[3, 2]` is the second segment of the third. Empty when the profile has no segment.
    pub fn segment(&self) -> &[usize] {
        &self.segment
    }

    /// What is wrong with it and what to write instead.
    pub fn problem(&self) -> &str {
        &self.problem
    }
}

impl fmt::Display for InvalidProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.segment.is_empty() {
            return write!(f, "invalid profile: {}", self.problem);
        }
        let number: Vec<String> = self.segment.iter().map(usize::to_string).collect();
        write!(f, "invalid profile: segment {}: {}", number.join("."), self.problem)
    }
}

impl core::error::Error for InvalidProfile {}
