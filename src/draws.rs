//! Random numbers by key (seed of the replicate, round, purpose, unit) and position in the stream.
//!
//! A draw depends on what it decides, not on how many draws came before it or on the thread. So a different choice
//! of one agent does not change the random numbers of others, and two versions of one world share every draw that
//! both make.
//!
//! The generator is ChaCha with 8 rounds. Its 256-bit key is the seed of the replicate (64 bits), the version of the
//! scheme (32), the round (32), the purpose (32), the unit (64) and zeros (32). A stream is a sequence of 32-bit
//! words, numbered from 0.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::rand_core::block::Generator;
use rand_chacha::{ChaCha8Core, ChaCha8Rng};

/// Name of this scheme in manifests. A result can be repeated only under the same scheme.
pub(crate) const SCHEME: &str = "chacha8-keyed-2";

/// Version of the scheme, a part of every key.
const VERSION: u32 = 2;

/// The purpose of a stream. The numbers are part of the scheme: append, never renumber.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Purpose {
    /// Initial strategies (a word per agent).
    InitialStrategies = 1,
    /// Expertise (a word per agent).
    Expertise = 2,
    /// Initial ties (unit: agent).
    StartTies = 3,
    /// Whether a need opens, and in which domain (2 words per agent).
    Needs = 4,
    /// Whether an agent attends, and its position in the order of guests (2 words per agent).
    Attendance = 5,
    /// Pairs, turns and judgements at an event (unit: event).
    Event = 6,
    /// Judgements of bystanders at an event (unit: event).
    Bystanders = 7,
    /// Whether an agent with an open need searches for an expert (a word per agent).
    StartSearch = 8,
    /// A caller's search and its judgements (unit: caller).
    Call = 9,
    /// Gossip (3 words per agent).
    Gossip = 10,
    /// Strategies of newcomers (a word per agent).
    Newcomers = 11,
    /// Imitation and mutation (6 words per agent).
    Evolution = 12,
    /// The choice of partners at an event (unit: event; 4 words per seat and slot).
    Choices = 13,
    /// The focal agents of a bet (a word per agent).
    Focals = 14,
    /// The points of a sweep (unit: point, trajectory or factor).
    Design = 15,
    /// Orders in which traits are changed, if there are too many combinations (unit: agent).
    Orders = 16,
    /// Made-up outcomes in tests. Earlier versions drew rows of a design for a bootstrap.
    #[allow(dead_code, reason = "its number stays taken")]
    Resampling = 17,
    /// Whether a guest travels, and to which town (2 words per agent).
    Travel = 18,
    /// Whether guests stay in their conversations (unit: event; a word per seat and slot).
    Linger = 19,
    /// Unused. Earlier versions drew worlds for a bootstrap of a bet's break-even.
    #[allow(dead_code, reason = "its number stays taken")]
    BreakEven = 20,
    /// Rotations of the replicates of a sweep (unit: 0; 4 words per replicate and rotation).
    Rotations = 21,
    /// Whether guests who want to end a conversation stay out of politeness (unit: event; a word per seat and slot).
    Politeness = 24,
    /// Whether a guest who was helped pays forward at this round's mixer (a word per agent).
    PayForward = 25,
    /// What differs between people (16 words per agent, in the round of its birth).
    People = 26,
    /// How much a need is worth that arises (a word per agent).
    NeedSizes = 27,
    /// Whether an agent returns a favour to another (unit: the agent; a word per other agent).
    Reciprocity = 28,
}

/// The key of one replicate's random numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RandomKey {
    seed: u64,
}

impl RandomKey {
    /// The key for a replicate's seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// The stream of a purpose and unit in a round, at its first word.
    pub(crate) fn stream(self, round: u32, purpose: Purpose, unit: u64) -> Stream {
        Stream { words: ChaCha8Rng::from_seed(self.key(round, purpose, unit)) }
    }

    /// The same stream, in whole blocks.
    pub(crate) fn blocks(self, round: u32, purpose: Purpose, unit: u64) -> Blocks {
        Blocks { words: ChaCha8Core::from_seed(self.key(round, purpose, unit)) }
    }

