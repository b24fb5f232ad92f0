//! An import whose files are on their way.

use serde::Serialize;

use super::{RunHead, RunState};
use crate::pages::{Message, Page};

/// A file on its way.
#[derive(Debug, Clone, Serialize)]
pub struct ArrivingFile {
    /// Its name.
    pub name: String,
    /// How many bytes of it are here.
    pub received: u64,
    /// Its size, where it was said.
    pub bytes: Option<u64>,
    /// How much is here, for people.
    pub received_text: Message,
    /// Its size, for people.
    pub bytes_text: Option<Message>,
}

/// How much is here. Also sent alone, as the data of the event `progress`.
#[derive(Debug, Clone, Serialize)]
pub struct Arriving {
    /// The files, in the order in which they were announced.
    pub files: Vec<ArrivingFile>,
}

/// Files on their way, and how to go on with them.
#[derive(Debug, Clone, Serialize)]
pub struct Uploading {
    /// Its head.
    pub head: RunHead,
    /// How much is here.
    #[serde(flatten)]
    pub arriving: Arriving,
    /// Server-sent events: `progress` with the HTML of [`Arriving`], then `done`.
    pub events_url: String,
    /// Where the script goes on: `…/files` and `…/complete` lie below.
    pub url: String,
    /// Whether all that was announced is here.
    pub is_all_here: bool,
    /// Whether the files are told by name and size, so that the script can go on with them.
    pub can_go_on: bool,
    /// Where the files are sent anew, without the script.
    pub anew_action: String,
    /// Where it is said what the columns are; none where the source says it itself, or files are missing.
    pub columns_url: Option<String>,
    /// Posts: forgets the files.
    pub discard_action: String,
}

/// A number of bytes, for people: `12.3 MB`.
#[must_use]
pub fn size(bytes: u64) -> Message {
    let (unit, phrase) = match bytes {
        0..1_000 => return Message::new("size-b").with("value", bytes),
        1_000..1_000_000 => (1_000, "size-kb"),
        1_000_000..1_000_000_000 => (1_000_000, "size-mb"),
        _ => (1_000_000_000, "size-gb"),
    };
    let tenths = (bytes + unit / 20) / (unit / 10);
    Message::new(phrase).with("value", format!("{}.{}", tenths / 10, tenths % 10))
}

impl Page for Arriving {
    const TEMPLATE: &'static str = "admin/imports/arriving.html";

    fn sample() -> Self {
        let file = |name: &str, received: u64, bytes: Option<u64>| ArrivingFile {
            name: name.to_owned(),
            received,
            bytes,
            received_text: size(received),
            bytes_text: bytes.map(size),
        };
        Self {
            files: vec![
                file("users.ndjson", 1_200_000_000, Some(4_000_000_000)),
                file("passwords.ndjson", 0, Some(90_000_000)),
            ],
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let mut unknown = Self::sample();
        unknown.files[0].bytes = None;
        unknown.files[0].bytes_text = None;
        vec![("unknown", unknown), ("none", Self { files: Vec::new() })]
    }
}

impl Page for Uploading {
    const TEMPLATE: &'static str = "admin/imports/uploading.html";

    fn sample() -> Self {
        Self {
            head: RunHead::sample(RunState::Uploading, ""),
            arriving: Arriving::sample(),
            events_url: "/admin/users/imports/imp_0193/events".to_owned(),
            url: "/admin/users/imports/imp_0193".to_owned(),
            is_all_here: false,
            can_go_on: true,
            anew_action: "/admin/users/import/auto".to_owned(),
            columns_url: None,
            discard_action: "/admin/users/imports/imp_0193/discard".to_owned(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let plain = Self {
            can_go_on: false,
            ..Self::sample()
        };
        let whole = Self {
            is_all_here: true,
            columns_url: Some("/admin/users/imports/imp_0193/columns".to_owned()),
            ..Self::sample()
        };
        vec![("plain", plain), ("whole", whole)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_one_decimal() {
        let shown = |bytes| size(bytes);
        assert_eq!(shown(999), Message::new("size-b").with("value", 999));
        assert_eq!(shown(1_250), Message::new("size-kb").with("value", "1.3"));
        assert_eq!(
            shown(12_345_678),
            Message::new("size-mb").with("value", "12.3")
        );
        assert_eq!(
            shown(4_000_000_000),
            Message::new("size-gb").with("value", "4.0")
        );
    }
}
