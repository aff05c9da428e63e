//! Standard exponential and standard normal variates, by the ziggurat method.
//!
//! Marsaglia and Tsang, "The Ziggurat Method for Generating Random Variables" (2000), with 256
//! layers of equal area; the layer's number and the place within it are taken from disjoint
//! bits of one random word (Doornik 2005 shows why they must not share bits). Nineteen times
//! of twenty a variate costs one word, two table entries and one multiplication.
//!
//! The tables are computed by the compiler with the arithmetic below, which has the same bits
//! on every platform; outside the tables `libm` does the rest.

use crate::engine::random::Random;

const LAYERS: usize = 256;

/// One over 2^53 and over 2^52: what scales the 53 high bits of a word to 0..1 and to -1..1.
const UNIT: f64 = 1.0 / 9_007_199_254_740_992.0;
const SIGNED_UNIT: f64 = 2.0 * UNIT;

/// The edges of the layers, from the base (which carries the tail) to the top.
struct Ziggurat {
    /// Right edge of each layer; the base is as wide as its area, tail included, requires.
    edge: [f64; LAYERS + 1],
    /// Density at each edge.
    density: [f64; LAYERS + 1],
}

/// Where the tail of each law begins, and the area of each layer: the numbers for which 256
/// layers end exactly at the mode. Computed with 40 digits.
const EXPONENTIAL_TAIL: f64 = 7.697_117_470_131_05;
const EXPONENTIAL_AREA: f64 = 0.003_949_659_822_581_557;
const NORMAL_TAIL: f64 = 3.654_152_885_361_009;
const NORMAL_AREA: f64 = 0.004_928_673_233_974_655;

static EXPONENTIAL: Ziggurat = exponential_layers();
static NORMAL: Ziggurat = normal_layers();

const fn exponential_layers() -> Ziggurat {
    let (mut edge, mut density) = ([0.0; LAYERS + 1], [1.0; LAYERS + 1]);
    edge[0] = EXPONENTIAL_AREA / exp(-EXPONENTIAL_TAIL);
    edge[1] = EXPONENTIAL_TAIL;
    density[0] = exp(-edge[0]);
    density[1] = exp(-EXPONENTIAL_TAIL);
    let mut layer = 2;
    while layer < LAYERS {
        density[layer] = EXPONENTIAL_AREA / edge[layer - 1] + density[layer - 1];
        edge[layer] = -ln(density[layer]);
        layer += 1;
    }
    Ziggurat { edge, density }
}

const fn normal_layers() -> Ziggurat {
    let (mut edge, mut density) = ([0.0; LAYERS + 1], [1.0; LAYERS + 1]);
    edge[1] = NORMAL_TAIL;
    density[1] = exp(-0.5 * NORMAL_TAIL * NORMAL_TAIL);
    edge[0] = NORMAL_AREA / density[1];
    density[0] = exp(-0.5 * edge[0] * edge[0]);
    let mut layer = 2;
    while layer < LAYERS {
        density[layer] = NORMAL_AREA / edge[layer - 1] + density[layer - 1];
        edge[layer] = sqrt(-2.0 * ln(density[layer]));
        layer += 1;
    }
    Ziggurat { edge, density }
}

/// e^x for the x of the tables, -60..=1: Taylor's series of |x|/64, squared six times.
const fn exp(x: f64) -> f64 {
    if x < 0.0 {
        return 1.0 / exp(-x);
    }
    let reduced = x / 64.0;
    // The series of e^r - 1 keeps the digits that 1 + ... would lose before the squarings:
    // e^(2r) - 1 = (e^r - 1)(e^r + 1).
    let (mut term, mut less_one, mut order) = (1.0, 0.0, 1.0);
    while order < 24.0 {
        term = term * reduced / order;
        less_one += term;
        order += 1.0;
    }
    let mut squarings = 0;
    while squarings < 6 {
        less_one *= less_one + 2.0;
        squarings += 1;
    }
    1.0 + less_one
}

