//! The ways in which schemes write bytes: hexadecimal and the dialects of base64.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_encode_padding(false)
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);

const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// bcrypt's own alphabet, most significant bits first. The last character of salt and digest carries unused bits,
/// which encoders fill as they please.
const BCRYPT: GeneralPurpose = GeneralPurpose::new(&alphabet::BCRYPT, LENIENT);

/// The alphabet of crypt(3) and phpass, read least significant bits first.
const CRYPT64: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Hexadecimal, any case.
pub(crate) fn hex(text: &str) -> Option<Vec<u8>> {
    hex::decode(text).ok()
}

/// Base64, standard or URL-safe, padded or not: Firebase, PHC strings and Auth0 differ in both.
pub(crate) fn base64(text: &str) -> Option<Vec<u8>> {
    let engine = if text.bytes().any(|byte| byte == b'-' || byte == b'_') {
        &URL_SAFE
    } else {
        &STANDARD
    };
    engine.decode(text).ok()
}

/// Standard base64 with padding.
pub(crate) fn to_base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// Standard base64 without padding, as PHC strings have it.
pub(crate) fn to_base64_unpadded(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// passlib's adapted base64: `.` for `+`, no padding.
pub(crate) fn adapted_base64(text: &str) -> Option<Vec<u8>> {
    if text.contains('.') {
        base64(&text.replace('.', "+"))
    } else {
        base64(text)
    }
}

/// bcrypt's base64.
pub(crate) fn bcrypt64(text: &str) -> Option<Vec<u8>> {
    BCRYPT.decode(text).ok()
}

/// Bytes in bcrypt's base64.
pub(crate) fn to_bcrypt64(bytes: &[u8]) -> String {
    BCRYPT.encode(bytes)
}

/// The value of one character of crypt(3)'s alphabet.
pub(crate) fn crypt64_value(byte: u8) -> Option<u8> {
    match byte {
        b'.' => Some(0),
        b'/' => Some(1),
        b'0'..=b'9' => Some(byte - b'0' + 2),
        b'A'..=b'Z' => Some(byte - b'A' + 12),
        b'a'..=b'z' => Some(byte - b'a' + 38),
        _ => None,
    }
}

/// Whether every character is of crypt(3)'s alphabet.
pub(crate) fn is_crypt64(text: &str) -> bool {
    text.bytes().all(|byte| crypt64_value(byte).is_some())
}

/// A little-endian number in crypt(3)'s alphabet.
pub(crate) fn crypt64_number(text: &str) -> Option<u32> {
    text.bytes().rev().try_fold(0, |number, byte| {
        Some(number << 6 | u32::from(crypt64_value(byte)?))
    })
}

/// Bytes in crypt(3)'s alphabet: three bytes make four characters, least significant bits first.
pub(crate) fn to_crypt64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let mut number = group
            .iter()
            .rev()
            .fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
        for _ in 0..=group.len() {
            text.push(char::from(CRYPT64[(number & 63) as usize]));
            number >>= 6;
        }
    }
    text
}

/// 64 bits as DES crypt writes them: eleven characters, most significant bits first, two zero bits at the end.
pub(crate) fn to_crypt64_big_endian(block: u64) -> String {
    let bits = u128::from(block) << 2;
    (0..11)
        .rev()
        .map(|index| char::from(CRYPT64[(bits >> (6 * index) & 63) as usize]))
        .collect()
}

/// The bytes of a text in crypt(3)'s alphabet; left-over bits are dropped.
pub(crate) fn crypt64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    for group in text.as_bytes().chunks(4) {
        let mut number = 0_u32;
        for (index, byte) in group.iter().enumerate() {
            number |= u32::from(crypt64_value(*byte)?) << (6 * index);
        }
        bytes.extend_from_slice(&number.to_le_bytes()[..group.len() * 6 / 8]);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_in_either_alphabet_padded_or_not() {
        for text in ["+/8=", "-_8=", "+/8", "-_8"] {
            assert_eq!(base64(text).as_deref(), Some(&[0xfb, 0xff][..]), "{text}");
        }
        assert_eq!(base64("not base64!"), None);
    }

    #[test]
    fn crypt64_reads_what_it_writes() {
        for length in 0..40_u8 {
            let bytes: Vec<u8> = (0..length).map(|byte| byte.wrapping_mul(37)).collect();
            assert_eq!(crypt64(&to_crypt64(&bytes)), Some(bytes));
        }
    }
}
