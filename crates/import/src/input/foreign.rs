//! Files that hold people in a form which is not read here, known by their first bytes: whoever gives one is told what to do,
//! instead of that it is no text.

/// Enough bytes to know each.
pub(super) const LONGEST: usize = 16;

const FORMS: &[(&[u8], &str)] = &[
    (
        b"PK\x03\x04",
        "a ZIP archive or a spreadsheet; unpack it, or save the sheet as CSV",
    ),
    (
        b"PGDMP",
        "an archive of pg_dump; dump with --format=plain, or turn it into SQL by pg_restore --file=dump.sql",
    ),
    (
        b"SQLite format 3\0",
        "a SQLite database; turn it into SQL by sqlite3 FILE .dump",
    ),
    (
        b"\xfd7zXZ\0",
        "packed with xz; unpack it, or pack it with gzip",
    ),
    (
        b"\x28\xb5\x2f\xfd",
        "packed with zstd; unpack it, or pack it with gzip",
    ),
];

/// What the file is, and what to do; `None` for one that may be text.
pub(super) fn form(head: &[u8]) -> Option<&'static str> {
    // bzip2 has a digit between its two marks.
    if head.starts_with(b"BZh") && head.get(4..10) == Some(b"1AY&SY") {
        return Some("packed with bzip2; unpack it, or pack it with gzip");
    }
    let found = FORMS.iter().find(|(mark, _)| head.starts_with(mark));
    found.map(|(_, what)| *what)
}