/// ln y for 0 < y <= 1, by Halley's iteration on e^x = y.
const fn ln(y: f64) -> f64 {
    let (mut x, mut round) = (y - 1.0, 0);
    while round < 12 {
        let power = exp(x);
        x += 2.0 * (y - power) / (y + power);
        round += 1;
    }
    x
}

/// The square root of 0 < y <= 60, by Newton's iteration.
const fn sqrt(y: f64) -> f64 {
    let (mut x, mut round) = (4.0, 0);
    while round < 24 {
        x = 0.5 * (x + y / x);
        round += 1;
    }
    x
}

/// Uniform on (0, 1]: what a logarithm can take.
#[inline]
pub(super) fn uniform_above_zero(random: &mut Random) -> f64 {
    1.0 - random.uniform()
}

/// An exponential variate of mean 1.
#[inline]
pub(super) fn exponential(random: &mut Random) -> f64 {
    let bits = random.next_u64();
    let layer = (bits & 0xff) as usize;
    let x = (bits >> 11) as f64 * UNIT * EXPONENTIAL.edge[layer];
    if x < EXPONENTIAL.edge[layer + 1] { x } else { exponential_at_the_edge(random, layer, x) }
}

#[cold]
fn exponential_at_the_edge(random: &mut Random, layer: usize, x: f64) -> f64 {
    if layer == 0 {
        // Without memory: the tail is the law itself, moved.
        return EXPONENTIAL_TAIL - libm::log(uniform_above_zero(random));
    }
    if under_the_curve(&EXPONENTIAL, random, layer, libm::exp(-x)) {
        return x;
    }
    exponential(random)
}

/// A normal variate of mean 0 and standard deviation 1.
#[inline]
pub(super) fn normal(random: &mut Random) -> f64 {
    let bits = random.next_u64();
    let layer = (bits & 0xff) as usize;
    let x = (bits.cast_signed() >> 11) as f64 * SIGNED_UNIT * NORMAL.edge[layer];
    if libm::fabs(x) < NORMAL.edge[layer + 1] { x } else { normal_at_the_edge(random, layer, x) }
}

#[cold]
fn normal_at_the_edge(random: &mut Random, layer: usize, x: f64) -> f64 {
    if layer == 0 {
        let tail = normal_tail(random);
        return if x < 0.0 { -tail } else { tail };
    }
    if under_the_curve(&NORMAL, random, layer, libm::exp(-0.5 * x * x)) {
        return x;
    }
    normal(random)
}

/// The right tail, by Marsaglia's method (1964).
fn normal_tail(random: &mut Random) -> f64 {
    loop {
        let x = -libm::log(uniform_above_zero(random)) / NORMAL_TAIL;
        let y = -libm::log(uniform_above_zero(random));
        if y + y >= x * x {
            return NORMAL_TAIL + x;
        }
    }
}

/// Whether a random height within the layer is below the density.
fn under_the_curve(law: &Ziggurat, random: &mut Random, layer: usize, density: f64) -> bool {
    let (bottom, top) = (law.density[layer], law.density[layer + 1]);
    bottom + (top - bottom) * random.uniform() < density
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compiler_s_arithmetic_agrees_with_libm() {
        for step in 0..=600 {
            let x = f64::from(step) * -0.1;
            assert!((exp(x) / libm::exp(x) - 1.0).abs() < 2e-15 * (1.0 - x), "exp {x}");
            let y = libm::exp(x * 0.1);
            assert!((ln(y) - x * 0.1).abs() < 1e-14, "ln {y}");
            if step > 0 {
                assert!((sqrt(-x) / libm::sqrt(-x) - 1.0).abs() < 1e-15, "sqrt {x}");
            }
        }
    }

    #[test]
    fn the_layers_end_at_the_mode() {
        for (law, area) in [(&EXPONENTIAL, EXPONENTIAL_AREA), (&NORMAL, NORMAL_AREA)] {
            let top = law.edge[LAYERS - 1] * (1.0 - law.density[LAYERS - 1]);
            assert!((top / area - 1.0).abs() < 1e-12, "{top} {area}");
            assert!(law.edge.is_sorted_by(|a, b| a > b));
        }
    }
}
