//! DES (FIPS 46-3) as crypt(3) uses it: with a salt that swaps bits after the expansion, and repeated.
//!
//! The DES of the usual libraries has no place for the salt. It is here for old hashes only, not for encryption.
//! Tables are built at compile time from those of the standard, where bit 1 is the most significant.

const IP: [u8; 64] = [
    58, 50, 42, 34, 26, 18, 10, 2, 60, 52, 44, 36, 28, 20, 12, 4, 62, 54, 46, 38, 30, 22, 14, 6,
    64, 56, 48, 40, 32, 24, 16, 8, 57, 49, 41, 33, 25, 17, 9, 1, 59, 51, 43, 35, 27, 19, 11, 3, 61,
    53, 45, 37, 29, 21, 13, 5, 63, 55, 47, 39, 31, 23, 15, 7,
];

const FP: [u8; 64] = [
    40, 8, 48, 16, 56, 24, 64, 32, 39, 7, 47, 15, 55, 23, 63, 31, 38, 6, 46, 14, 54, 22, 62, 30,
    37, 5, 45, 13, 53, 21, 61, 29, 36, 4, 44, 12, 52, 20, 60, 28, 35, 3, 43, 11, 51, 19, 59, 27,
    34, 2, 42, 10, 50, 18, 58, 26, 33, 1, 41, 9, 49, 17, 57, 25,
];

const PC1: [u8; 56] = [
    57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60,
    52, 44, 36, 63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29,
    21, 13, 5, 28, 20, 12, 4,
];

const PC2: [u8; 48] = [
    14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2, 41, 52,
    31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
];

const P: [u8; 32] = [
    16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19,
    13, 30, 6, 22, 11, 4, 25,
];

/// How far the halves of the key turn before each round.
const TURNS: [u32; 16] = [1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1];

const S: [[u8; 64]; 8] = [
    [
        14, 4, 13, 1, 2, 15, 11, 8, 3, 10, 6, 12, 5, 9, 0, 7, 0, 15, 7, 4, 14, 2, 13, 1, 10, 6, 12,
        11, 9, 5, 3, 8, 4, 1, 14, 8, 13, 6, 2, 11, 15, 12, 9, 7, 3, 10, 5, 0, 15, 12, 8, 2, 4, 9,
        1, 7, 5, 11, 3, 14, 10, 0, 6, 13,
    ],
    [
        15, 1, 8, 14, 6, 11, 3, 4, 9, 7, 2, 13, 12, 0, 5, 10, 3, 13, 4, 7, 15, 2, 8, 14, 12, 0, 1,
        10, 6, 9, 11, 5, 0, 14, 7, 11, 10, 4, 13, 1, 5, 8, 12, 6, 9, 3, 2, 15, 13, 8, 10, 1, 3, 15,
        4, 2, 11, 6, 7, 12, 0, 5, 14, 9,
    ],
    [
        10, 0, 9, 14, 6, 3, 15, 5, 1, 13, 12, 7, 11, 4, 2, 8, 13, 7, 0, 9, 3, 4, 6, 10, 2, 8, 5,
        14, 12, 11, 15, 1, 13, 6, 4, 9, 8, 15, 3, 0, 11, 1, 2, 12, 5, 10, 14, 7, 1, 10, 13, 0, 6,
        9, 8, 7, 4, 15, 14, 3, 11, 5, 2, 12,
    ],
    [
        7, 13, 14, 3, 0, 6, 9, 10, 1, 2, 8, 5, 11, 12, 4, 15, 13, 8, 11, 5, 6, 15, 0, 3, 4, 7, 2,
        12, 1, 10, 14, 9, 10, 6, 9, 0, 12, 11, 7, 13, 15, 1, 3, 14, 5, 2, 8, 4, 3, 15, 0, 6, 10, 1,
        13, 8, 9, 4, 5, 11, 12, 7, 2, 14,
    ],
    [
        2, 12, 4, 1, 7, 10, 11, 6, 8, 5, 3, 15, 13, 0, 14, 9, 14, 11, 2, 12, 4, 7, 13, 1, 5, 0, 15,
        10, 3, 9, 8, 6, 4, 2, 1, 11, 10, 13, 7, 8, 15, 9, 12, 5, 6, 3, 0, 14, 11, 8, 12, 7, 1, 14,
        2, 13, 6, 15, 0, 9, 10, 4, 5, 3,
    ],
    [
        12, 1, 10, 15, 9, 2, 6, 8, 0, 13, 3, 4, 14, 7, 5, 11, 10, 15, 4, 2, 7, 12, 9, 5, 6, 1, 13,
        14, 0, 11, 3, 8, 9, 14, 15, 5, 2, 8, 12, 3, 7, 0, 4, 10, 1, 13, 11, 6, 4, 3, 2, 12, 9, 5,
        15, 10, 11, 14, 1, 7, 6, 0, 8, 13,
    ],
    [
        4, 11, 2, 14, 15, 0, 8, 13, 3, 12, 9, 7, 5, 10, 6, 1, 13, 0, 11, 7, 4, 9, 1, 10, 14, 3, 5,
        12, 2, 15, 8, 6, 1, 4, 11, 13, 12, 3, 7, 14, 10, 15, 6, 8, 0, 5, 9, 2, 6, 11, 13, 8, 1, 4,
        10, 7, 9, 5, 0, 15, 14, 2, 3, 12,
    ],
    [
        13, 2, 8, 4, 6, 15, 11, 1, 10, 9, 3, 14, 5, 0, 12, 7, 1, 15, 13, 8, 10, 3, 7, 4, 12, 5, 6,
        11, 0, 14, 9, 2, 7, 11, 4, 1, 9, 12, 14, 2, 0, 6, 10, 13, 15, 3, 5, 8, 2, 1, 14, 7, 4, 10,
        8, 13, 15, 12, 9, 0, 3, 5, 6, 11,
    ],
];

