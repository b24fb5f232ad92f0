//! UTF-16 to UTF-8, as a reader.

use std::io::{self, Read};

/// Reads the UTF-8 form of a UTF-16 text.
pub(super) struct Utf16<R> {
    input: R,
    to_unit: fn([u8; 2]) -> u16,
    /// Bytes that were read and do not yet make a character.
    raw: Vec<u8>,
    text: String,
    /// How much of `text` was handed out.
    given: usize,
}

#[derive(Debug, thiserror::Error)]
#[error("the text is not UTF-16")]
struct Malformed;

/// Whether the bytes themselves were the trouble.
pub(super) fn is_malformed(error: &io::Error) -> bool {
    error
        .get_ref()
        .is_some_and(|inner| inner.downcast_ref::<Malformed>().is_some())
}

impl<R: Read> Utf16<R> {
    pub(super) fn little_endian(input: R) -> Self {
        Self::new(input, u16::from_le_bytes)
    }

    pub(super) fn big_endian(input: R) -> Self {
        Self::new(input, u16::from_be_bytes)
    }

    fn new(input: R, to_unit: fn([u8; 2]) -> u16) -> Self {
        Self {
            input,
            to_unit,
            raw: Vec::new(),
            text: String::new(),
            given: 0,
        }
    }

    /// Fills `text` anew; leaves it empty at the end.
    fn refill(&mut self) -> io::Result<()> {
        let malformed = || io::Error::new(io::ErrorKind::InvalidData, Malformed);
        self.text.clear();
        self.given = 0;
        while self.text.is_empty() {
            let n_read = self
                .input
                .by_ref()
                .take(16 * 1024)
                .read_to_end(&mut self.raw)?;
            if n_read == 0 {
                return if self.raw.is_empty() {
                    Ok(())
                } else {
                    Err(malformed())
                };
            }
            let (pairs, _) = self.raw.as_chunks::<2>();
            let mut units: Vec<u16> = pairs.iter().map(|pair| (self.to_unit)(*pair)).collect();
            // The first half of a pair waits for the second.
            if units
                .last()
                .is_some_and(|unit| (0xd800..0xdc00).contains(unit))
            {
                units.pop();
            }
            self.text = String::from_utf16(&units).map_err(|_| malformed())?;
            self.raw.drain(..2 * units.len());
        }
        Ok(())
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.text.len() {
            self.refill()?;
        }
        let rest = &self.text.as_bytes()[self.given..];
        let n_given = rest.len().min(buffer.len());
        buffer[..n_given].copy_from_slice(&rest[..n_given]);
        self.given += n_given;
        Ok(n_given)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn pairs_of_units_survive_any_cut() {
        let text = "a😀".repeat(9_000);
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let mut read = String::new();
        Utf16::big_endian(Cursor::new(bytes))
            .read_to_string(&mut read)
            .unwrap();
        assert_eq!(read, text);
    }

    #[test]
    fn half_a_character_is_an_error() {
        for bytes in [
            &[0x61, 0x00, 0x61][..],
            &[0x3d, 0xd8],
            &[0x00, 0xde, 0x61, 0x00],
        ] {
            let error = Utf16::little_endian(bytes)
                .read_to_string(&mut String::new())
                .unwrap_err();
            assert!(is_malformed(&error));
        }
    }
}
