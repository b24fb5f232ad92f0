//! The addresses to which an application lets people be sent.

use db::Tx;
use oauth::redirect_uri::{PatternError, RedirectPattern};

use super::{FindError, find, find_editable, store};
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::id::ApplicationId;

/// What an address is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UrlKind {
    /// It receives the answer to a sign-in.
    Callback,
    /// People are sent there after they signed out.
    Logout,
}

impl UrlKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Callback => "callback",
            Self::Logout => "logout",
        }
    }
}

impl db::Bind for UrlKind {
    const NULL: db::Value = db::Value::Text(None);

    fn into_value(self) -> db::Value {
        self.as_str().into_value()
    }
}

/// The addresses of an application, each list in the order of registration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Urls {
    /// Those that receive the answer to a sign-in.
    pub callback: Vec<String>,
    /// Those to which people are sent after they signed out.
    pub logout: Vec<String>,
}

impl Urls {
    /// Whether the answer to a sign-in may go to `sent`, the address exactly as the request carried it.
    #[must_use]
    pub fn allows_redirect(&self, sent: &str) -> bool {
        patterns(&self.callback).any(|pattern| pattern.matches(sent))
    }

    /// Whether the answer may still go to `sent` when the person has signed in to the organization with this handle, or to
    /// none: where an address holds the place of the handle, it must be that one (RFC 4343: hosts have no case).
    #[must_use]
    pub fn allows_redirect_of(&self, sent: &str, handle: Option<&str>) -> bool {
        patterns(&self.callback)
            .filter(|pattern| pattern.matches(sent))
            .any(|pattern| match pattern.organization_handle(sent) {
                Some(label) => handle.is_some_and(|handle| handle.eq_ignore_ascii_case(label)),
                None => true,
            })
    }

    /// Whether the application is at home at the origin (RFC 6454 §6.2).
    #[must_use]
    pub fn allows_origin(&self, origin: &str) -> bool {
        self.callback
            .iter()
            .chain(&self.logout)
            .any(|url| is_of_origin(url, origin))
    }

    /// Whether somebody who signed out may be sent to `sent`.
    #[must_use]
    pub fn allows_logout(&self, sent: &str) -> bool {
        patterns(&self.logout).any(|pattern| pattern.matches(sent))
    }
}

/// What was registered was checked then; should a later version check harder, what it refuses matches nothing.
fn patterns(urls: &[String]) -> impl Iterator<Item = RedirectPattern> {
    urls.iter()
        .filter_map(|url| RedirectPattern::parse(url).ok())
}

/// The addresses were not changed.
#[derive(Debug, thiserror::Error)]
pub enum UrlError {
    /// An address can't be registered.
    #[error("the address {url} can't be registered: {source}")]
    Invalid {
        /// The address.
        url: String,
        /// The rule that it breaks.
        source: PatternError,
    },
    /// There is no such application, or it can't be changed.
    #[error(transparent)]
    Find(#[from] FindError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for UrlError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid { .. } => Code::INVALID_URL,
            Self::Find(error) => error.code(),
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// The addresses of the application.
///
/// # Errors
/// [`FindError::NotFound`] when there is no such application.
pub async fn urls(cx: &Context, tx: &mut Tx, id: &ApplicationId) -> Result<Urls, FindError> {
    find(cx, tx, id).await?;
    let mut urls = Urls::default();
    for (kind, url) in store::urls(tx, id).await? {
        if kind == UrlKind::Callback.as_str() {
            urls.callback.push(url);
        } else {
            urls.logout.push(url);
        }
    }
    Ok(urls)
}

/// Registers further addresses; those that are registered stay as they are.
///
/// # Errors
/// [`UrlError::Invalid`] for the first that can't be registered, and then none is.
pub async fn add_urls(
    cx: &Context,
    tx: &mut Tx,
    (id, kind): (&ApplicationId, UrlKind),
    urls: &[String],
) -> Result<(), UrlError> {
    find_editable(cx, tx, id).await?;
    check(urls)?;
    for url in urls {
        store::add_url(tx, id, (kind, url)).await?;
    }
    Ok(())
}

/// Registers these addresses instead of those that were.
///
/// # Errors
/// As [`add_urls`].
pub async fn replace_urls(
    cx: &Context,
    tx: &mut Tx,
    (id, kind): (&ApplicationId, UrlKind),
    urls: &[String],
) -> Result<(), UrlError> {
    find_editable(cx, tx, id).await?;
    check(urls)?;
    store::remove_urls(tx, id, kind).await?;
    for url in urls {
        store::add_url(tx, id, (kind, url)).await?;
    }
    Ok(())
}

/// Takes addresses off the list; those that aren't on it don't matter.
///
/// # Errors
/// [`UrlError::Find`] when there is no such application, or it can't be changed.
pub async fn remove_urls(
    cx: &Context,
    tx: &mut Tx,
    (id, kind): (&ApplicationId, UrlKind),
    urls: &[String],
) -> Result<(), UrlError> {
    find_editable(cx, tx, id).await?;
    for url in urls {
        store::remove_url(tx, id, (kind, url)).await?;
    }
    Ok(())
}

/// Whether a script of the origin (RFC 6454 §6.2, such as `https://app.example.com`) may read our answers: an application of
/// the environment has an address there.
///
/// # Errors
/// When the database fails.
pub async fn allows_origin(cx: &Context, tx: &mut Tx, origin: &str) -> Result<bool, db::Error> {
    let urls = store::urls_of_all(tx, &cx.environment().id).await?;
    Ok(urls.iter().any(|(_, url)| is_of_origin(url, origin)))
}

/// Whether somebody who signed out may be sent to `sent`: an application of the environment has registered it for that.
///
/// # Errors
/// When the database fails.
pub async fn allows_logout(cx: &Context, tx: &mut Tx, sent: &str) -> Result<bool, db::Error> {
    let urls = store::urls_of_all(tx, &cx.environment().id).await?;
    let logout: Vec<String> = urls
        .into_iter()
        .filter(|(kind, _)| kind == UrlKind::Logout.as_str())
        .map(|(_, url)| url)
        .collect();
    Ok(patterns(&logout).any(|pattern| pattern.matches(sent)))
}

fn is_of_origin(url: &str, origin: &str) -> bool {
    origin_of(url)
        .and_then(|registered| RedirectPattern::parse(registered).ok())
        .is_some_and(|pattern| pattern.matches(origin))
}

/// Scheme and authority of a web address; none for an app's own scheme, which browsers don't send as an origin.
fn origin_of(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once("://")?;
    if !matches!(scheme, "http" | "https") {
        return None;
    }
    let authority = rest.find(['/', '?']).unwrap_or(rest.len());
    Some(&url[..scheme.len() + 3 + authority])
}

fn check(urls: &[String]) -> Result<(), UrlError> {
    for url in urls {
        RedirectPattern::parse(url).map_err(|source| UrlError::Invalid {
            url: url.clone(),
            source,
        })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_origin_of_an_address_is_its_scheme_and_authority() {
        assert_eq!(
            origin_of("https://app.example.com:8443/cb?a=b"),
            Some("https://app.example.com:8443")
        );
        assert_eq!(
            origin_of("https://*.example.com"),
            Some("https://*.example.com")
        );
        assert_eq!(
            origin_of("http://localhost:3000?x"),
            Some("http://localhost:3000")
        );
        assert_eq!(origin_of("myapp://host/callback"), None);
    }
}
