//! The files of a deployment, as they are stored: JSON of text by path, gzip.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use script::Files;

use crate::secret::sha256_hex;

/// The most that a deployment may hold, in bytes of text.
pub(super) const MAX_BYTES: usize = 20 * 1024 * 1024;

/// Stored files can't be read.
#[derive(Debug, thiserror::Error)]
#[error("the stored files of a workflow can't be read")]
pub struct Damaged(#[from] std::io::Error);

/// The files as bytes, and the digest of those by which equal files are found again.
pub(super) fn pack(files: &Files) -> (String, Vec<u8>) {
    let all: BTreeMap<_, _> = files.iter().collect();
    let json = serde_json::to_vec(&all).expect("texts are plain data");
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed
        .write_all(&json)
        .expect("memory takes what is written");
    let packed = packed.finish().expect("memory takes what is written");
    (sha256_hex(&json), packed)
}

/// The files again.
pub(super) fn unpack(packed: &[u8]) -> Result<Files, Damaged> {
    let mut json = Vec::new();
    let most = u64::try_from(2 * MAX_BYTES).unwrap_or(u64::MAX);
    GzDecoder::new(packed).take(most).read_to_end(&mut json)?;
    let all: BTreeMap<String, String> =
        serde_json::from_slice(&json).map_err(std::io::Error::from)?;
    Ok(all.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked() {
        let files = Files::from_iter([("a.ts", "1"), ("b/c.ts", "ü")]);
        let (hash, packed) = pack(&files);
        assert_eq!(unpack(&packed).unwrap(), files);
        assert_eq!(pack(&files).0, hash);
        assert!(unpack(b"nonsense").is_err());
    }
}
