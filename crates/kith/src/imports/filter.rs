//! A set of numbers in a fixed amount of memory, which may take a number for one that it has (Bloom, 1970).
//!
//! The bits of a number lie in one line of the processor's cache, so that each costs one look into memory (Putze, Sanders and Singler,
//! *Cache-, Hash- and Space-Efficient Bloom Filters*, 2007).

/// Words in a block: a line of the cache, 512 bits.
const WORDS: usize = 8;

/// Words of a MiB.
const WORDS_OF_MIB: usize = (1 << 20) / 8;

/// How many bits stand for a number.
const BITS_PER_NUMBER: u32 = 8;

/// Numbers that were seen.
pub(in crate::imports) struct Filter {
    /// Block after block. A flat list, for the system gives zeroed memory without touching it.
    words: Vec<u64>,
}

impl Filter {
    /// A set that takes so much memory, a power of two. With 32 MiB none of three million numbers is likely to be taken for one seen
    /// before, and with 64 MiB one in some thousand of thirty million. Pages that nothing falls on cost nothing, so a small file takes
    /// little.
    pub(in crate::imports) fn of_mib(size: usize) -> Self {
        debug_assert!(size.is_power_of_two(), "the lowest bits choose a block");
        Self {
            words: vec![0; size * WORDS_OF_MIB],
        }
    }

    /// Where the block of a number begins: by its lowest bits.
    fn block(&self, number: u64) -> usize {
        let n_blocks = self.words.len() / WORDS;
        let low = usize::try_from(number & 0xffff_ffff).expect("32 bits");
        (low & (n_blocks - 1)) * WORDS
    }

    /// Whether a number may have been added. If it was, always.
    pub(super) fn may_contain(&self, number: u64) -> bool {
        let block = self.block(number);
        bits(number).all(|(word, mask)| self.words[block + word] & mask != 0)
    }

    /// Adds a number; whether it may have been there before. If it was, always.
    pub(super) fn insert(&mut self, number: u64) -> bool {
        let block = self.block(number);
        let block = &mut self.words[block..block + WORDS];
        let mut was_there = true;
        for (word, mask) in bits(number) {
            was_there &= block[word] & mask != 0;
            block[word] |= mask;
        }
        was_there
    }
}

/// The bits that stand for a number: each as a word of its block and what it is in the word.
fn bits(number: u64) -> impl Iterator<Item = (usize, u64)> {
    // Other bits of the number than those that choose the block, mixed (Steele, Lea and Flood, *Fast Splittable Pseudorandom Number
    // Generators*, 2014); nine for each place in the block.
    let mixed = (number >> 24).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = u128::from(mixed) * u128::from(mixed | 1);
    (0..BITS_PER_NUMBER).map(move |round| {
        let place = usize::try_from((mixed >> (28 + 9 * round)) & 511).expect("nine bits");
        (place / 64, 1 << (place % 64))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};

    fn number(of: u64) -> u64 {
        let mut hasher = DefaultHasher::new();
        of.hash(&mut hasher);
        hasher.finish()
    }

    #[test]
    fn what_was_added_is_there_and_hardly_anything_else() {
        let mut filter = Filter::of_mib(32);
        let mistaken = (0..100_000).filter(|of| filter.insert(number(*of))).count();
        assert!(mistaken < 3, "{mistaken}");
        assert!((0..100_000).all(|of| filter.may_contain(number(of))));
        let mistaken = (100_000..200_000).filter(|of| filter.may_contain(number(*of)));
        assert!(mistaken.count() < 10);
        assert!((0..100_000).all(|of| filter.insert(number(of))));
    }
}