/// Each S-box followed by the permutation P: six bits in, their share of the 32 bits out.
static SP: [[u32; 64]; 8] = substitutions();

const fn substitutions() -> [[u32; 64]; 8] {
    let mut table = [[0; 64]; 8];
    let mut group = 0;
    while group < 8 {
        let mut bits = 0;
        while bits < 64 {
            // The outer two bits choose the row, the inner four the column.
            let row = (bits >> 4 & 2) | (bits & 1);
            let value = S[group][row << 4 | (bits >> 1 & 15)] as u64;
            table[group][bits] = (permute(value << (28 - 4 * group), 32, &P) & 0xffff_ffff) as u32;
            bits += 1;
        }
        group += 1;
    }
    table
}

/// Takes the bits of `input`, which has `width`, in the order of the table; bit 1 is the most significant.
const fn permute(input: u64, width: u8, table: &[u8]) -> u64 {
    let mut output = 0;
    let mut index = 0;
    while index < table.len() {
        output = output << 1 | (input >> (width - table[index]) & 1);
        index += 1;
    }
    output
}

/// The round keys of one DES key.
pub(crate) struct Key([u64; 16]);

impl Key {
    /// Schedules a key of 64 bits, of which the lowest of each byte is unused.
    pub(crate) fn new(key: u64) -> Self {
        const HALF: u64 = (1 << 28) - 1;
        let chosen = permute(key, 64, &PC1);
        let (mut left, mut right) = (chosen >> 28, chosen & HALF);
        Self(TURNS.map(|turns| {
            left = (left << turns | left >> (28 - turns)) & HALF;
            right = (right << turns | right >> (28 - turns)) & HALF;
            permute(left << 28 | right, 56, &PC2)
        }))
    }

    /// Encrypts a block as many times as `count` says. Bit n of the salt swaps bits n and n + 24 of the expansion.
    pub(crate) fn encrypt(&self, block: u64, salt: u32, count: u32) -> u64 {
        let salt = u64::from((salt & 0xff_ffff).reverse_bits() >> 8);
        let block = permute(block, 64, &IP);
        let (mut left, mut right) = ((block >> 32) as u32, (block & 0xffff_ffff) as u32);
        for _ in 0..count {
            for key in &self.0 {
                (left, right) = (right, left ^ round(right, *key, salt));
            }
            (left, right) = (right, left);
        }
        permute(u64::from(left) << 32 | u64::from(right), 64, &FP)
    }
}

/// The function of one round: expand, salt, mix in the key, substitute, permute.
fn round(half: u32, key: u64, salt: u64) -> u32 {
    let expanded = (0..8).fold(0, |bits, group| {
        bits << 6 | u64::from(half.rotate_left(4 * group + 31) >> 26)
    });
    let swapped = (expanded >> 24 ^ expanded) & salt;
    let mixed = expanded ^ swapped ^ swapped << 24 ^ key;
    (0..8).fold(0, |output, group| {
        output | SP[group][(mixed >> (42 - 6 * group) & 63) as usize]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_salt_it_is_plain_des() {
        // The worked example of J. Orlin Grabbe, "The DES Algorithm Illustrated".
        assert_eq!(
            Key::new(0x1334_5779_9BBC_DFF1).encrypt(0x0123_4567_89AB_CDEF, 0, 1),
            0x85E8_1354_0F0A_B405
        );
    }
}
