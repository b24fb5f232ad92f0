//! Settings: every place where something is set, in the groups that guides name.

use axum::response::Response;

use crate::pages::Message;
use crate::settings::view::{SettingsEntry, SettingsGroup, SettingsIndex};
use crate::team::Member;

/// A place: icon, title, text, path.
type Entry = (&'static str, &'static str, &'static str, &'static str);

const GROUPS: &[(&str, &[Entry])] = &[
    (
        "settings-group-environment",
        &[
            (
                "info",
                "settings-environment-details",
                "settings-environment-details-text",
                "/settings/environment",
            ),
            (
                "app",
                "nav-applications",
                "settings-applications-text",
                "/applications",
            ),
            ("api", "nav-apis", "settings-apis-text", "/apis"),
            (
                "lock",
                "settings-attack-protection",
                "settings-attack-protection-text",
                "/settings/attack-protection",
            ),
            (
                "mail",
                "settings-email",
                "settings-email-text",
                "/settings/email",
            ),
        ],
    ),
    (
        "settings-group-users",
        &[
            (
                "role",
                "nav-roles",
                "settings-roles-text",
                "/settings/roles",
            ),
            (
                "permission",
                "nav-permissions",
                "settings-permissions-text",
                "/settings/permissions",
            ),
        ],
    ),
    (
        "settings-group-data",
        &[
            (
                "variable",
                "settings-variables",
                "settings-variables-text",
                "/settings/environment-variables",
            ),
            (
                "download",
                "settings-export",
                "settings-export-text",
                "/settings/export",
            ),
        ],
    ),
];

/// Every place among the settings, for the search as well.
#[must_use]
pub fn groups(member: &Member) -> Vec<SettingsGroup> {
    let entry = |&(icon, title, text, path): &Entry| SettingsEntry {
        icon,
        title: Message::new(title),
        text: Message::new(text),
        url: member.url(path),
    };
    GROUPS
        .iter()
        .map(|(title, entries)| SettingsGroup {
            title: Message::new(title),
            entries: entries.iter().map(entry).collect(),
        })
        .collect()
}

pub(super) async fn show(member: Member) -> Response {
    member.show(&SettingsIndex {
        groups: groups(&member),
    })
}
