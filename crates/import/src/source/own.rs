//! People's own tables: any CSV or JSON, its columns guessed from names and values, or mapped by hand.
//!
//! They recognize no file by themselves: whatever no provider writes is theirs, if people can be found in it
//! ([`mapping::guess`](crate::mapping::guess)).

use super::{Format, Kind, Source};

/// Tables.
pub(super) const TABLE: Source = Source {
    name: "csv",
    label: "Your own table",
    about: "Any CSV with a header, comma, semicolon, tab or vertical bar: columns are guessed, or mapped with --map.",
    is_prepared: true,
    project_params: &[],
    recognize: |_| None,
    formats: &[Format::Mapped(Kind::Table), Format::Mapped(Kind::Json)],
};

/// JSON.
pub(super) const OBJECTS: Source = Source {
    name: "json",
    label: "Your own JSON",
    about: "Any JSON objects, one a line or in an array: fields are guessed by their paths, or mapped with --map.",
    is_prepared: true,
    project_params: &[],
    recognize: |_| None,
    formats: &[Format::Mapped(Kind::Json), Format::Mapped(Kind::Table)],
};
