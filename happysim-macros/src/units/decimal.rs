//! Decimal numbers as written, without the rounding of binary fractions.

/// `digits` times ten to the power of `exponent`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Decimal {
    digits: u128,
    exponent: i32,
}

/// More digits than this are surely a mistake, and fewer leave room to multiply by any unit.
const MOST_DIGITS: usize = 24;
/// Beyond every number that an `f64` can hold.
const LARGEST_EXPONENT: i32 = 400;

impl Decimal {
    /// From the text of a Rust literal without its suffix: `1_000`, `2.5`, `1e-3`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.replace('_', "");
        let (number, exponent) = match text.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, exponent.parse::<i32>().ok()?),
            None => (text.as_str(), 0),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let digits = format!("{whole}{fraction}");
        let significant = digits.trim_start_matches('0');
        if significant.len() > MOST_DIGITS || fraction.len() > 300 {
            return None;
        }
        let digits = if significant.is_empty() { 0 } else { significant.parse().ok()? };
        let exponent = exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?;
        (exponent.abs() <= LARGEST_EXPONENT).then_some(Self { digits, exponent })
    }

    /// This number times `factor`; `None` beyond 38 digits.
    pub(crate) fn times(self, factor: u128) -> Option<Self> {
        Some(Self { digits: self.digits.checked_mul(factor)?, ..self })
    }

    /// A hundredth of this number.
    pub(crate) fn percent(self) -> Self {
        Self { exponent: self.exponent - 2, ..self }
    }

    /// The whole number this is, if it is one and fits.
    pub(crate) fn whole(self) -> Option<u64> {
        if self.digits == 0 {
            return Some(0);
        }
        let power = 10_u128.checked_pow(self.exponent.unsigned_abs())?;
        let whole = if self.exponent >= 0 {
            self.digits.checked_mul(power)?
        } else if self.digits.is_multiple_of(power) {
            self.digits / power
        } else {
            return None;
        };
        u64::try_from(whole).ok()
    }

    /// The nearest `f64`; infinite beyond the largest.
    pub(crate) fn to_f64(self) -> f64 {
        // The standard library rounds decimal text correctly.
        format!("{}e{}", self.digits, self.exponent).parse().unwrap_or(f64::INFINITY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_exactly() {
        let number = |text| Decimal::parse(text).unwrap();
        assert_eq!(number("1_000").whole(), Some(1000));
        assert_eq!(number("1.5").times(1_000_000_000).unwrap().whole(), Some(1_500_000_000));
        assert_eq!(number("1.1").times(1_000_000_000).unwrap().whole(), Some(1_100_000_000));
        assert_eq!(number("2.5e3").whole(), Some(2500));
        assert_eq!(number("0.5").whole(), None);
        assert_eq!(number("0.0").whole(), Some(0));
        assert_eq!(number("18446744073709551616").whole(), None);
        assert_eq!(number("5").percent().to_f64().to_bits(), 0.05_f64.to_bits());
    }

    #[test]
    fn absurd_numbers_are_refused_and_not_computed() {
        assert_eq!(Decimal::parse("1e999999999"), None);
        assert_eq!(Decimal::parse("1e99999999999999"), None);
        assert_eq!(Decimal::parse(&"9".repeat(40)), None);
        assert_eq!(Decimal::parse("1e300").unwrap().whole(), None);
    }
}
