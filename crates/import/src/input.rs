//! Bytes of an export file, made plain: unpacked if gzip, UTF-8 whatever they were, without byte order mark.
//!
//! Accepted encodings are UTF-8 and UTF-16 with a byte order mark. Others are refused, not guessed: a wrong guess turns
//! every `ö` into something else, and nobody notices until the person cannot sign in.

mod foreign;
mod utf16;

use std::io::{self, Chain, Cursor, Read};

use flate2::read::MultiGzDecoder;

use crate::problem::FileError;

/// How much is read at once.
const CHUNK: usize = 64 * 1024;

/// 64 KiB: the start of a file that is looked at before it is read.
pub(crate) const HEAD: usize = 64 * 1024;

/// 1 MiB: the longest row that is read into memory. Real rows are a thousand times shorter.
pub(crate) const MAX_ROW: usize = 1024 * 1024;

/// A source of plain bytes that may move between threads.
pub(crate) type Bytes = Box<dyn Read + Send>;

/// A reader that gives back the bytes which were looked at.
type Replayed<R> = Chain<Cursor<Vec<u8>>, R>;

/// Unpacks and transcodes as the first bytes demand.
pub(crate) fn plain(input: impl Read + Send + 'static) -> Result<Bytes, FileError> {
    let (head, input) = peek(input, 2)?;
    // RFC 1952 §2.3.1: the two magic bytes. No text file begins so.
    if head.starts_with(&[0x1f, 0x8b]) {
        decoded(MultiGzDecoder::new(input))
    } else {
        decoded(input)
    }
}

fn decoded(input: impl Read + Send + 'static) -> Result<Bytes, FileError> {
    let (head, input) = peek(input, foreign::LONGEST.max(4))?;
    if let Some(form) = foreign::form(&head) {
        return Err(FileError::ForeignForm(form));
    }
    // UTF-32 begins with the mark of UTF-16 and a zero character.
    if head.starts_with(&[0xff, 0xfe, 0, 0]) || head.starts_with(&[0, 0, 0xfe, 0xff]) {
        return Err(FileError::UnsupportedEncoding { line: 1 });
    }
    if head.starts_with(&[0xef, 0xbb, 0xbf]) {
        return Ok(Box::new(skip(input, 3)?));
    }
    if head.starts_with(&[0xff, 0xfe]) {
        return Ok(Box::new(utf16::Utf16::little_endian(skip(input, 2)?)));
    }
    if head.starts_with(&[0xfe, 0xff]) {
        return Ok(Box::new(utf16::Utf16::big_endian(skip(input, 2)?)));
    }
    // Text has no zero bytes; UTF-16 without its mark has one in every other place.
    if head.iter().take(3).any(|byte| *byte == 0) {
        return Err(FileError::UnsupportedEncoding { line: 1 });
    }
    Ok(Box::new(input))
}

fn peek<R: Read>(mut input: R, n_bytes: usize) -> io::Result<(Vec<u8>, Replayed<R>)> {
    let mut head = Vec::with_capacity(n_bytes);
    input.by_ref().take(n_bytes as u64).read_to_end(&mut head)?;
    Ok((head.clone(), Cursor::new(head).chain(input)))
}

/// The text at the start. A packed file that was cut where `head` ends gives what it can.
pub(crate) fn unpacked(head: &[u8]) -> Result<Vec<u8>, FileError> {
    let mut text = Vec::new();
    let mut plain = plain(Cursor::new(head.to_vec()))?.take(HEAD as u64);
    let mut chunk = [0; 4096];
    loop {
        match plain.read(&mut chunk) {
            Ok(0) => return Ok(text),
            Ok(n_bytes) => text.extend_from_slice(&chunk[..n_bytes]),
            Err(error) if text.is_empty() => return Err(unreadable(error, 1)),
            Err(_) => return Ok(text),
        }
    }
}

/// The first `n_bytes`, or fewer if the input is short, and the input from its beginning.
pub(crate) fn head(input: Bytes, n_bytes: usize) -> Result<(Vec<u8>, Bytes), FileError> {
    let mut head = vec![0; n_bytes];
    let mut input = input;
    let mut filled = 0;
    let failed = loop {
        match input.read(&mut head[filled..]) {
            Ok(0) => break None,
            Ok(n) => filled += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            // What was read is good; whoever reads on meets the error in its place.
            Err(error) => break Some(error),
        }
    };
    head.truncate(filled);
    let replayed = Cursor::new(head.clone());
    Ok(match failed {
        None => (head, Box::new(replayed.chain(input))),
        Some(error) if filled == 0 => return Err(unreadable(error, 1)),
        Some(error) => (head, Box::new(replayed.chain(Failing(Some(error))))),
    })
}

/// Gives the error that was met before its turn, and then nothing.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

fn skip<R: Read>(mut input: R, n_bytes: usize) -> io::Result<R> {
    let mut mark = [0; 3];
    input.read_exact(&mut mark[..n_bytes])?;
    Ok(input)
}

/// A stretch of the input in memory: what was read and not yet used. It grows as its user asks, and never by itself.
pub(crate) struct Window {
    input: Bytes,
    bytes: Vec<u8>,
    start: usize,
    ended: bool,
}

impl Window {
    pub(crate) fn new(input: Bytes) -> Self {
        Self {
            input,
            bytes: Vec::with_capacity(2 * CHUNK),
            start: 0,
            ended: false,
        }
    }

    /// What is there and not yet used.
    pub(crate) fn pending(&self) -> &[u8] {
        &self.bytes[self.start..]
    }

