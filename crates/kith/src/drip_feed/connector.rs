//! How former providers are asked whether a password is right, and who it is then: one file each, and this table.

mod auth0;
mod azure;
mod call;
mod claims;
mod cognito;
mod firebase;
mod grant;
mod http;
mod keycloak;
mod ldap;
mod machine;
mod oauth2;
mod sql;
mod supabase;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::ops::Deref;
use std::time::Duration;

use futures::future::BoxFuture;
use import::UserRecord;

use crate::context::App;
use crate::secret::Secret;

/// Every connector, in the order in which a form offers them.
pub const CONNECTORS: &[&Connector] = &[
    &auth0::CONNECTOR,
    &cognito::CONNECTOR,
    &azure::CONNECTOR,
    &firebase::CONNECTOR,
    &keycloak::CONNECTOR,
    &supabase::CONNECTOR,
    &oauth2::CONNECTOR,
    &sql::CONNECTOR,
    &ldap::CONNECTOR,
    &http::CONNECTOR,
];

/// The connector of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Connector> {
    CONNECTORS
        .iter()
        .find(|connector| connector.name == name)
        .copied()
}

/// A way to ask one former provider.
pub struct Connector {
    /// Its name, as it is stored, such as `auth0`.
    pub name: &'static str,
    /// What people call the provider.
    pub label: &'static str,
    /// What must be known to ask.
    pub fields: &'static [Field],
    /// Asks.
    ask: for<'a> fn(&'a Question<'a>) -> BoxFuture<'a, Result<UserRecord, NotRight>>,
    /// Looks somebody up without a password, where the provider can be asked that.
    finder: Option<Finder>,
}

/// A way to look somebody up without a password.
struct Finder {
    /// Optional fields without which nobody can be looked up.
    needs: &'static [&'static str],
    /// Looks up: none where there is nobody.
    find: for<'a> fn(&'a Lookup<'a>) -> BoxFuture<'a, Found>,
}

/// What came of a look-up.
type Found = Result<Option<UserRecord>, NotRight>;

impl Connector {
    /// Asks whether the password is right. What comes back is the person as the provider tells it, without a password.
    ///
    /// # Errors
    /// [`NotRight`]: it is wrong, or that could not be found out. Only an answer that says plainly that the password is right
    /// counts as one.
    pub async fn ask(&self, question: &Question<'_>) -> Result<UserRecord, NotRight> {
        (self.ask)(question).await
    }

    /// The optional fields without which nobody can be looked up; none where the provider can't be asked that.
    #[must_use]
    pub fn looks_up_with(&self) -> Option<&'static [&'static str]> {
        self.finder.as_ref().map(|finder| finder.needs)
    }

    /// Whether people can be looked up where these fields are filled in.
    #[must_use]
    pub fn can_find(&self, is_given: impl Fn(&str) -> bool) -> bool {
        self.finder
            .as_ref()
            .is_some_and(|finder| finder.needs.iter().all(|field| is_given(field)))
    }

    /// A field that is needed to ask and was left out.
    #[must_use]
    pub fn missing<'a>(&self, given: impl Fn(&str) -> Option<&'a str>) -> Option<&'static Field> {
        let is_missing = |field: &&Field| !field.is_optional && given(field.name).is_none();
        self.fields.iter().find(is_missing)
    }

    /// A secret that has to be entered again, for it was entered for another place than is typed now: whoever may change an address
    /// must not get what they may not see.
    #[must_use]
    pub fn entered_for_elsewhere<'a>(
        &self,
        before: impl Fn(&str) -> Option<&'a str>,
        typed: impl Fn(&str) -> Option<&'a str>,
    ) -> Option<&'static Field> {
        let is_moved = |field: &Field| field.is_place && before(field.name) != typed(field.name);
        if !self.fields.iter().any(is_moved) {
            return None;
        }
        let is_kept = |field: &&Field| {
            field.is_secret && before(field.name).is_some() && typed(field.name).is_none()
        };
        self.fields.iter().find(is_kept)
    }

    /// The person as the provider tells it; none where there is nobody, or nobody can be looked up.
    ///
    /// # Errors
    /// [`NotRight::Locked`] where the provider keeps the person out; the others where it has no answer.
    pub async fn find(&self, lookup: &Lookup<'_>) -> Result<Option<UserRecord>, NotRight> {
        match &self.finder {
            Some(finder) => (finder.find)(lookup).await,
            None => Ok(None),
        }
    }
}