    fn key(self, round: u32, purpose: Purpose, unit: u64) -> [u8; 32] {
        let mut key = [0; 32];
        key[0..8].copy_from_slice(&self.seed.to_le_bytes());
        key[8..12].copy_from_slice(&VERSION.to_le_bytes());
        key[12..16].copy_from_slice(&round.to_le_bytes());
        key[16..20].copy_from_slice(&(purpose as u32).to_le_bytes());
        key[20..28].copy_from_slice(&unit.to_le_bytes());
        key
    }

    /// The stream of a purpose with `width` words per agent, at the first word of agent `first`.
    pub(crate) fn agents(self, round: u32, purpose: Purpose, first: u32, width: u32) -> Stream {
        let mut stream = self.stream(round, purpose, 0);
        stream.seek(u64::from(first) * u64::from(width));
        stream
    }
}

/// A stream of 32-bit words.
#[derive(Clone, Debug)]
pub(crate) struct Stream {
    words: ChaCha8Rng,
}

impl Stream {
    /// Goes to word `position`.
    pub(crate) fn seek(&mut self, position: u64) {
        self.words.set_word_pos(u128::from(position));
    }

    /// The word at `position`.
    pub(crate) fn word_at(&mut self, position: u64) -> u32 {
        self.seek(position);
        self.word()
    }

    /// The next word.
    #[inline]
    pub(crate) fn word(&mut self) -> u32 {
        self.words.next_u32()
    }

    /// The next two words as one number.
    #[inline]
    pub(crate) fn wide(&mut self) -> u64 {
        self.words.next_u64()
    }

    /// Fills `words` with the next words.
    #[inline]
    pub(crate) fn fill(&mut self, words: &mut [u32]) {
        // In whole blocks, which is several times faster than word by word.
        RngExt::fill(&mut self.words, words);
    }
}

/// A stream that is read in whole blocks from its first word on. Blocks are generated in the caller's memory, which
/// is the fastest way to read many words in order.
#[derive(Clone, Debug)]
pub(crate) struct Blocks {
    words: ChaCha8Core,
}

/// Number of words in a block.
pub(crate) const BLOCK: usize = 64;

impl Blocks {
    /// Fills `words` with the next block.
    #[inline]
    pub(crate) fn fill(&mut self, words: &mut [u32; BLOCK]) {
        self.words.generate(words);
    }
}

/// Whether an event of probability `p` (0 to 1) happens, given its random word. It uses the upper 31 bits of the
/// word, so probabilities are exact to 2^-31. With 0 the event never happens, with 1 always.
#[inline]
pub(crate) fn bernoulli(word: u32, p: f64) -> bool {
    f64::from(word >> 1) < p * 2_147_483_648.0
}

/// A probability as an integer threshold for [`happens`]: -1 for never, `i32::MAX` for always.
pub(crate) fn threshold(p: f64) -> i32 {
    let words = p * 2_147_483_648.0;
    // From 0 to 2^31, then to the next whole number; at most 2^31 - 1 after one is taken.
    #[allow(clippy::cast_possible_truncation)]
    let whole = words as i64;
    // Rounds up without a function call, because this is computed for single acts too.
    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
    let last = (whole + i64::from((whole as f64) < words) - 1) as i32;
    last
}

/// Whether an event happens, given its random word and its [`threshold`]. Same result as [`bernoulli`].
#[inline]
pub(crate) fn happens(word: u32, threshold: i32) -> bool {
    (word >> 1).cast_signed() <= threshold
}

/// A number in `0..n`, given its random word; 0 for `n` = 0. All are equally likely, to within n / 2^32.
#[inline]
pub(crate) fn below(word: u32, n: u32) -> u32 {
    // The product of two 32-bit numbers, shifted by 32, has 32 bits.
    #[allow(clippy::cast_possible_truncation)]
    let index = ((u64::from(word) * u64::from(n)) >> 32) as u32;
    index
}

/// A number in `0..n`, given 64 random bits, for picks from a whole population. All are equally likely, to within
/// n / 2^64.
#[inline]
pub(crate) fn below_wide(words: u64, n: u32) -> u32 {
    // The product of 64 and 32 bits, shifted by 64, has 32 bits.
    #[allow(clippy::cast_possible_truncation)]
    let index = ((u128::from(words) * u128::from(n)) >> 64) as u32;
    index
}

