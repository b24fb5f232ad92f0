//! A set of numbers in a fixed amount of memory, which may take a number for one that it has (Bloom, 1970).

/// 2^28 bits, 32 MiB: of three million numbers, a handful are taken for ones seen before. Pages that nothing falls on cost
/// nothing, so a small file takes little.
const BITS: u64 = 1 << 28;

/// How many bits stand for a number.
const BITS_PER_NUMBER: u64 = 4;

/// Numbers that were seen.
pub(in crate::imports) struct Filter {
    words: Vec<u64>,
}

impl Filter {
    pub(in crate::imports) fn new() -> Self {
        Self {
            words: vec![0; usize::try_from(BITS / 64).expect("the filter fits in memory")],
        }
    }

    /// Whether a number may have been added. If it was, always.
    pub(super) fn may_contain(&self, number: u64) -> bool {
        bits(number).all(|(word, mask)| self.words[word] & mask != 0)
    }

    /// Adds a number; whether it may have been there before. If it was, always.
    pub(super) fn insert(&mut self, number: u64) -> bool {
        let mut was_there = true;
        for (word, mask) in bits(number) {
            was_there &= self.words[word] & mask != 0;
            self.words[word] |= mask;
        }
        was_there
    }
}

/// The bits that stand for a number: each as a word and what it is in the word.
fn bits(number: u64) -> impl Iterator<Item = (usize, u64)> {
    // Two halves of a good hash make as many as are wanted (Kirsch and Mitzenmacher, 2006).
    let (first, step) = (number, number.rotate_left(32) | 1);
    (0..BITS_PER_NUMBER).map(move |round| {
        let bit = first.wrapping_add(step.wrapping_mul(round)) % BITS;
        let word = usize::try_from(bit / 64).expect("a bit lies in the filter");
        (word, 1 << (bit % 64))
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
        let mut filter = Filter::new();
        let mistaken = (0..100_000).filter(|of| filter.insert(number(*of))).count();
        assert!(mistaken < 3, "{mistaken}");
        assert!((0..100_000).all(|of| filter.may_contain(number(of))));
        let mistaken = (100_000..200_000).filter(|of| filter.may_contain(number(*of)));
        assert!(mistaken.count() < 10);
        assert!((0..100_000).all(|of| filter.insert(number(of))));
    }
}
