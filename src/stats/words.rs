//! Random words for resampling, the same on every machine.

/// A sequence of words that depends on the seed only: SplitMix64 (Steele, Lea & Flood 2014, OOPSLA, 453-472). It is
/// good enough for tests and resampling; the model has its own generator.
#[derive(Clone, Debug)]
pub(super) struct Words(u64);

impl Words {
    /// The words of a seed.
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next word.
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^ (word >> 31)
    }

    /// A number below `n`; all are equally likely, to within n / 2^64.
    pub(super) fn below(&mut self, n: usize) -> usize {
        let scaled = (u128::from(self.next()) * n as u128) >> 64;
        usize::try_from(scaled).expect("it is below n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_those_of_the_published_generator() {
        // The first outputs for the seed 1234567, as in Vigna's reference code and its many ports.
        let mut words = Words::new(1_234_567);
        assert_eq!(words.next(), 6_457_827_717_110_365_317);
        assert_eq!(words.next(), 3_203_168_211_198_807_973);
        assert_eq!(words.next(), 9_817_491_932_198_370_423);
    }

    #[test]
    fn numbers_are_below_n_and_evenly_distributed() {
        let mut words = Words::new(1);
        let mut counts = [0_i32; 7];
        (0..70_000).for_each(|_| counts[words.below(7)] += 1);
        assert!(counts.iter().all(|c| (c - 10_000).abs() < 400), "{counts:?}");
    }
}
