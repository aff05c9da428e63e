//! The report: what a run showed, as text and as data.
