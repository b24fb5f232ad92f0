//! Guessing what columns mean: never panics, and no field is taken twice that can be only once.

#![no_main]

use import::mapping::{self, Column};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(mut guess) = mapping::guess(bytes, None) else {
        return;
    };
    let mut taken: Vec<&str> = guess
        .columns
        .iter()
        .filter_map(Column::taken)
        .filter(|field| !field.is_repeatable)
        .map(|field| field.name)
        .collect();
    let n_taken = taken.len();
    taken.sort_unstable();
    taken.dedup();
    assert_eq!(taken.len(), n_taken, "two columns are one field");
    let mapping = guess.mapping();
    guess.decide(&mapping);
});