/// A random rank of `id`, to choose among equals. For each word, ranks are a permutation of all ids.
#[inline]
pub(crate) fn rank(word: u32, id: u32) -> u32 {
    // The finaliser of Murmur3: each step is a bijection, so no two ids have the same rank.
    let mut h = id ^ word;
    h ^= h >> 16;
    h = h.wrapping_mul(0x85EB_CA6B);
    h ^= h >> 13;
    h = h.wrapping_mul(0xC2B2_AE35).wrapping_add(word);
    h ^= h >> 16;
    h.wrapping_mul(0x9E37_79B1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_yields_its_reference_values() {
        let mut stream = RandomKey::new(1).stream(2, Purpose::Event, 3);
        let words: Vec<u32> = (0..4).map(|_| stream.word()).collect();
        assert_eq!(words, REFERENCE);
    }

    /// Computed by another implementation of ChaCha8 (in Python) from the key as described above.
    const REFERENCE: [u32; 4] = [3_582_233_738, 1_636_244_261, 934_729_878, 1_264_348_428];

    #[test]
    fn a_word_depends_on_its_position_only() {
        let key = RandomKey::new(7);
        let mut all = vec![0; 1000];
        key.stream(3, Purpose::Needs, 0).fill(&mut all);
        for first in [0, 1, 17, 333] {
            let mut stream = key.agents(3, Purpose::Needs, first, 2);
            assert_eq!([stream.word(), stream.word()], all[2 * first as usize..][..2]);
        }
    }

    #[test]
    fn blocks_hold_the_words_of_the_stream() {
        let mut words = [0; 2 * BLOCK];
        RandomKey::new(7).stream(3, Purpose::Event, 9).fill(&mut words);
        let mut blocks = RandomKey::new(7).blocks(3, Purpose::Event, 9);
        for expected in words.as_chunks().0 {
            let mut block = [0; BLOCK];
            blocks.fill(&mut block);
            assert_eq!(&block, expected);
        }
    }

    #[test]
    fn every_part_of_the_key_matters() {
        let first = |seed, round, purpose, unit| RandomKey::new(seed).stream(round, purpose, unit).wide();
        let base = first(1, 2, Purpose::Call, 3);
        assert_ne!(base, first(2, 2, Purpose::Call, 3));
        assert_ne!(base, first(1, 3, Purpose::Call, 3));
        assert_ne!(base, first(1, 2, Purpose::Gossip, 3));
        assert_ne!(base, first(1, 2, Purpose::Call, 3 << 32));
    }

    #[test]
    fn probabilities_of_zero_and_one_are_certain() {
        assert!(!bernoulli(0, 0.0) && bernoulli(u32::MAX, 1.0));
        assert!(bernoulli((1 << 31) - 1, 0.5) && !bernoulli(1 << 31, 0.5));
    }

    #[test]
    fn thresholds_decide_like_probabilities() {
        for p in [0.0, 1e-12, 0.1, 1.0 / 3.0, 0.5, 1.0 - 1e-12, 1.0] {
            let threshold = threshold(p);
            let border = 2 * i64::from(threshold);
            let near = (border - 3..border + 4).filter_map(|word| u32::try_from(word).ok());
            for word in near.chain([0, 1, 1 << 31, u32::MAX]) {
                assert_eq!(happens(word, threshold), bernoulli(word, p), "{word} at {p}");
            }
        }
    }

    #[test]
    fn picks_stay_below_their_bound() {
        assert_eq!((below(0, 5), below(u32::MAX, 5), below(u32::MAX, 0)), (0, 4, 0));
        assert_eq!((below_wide(0, 5), below_wide(u64::MAX, u32::MAX)), (0, u32::MAX - 1));
    }

    #[test]
    fn no_two_ids_share_a_rank() {
        let mut ranks: Vec<u32> = (0..10_000).map(|id| rank(0xDEAD_BEEF, id)).collect();
        ranks.sort_unstable();
        ranks.dedup();
        assert_eq!(ranks.len(), 10_000);
    }
}
