//! Comparison with published numbers, where the measurement is random.
//!
//! A bound holds for a stated number of customers at four standard errors, a false alarm in
//! 16,000 runs. The suite runs fewer customers, with bounds that are wider by the square root
//! of the ratio; with `HAPPYSIM_FULL=1` it runs as many as stated.

/// Whether the environment asks for whole numbers of customers.
fn is_full() -> bool {
    std::env::var_os("HAPPYSIM_FULL").is_some_and(|value| value == "1")
}

/// How many requests a statistical test sends: `full`, or the part `quick` of it, with the factor
/// by which its tolerance grows.
pub fn scaled(full: u64, quick: u64) -> (u64, f64) {
    let count = if is_full() { full } else { quick };
    (count, (full as f64 / count as f64).sqrt().max(1.0))
}

/// A statistical experiment: how many customers it simulates.
#[derive(Clone, Copy, Debug)]
pub struct Experiment {
    customers: u64,
}

impl Experiment {
    /// `quick` customers, or `full` if the environment asks for the whole number.
    pub fn new(full: u64, quick: u64) -> Self {
        Self { customers: if is_full() { full } else { quick } }
    }

    /// How many customers are counted.
    pub fn customers(self) -> u64 {
        self.customers
    }

    /// How many come first and are not counted: 5 % of the whole.
    pub fn warm_up(self) -> u64 {
        self.customers / 19
    }

    /// Counted and not counted ones together.
    pub fn total(self) -> u64 {
        self.customers + self.warm_up()
    }

    /// The bounds of an oracle that holds within `tolerance` for `needed` customers.
    pub fn within(self, tolerance: f64, needed: u64) -> Bound {
        let scale = (needed as f64 / self.customers as f64).sqrt().max(1.0);
        Bound { tolerance: tolerance * scale }
    }
}

/// How far a measurement may be from its oracle.
#[derive(Clone, Copy, Debug)]
pub struct Bound {
    tolerance: f64,
}

impl Bound {
    /// The measurement is the oracle's number up to this fraction of it.
    ///
    /// # Panics
    /// When it is not.
    #[track_caller]
    pub fn relative(&self, what: &str, measured: f64, expected: f64) -> &Self {
        let off = (measured - expected) / expected;
        assert!(
            off.abs() <= self.tolerance,
            "{what} is {measured}, not {expected}: off by {:.2} %, allowed are {:.2} %",
            100.0 * off,
            100.0 * self.tolerance,
        );
        self
    }

    /// The measurement is the oracle's number up to this amount.
    ///
    /// # Panics
    /// When it is not.
    #[track_caller]
    pub fn absolute(&self, what: &str, measured: f64, expected: f64) -> &Self {
        let off = measured - expected;
        assert!(
            off.abs() <= self.tolerance,
            "{what} is {measured}, not {expected}: off by {off}, allowed are {}",
            self.tolerance,
        );
        self
    }

    /// A bound that is wider by `factor`.
    #[must_use]
    pub fn times(self, factor: f64) -> Self {
        Self { tolerance: self.tolerance * factor }
    }
}