    /// Whether nothing can follow what is pending.
    pub(crate) fn has_ended(&self) -> bool {
        self.ended
    }

    /// Reads on. What is pending stays where it is, counted from its start. Does nothing at the end.
    pub(crate) fn grow(&mut self) -> io::Result<()> {
        if self.start > 0 {
            self.bytes.drain(..self.start);
            self.start = 0;
        }
        let filled = self.bytes.len();
        self.bytes.resize(filled + CHUNK, 0);
        let outcome = loop {
            match self.input.read(&mut self.bytes[filled..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                outcome => break outcome,
            }
        };
        self.bytes
            .truncate(filled + outcome.as_ref().map_or(0, |n| *n));
        self.ended = !matches!(outcome, Ok(1..));
        outcome.map(drop)
    }

    /// Gives up the first `n_bytes` of what is pending.
    pub(crate) fn consume(&mut self, n_bytes: usize) {
        self.start += n_bytes;
    }
}

/// Reads a whole file to see whether its encoding is one that is accepted, as [`open`](crate::source::open) will
/// find it row by row. Call it first where the file can be read twice, so that a file in a foreign encoding is refused
/// whole and not half taken.
///
/// # Errors
///
/// [`FileError::UnsupportedEncoding`] with the first line at fault; [`FileError::Unreadable`].
pub fn check_encoding(input: impl Read + Send + 'static) -> Result<(), FileError> {
    let mut window = Window::new(plain(input)?);
    let mut line = 1;
    while !window.has_ended() {
        window.grow().map_err(|error| unreadable(error, line))?;
        let pending = window.pending();
        let (n_valid, is_broken) = match std::str::from_utf8(pending) {
            Ok(_) => (pending.len(), false),
            // A character may be cut by the end of the chunk, but not by the end of the file.
            Err(error) => (
                error.valid_up_to(),
                error.error_len().is_some() || window.has_ended(),
            ),
        };
        line += count_lines(&pending[..n_valid]);
        if is_broken {
            return Err(FileError::UnsupportedEncoding { line });
        }
        window.consume(n_valid);
    }
    Ok(())
}

/// An error of the reader below: of the transcoder if the bytes are to blame, of the disk or the network otherwise.
pub(crate) fn unreadable(error: io::Error, line: u64) -> FileError {
    if utf16::is_malformed(&error) {
        FileError::UnsupportedEncoding { line }
    } else {
        FileError::Unreadable(error)
    }
}

/// How many line feeds there are.
pub(crate) fn count_lines(bytes: &[u8]) -> u64 {
    bytes.iter().map(|&byte| u64::from(byte == b'\n')).sum()
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn read(bytes: Vec<u8>) -> Result<String, FileError> {
        let mut text = String::new();
        plain(Cursor::new(bytes))?.read_to_string(&mut text)?;
        Ok(text)
    }

    #[test]
    fn a_byte_order_mark_is_not_part_of_the_text() {
        assert_eq!(read(b"\xef\xbb\xbfid,email".to_vec()).unwrap(), "id,email");
        assert_eq!(read(b"id,email".to_vec()).unwrap(), "id,email");
        assert_eq!(read(Vec::new()).unwrap(), "");
    }

    #[test]
    fn gzip_is_unpacked_even_in_several_members() {
        let mut packed = Vec::new();
        for part in ["id,em", "ail\n"] {
            let mut encoder =
                flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(part.as_bytes()).unwrap();
            packed.extend(encoder.finish().unwrap());
        }
        assert_eq!(read(packed).unwrap(), "id,email\n");
    }

    #[test]
    fn a_file_in_another_form_is_told_what_to_do_with() {
        for (head, word) in [
            (&b"PK\x03\x04rest"[..], "spreadsheet"),
            (b"PGDMP\x01\x0e\0", "pg_restore"),
            (b"SQLite format 3\0rest", "sqlite3"),
            (b"BZh91AY&SYrest", "bzip2"),
            (b"\xfd7zXZ\0rest", "xz"),
            (b"\x28\xb5\x2f\xfdrest", "zstd"),
        ] {
            let error = read(head.to_vec()).unwrap_err();
            assert_eq!(error.code(), "unsupported_form");
            assert!(error.to_string().contains(word), "{error}");
        }
        assert!(read(b"BZh,email".to_vec()).is_ok());
    }

    #[test]
    fn utf_16_needs_its_mark() {
        let little: Vec<u8> = "\u{feff}äö"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let big: Vec<u8> = "\u{feff}äö"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        assert_eq!(read(little.clone()).unwrap(), "äö");
        assert_eq!(read(big).unwrap(), "äö");
        let unmarked: Vec<u8> = "id,email"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(read(unmarked).unwrap_err().code(), "unsupported_encoding");
    }

    #[test]
    fn a_foreign_encoding_is_found_with_its_line() {
        let latin_1 = b"id,first_name\n1,Mara\n2,J\xf6rg\n".to_vec();
        let error = check_encoding(Cursor::new(latin_1)).unwrap_err();
        assert!(
            matches!(error, FileError::UnsupportedEncoding { line: 3 }),
            "{error}"
        );
        let cut = "id\nJö".as_bytes()[..5].to_vec();
        let error = check_encoding(Cursor::new(cut)).unwrap_err();
        assert!(
            matches!(error, FileError::UnsupportedEncoding { line: 2 }),
            "{error}"
        );
        let good = "ö".repeat(CHUNK);
        assert!(check_encoding(Cursor::new(good.into_bytes())).is_ok());
    }
}
