//! What surrounds a page: language, brand, navigation, who is signed in.

use serde::{Deserialize, Serialize};

use super::message::Message;
use super::translations::language;

/// The frame of one answer. Built once per request by the edge, and handed to every page.
#[derive(Debug, Clone, Serialize)]
pub struct Layout {
    /// BCP 47 tag of the page's language.
    pub language: &'static str,
    /// Which way that language is written.
    pub direction: Direction,
    /// Whose page it is, for the person who looks at it.
    pub brand: Brand,
    /// Goes into the hidden field `csrf` of every form.
    pub csrf: String,
    /// Addresses of stylesheet, script and icon; they change with their content.
    pub assets: super::Assets,
    /// The dashboard around the page; `None` on hosted pages.
    pub dashboard: Option<Dashboard>,
    /// What just happened, told once on top of the page.
    pub notice: Option<Notice>,
}

impl Layout {
    /// The frame of a hosted page, in the best language for `wanted` (a BCP 47 tag; anything unknown is English).
    #[must_use]
    pub fn hosted(wanted: &str, brand: Brand, csrf: impl Into<String>) -> Self {
        let language = language(wanted);
        Self {
            language: language.tag,
            direction: language.direction,
            brand,
            csrf: csrf.into(),
            assets: super::Assets::urls(),
            dashboard: None,
            notice: None,
        }
    }

    /// The frame of a dashboard page.
    #[must_use]
    pub fn dashboard(wanted: &str, csrf: impl Into<String>, dashboard: Dashboard) -> Self {
        Self {
            dashboard: Some(dashboard),
            ..Self::hosted(wanted, Brand::kith(), csrf)
        }
    }

    /// The same frame, telling what just happened.
    #[must_use]
    pub fn with_notice(self, notice: Notice) -> Self {
        Self {
            notice: Some(notice),
            ..self
        }
    }
}

/// Which way a language is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Direction {
    /// As English.
    #[serde(rename = "ltr")]
    LeftToRight,
    /// As Arabic.
    #[serde(rename = "rtl")]
    RightToLeft,
}

/// Whose page it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Brand {
    /// The product that people sign in to, as they know it.
    pub name: String,
    /// Where its name leads, if anywhere.
    pub home_url: Option<String>,
    /// Whether the name is Kith's own, so that Kith's mark stands beside it.
    pub is_kith: bool,
}

impl Brand {
    /// An operator's product.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            home_url: None,
            is_kith: false,
        }
    }

    /// Kith itself: the dashboard and its sign-in.
    #[must_use]
    pub fn kith() -> Self {
        Self {
            name: "Kith".to_owned(),
            home_url: None,
            is_kith: true,
        }
    }
}

/// The dashboard around a page.
#[derive(Debug, Clone, Serialize)]
pub struct Dashboard {
    /// Where the dashboard lives, without a trailing slash: `/admin`.
    pub base: String,
    /// The places to go, in the order of the site map. A place without a feature has no entry.
    pub nav: Vec<NavItem>,
    /// The business whose dashboard it is.
    pub business: String,
    /// The environment being looked at.
    pub environment: String,
    /// Who is signed in.
    pub account: Account,
    /// Where the search box posts its `q`.
    pub search_url: String,
    /// Where the sign-out form posts.
    pub sign_out_url: String,
}

/// One place of the navigation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NavItem {
    /// Phrase of the locale: `nav-users`.
    pub label: Message,
    /// A name of `components/icon.html`.
    pub icon: &'static str,
    /// Where it leads.
    pub url: String,
    /// Whether the page shown belongs to it.
    pub is_current: bool,
}

/// The person who is signed in to the dashboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Account {
    /// Their name, or their address when they gave no name.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
    /// One or two letters for the avatar.
    pub initials: String,
}

impl Account {
    /// The account with its initials taken from the name.
    #[must_use]
    pub fn new(name: impl Into<String>, email: impl Into<String>) -> Self {
        let (name, email) = (name.into(), email.into());
        let initials = initials(&name);
        Self {
            name,
            email,
            initials,
        }
    }
}

/// The first letters of the first and last word, in capitals: what an avatar shows.
#[must_use]
pub(super) fn initials(name: &str) -> String {
    let mut words = name
        .split_whitespace()
        .filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let (first, last) = (words.next(), words.next_back());
    first
        .into_iter()
        .chain(last)
        .flat_map(char::to_uppercase)
        .collect()
}

/// What just happened, said once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Good, or not.
    pub tone: Tone,
    /// The sentence.
    pub message: Message,
    /// A form that takes it back: where it posts.
    pub undo_url: Option<String>,
}

impl Notice {
    /// Something went well.
    #[must_use]
    pub fn good(message: Message) -> Self {
        Self {
            tone: Tone::Good,
            message,
            undo_url: None,
        }
    }

    /// Something did not work.
    #[must_use]
    pub fn bad(message: Message) -> Self {
        Self {
            tone: Tone::Bad,
            message,
            undo_url: None,
        }
    }

    /// The same notice with a way back.
    #[must_use]
    pub fn with_undo(self, url: impl Into<String>) -> Self {
        Self {
            undo_url: Some(url.into()),
            ..self
        }
    }
}

/// How something is meant; shown by icon and word as well as by color.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Neither good nor bad.
    Neutral,
    /// It went well.
    Good,
    /// Worth a look.
    Warn,
    /// It failed, or will hurt.
    Bad,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_avatar_shows_the_first_and_the_last_initial() {
        assert_eq!(initials("Ada Lovelace"), "AL");
        assert_eq!(initials("ada king of lovelace"), "AL");
        assert_eq!(initials("ada@example.com"), "A");
        assert_eq!(initials("Ödön"), "Ö");
        assert_eq!(initials(""), "");
    }
}
