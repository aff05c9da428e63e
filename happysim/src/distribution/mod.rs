//! Distributions: random durations, numbers and choices, and arrival processes.
