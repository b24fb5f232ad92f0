//! The reader of organizations: never panics, and gives no organization without a name.

#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(rows) = import::organization::open(Cursor::new(bytes.to_vec())) else {
        return;
    };
    for row in rows.flatten() {
        assert!(!row.record.name.trim().is_empty());
    }
});
