//! The macro on any input, and that each of its mistakes has a compile-fail case.

use super::*;