/// Something that must be known to ask, such as a client id.
pub struct Field {
    /// Its name, as it is stored.
    pub name: &'static str,
    /// Whether it must not be seen again once it was entered.
    pub is_secret: bool,
    /// Whether it may be left out.
    pub is_optional: bool,
    /// Whether it says where calls go, and the secrets with them.
    pub is_place: bool,
    /// What one looks like.
    pub example: &'static str,
}

impl Field {
    const fn plain(name: &'static str, example: &'static str) -> Self {
        Self {
            name,
            is_secret: false,
            is_optional: false,
            is_place: false,
            example,
        }
    }

    const fn place(name: &'static str, example: &'static str) -> Self {
        Self {
            is_place: true,
            ..Self::plain(name, example)
        }
    }

    const fn secret(name: &'static str) -> Self {
        Self {
            name,
            is_secret: true,
            is_optional: false,
            is_place: false,
            example: "",
        }
    }

    const fn optional(self) -> Self {
        Self {
            is_optional: true,
            ..self
        }
    }
}

/// The fields of a connector, as somebody filled them in.
#[derive(Debug, Clone, Default)]
pub struct Values(pub BTreeMap<String, Secret>);

impl Values {
    /// A field; empty where it was left out.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |value| value.reveal().trim())
    }

    /// A field that was filled in.
    #[must_use]
    pub fn given(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|value| !value.is_empty())
    }
}

/// Who somebody is.
pub struct Lookup<'a> {
    /// The way out, and the clock.
    pub app: &'a App,
    /// What is known of the provider.
    pub values: &'a Values,
    /// As the person typed it: an address, a number or a name.
    pub identifier: &'a str,
    /// Where the person sits, for providers that watch who asks.
    pub caller: Option<IpAddr>,
    /// How long the answer may take.
    pub patience: Duration,
}

/// Whether this password is that person's.
pub struct Question<'a> {
    /// Whose.
    pub whose: Lookup<'a>,
    /// As the person typed it.
    pub password: &'a Secret,
}

impl<'a> Deref for Question<'a> {
    type Target = Lookup<'a>;

    fn deref(&self) -> &Lookup<'a> {
        &self.whose
    }
}

/// Why a password does not count as right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotRight {
    /// The provider says that it is wrong, or that there is nobody.
    Wrong,
    /// The provider keeps this person out.
    Locked,
    /// The provider wants to be asked less; how long to wait, if it says so.
    TooMany(Option<Duration>),
    /// It did not answer in time.
    Slow,
    /// It can't be reached, or has a fault; what happened.
    Down(String),
    /// Its answer makes no sense, or what is known of it is wrong; what to mend.
    Unclear(String),
}

impl NotRight {
    /// Whether the provider has said what it thinks of this password.
    #[must_use]
    pub const fn is_an_answer(&self) -> bool {
        matches!(self, Self::Wrong | Self::Locked)
    }

    /// As it is stored.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Wrong => "wrong",
            Self::Locked => "locked",
            Self::TooMany(_) => "too_many",
            Self::Slow => "slow",
            Self::Down(_) => "down",
            Self::Unclear(_) => "unclear",
        }
    }

    /// What happened, where that is worth reading.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Down(reason) | Self::Unclear(reason) => Some(reason),
            Self::Wrong | Self::Locked | Self::TooMany(_) | Self::Slow => None,
        }
    }
}

#[cfg(test)]
mod tests;
