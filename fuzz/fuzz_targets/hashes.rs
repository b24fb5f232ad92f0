//! Every parser of password hashes: never panics, never repeats a piece of a hash in an error, and what it takes it takes again
//! in the form that is stored.
//!
//! The input is lines: the scheme's name, the hash, then `parameter=value`. Nothing is verified here, as a hash is slow on purpose.

#![no_main]

use libfuzzer_sys::fuzz_target;
use password::{Hash, Params};

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let mut lines = text.split('\n');
    let (scheme, encoded) = (lines.next().unwrap_or(""), lines.next().unwrap_or(""));
    let mut params = Params::default();
    for (name, value) in lines.filter_map(|line| line.split_once('=')) {
        let _ = params.set(name, value);
    }
    check(encoded, Hash::recognize(encoded));
    check(encoded, Hash::parse(scheme, encoded, &params));
});

fn check(encoded: &str, outcome: Result<Hash, password::ParseError>) {
    match outcome {
        Ok(hash) => {
            let again = Hash::parse(hash.scheme(), hash.encoded(), hash.params());
            assert_eq!(again.as_ref(), Ok(&hash), "what is stored can be read");
            let _ = hash.describe();
        }
        Err(error) => {
            // Short pieces are words of the sentence, such as the form that a hash should have; a whole hash is none.
            let is_told = encoded.len() >= 48 && error.to_string().contains(encoded);
            assert!(!is_told, "an error repeats the hash");
        }
    }
}
