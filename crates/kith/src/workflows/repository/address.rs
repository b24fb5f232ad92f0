//! What a person may say of a repository: its address, its branch, its token.

use url::{Host, Url};

use super::InvalidRepository;
use crate::context::App;
use crate::secret::Secret;

/// The longest address, in bytes.
const MAX_ADDRESS: usize = 2_000;

/// The longest name of a branch, in bytes.
const MAX_BRANCH: usize = 200;

/// The longest token, in bytes.
const MAX_TOKEN: usize = 2_000;

/// The address of a repository on a server that may be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(Url);

impl Address {
    /// Reads an address: `https`, or `http` where private networks may be called; no name and password, query or fragment in it.
    /// What its name stands for is judged each time before it is called.
    ///
    /// # Errors
    /// [`InvalidRepository`] says what is wrong.
    pub fn parse(app: &App, text: &str) -> Result<Self, InvalidRepository> {
        let text = text.trim();
        let url = Url::parse(text).map_err(|_| InvalidRepository::Address)?;
        let allows_http = app.config().allow_private_networks;
        let is_web = url.scheme() == "https" || (allows_http && url.scheme() == "http");
        let is_plain = url.query().is_none() && url.fragment().is_none();
        if !is_web || !is_plain || text.len() > MAX_ADDRESS || url.path() == "/" {
            return Err(InvalidRepository::Address);
        }
        app.outgoing().judge(&url).map_err(|error| match error {
            crate::outgoing::OutgoingError::Private(host) => InvalidRepository::Private(host),
            _ => InvalidRepository::Address,
        })?;
        Ok(Self(url))
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The host, as names are resolved, and the port.
    #[must_use]
    pub fn host_and_port(&self) -> (String, u16) {
        let host = match self.0.host() {
            Some(Host::Ipv6(address)) => address.to_string(),
            Some(host) => host.to_string(),
            None => String::new(),
        };
        (host, self.0.port_or_known_default().unwrap_or(443))
    }
}

/// The name of a branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch(String);

impl Branch {
    /// Reads a name, by the rules of `git check-ref-format`; `main` where there is none.
    ///
    /// # Errors
    /// [`InvalidRepository::Branch`].
    pub fn parse(text: &str) -> Result<Self, InvalidRepository> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Self("main".to_owned()));
        }
        let is_odd = |c: char| c.is_control() || c.is_whitespace() || "~^:?*[\\".contains(c);
        let is_part_right = |part: &str| {
            !part.is_empty()
                && !part.starts_with('.')
                && part.strip_suffix(".lock").is_none()
                && part != "@"
        };
        let is_right = text.len() <= MAX_BRANCH
            && !text.starts_with('-')
            && !text.ends_with('.')
            && !text.contains("..")
            && !text.contains("@{")
            && !text.contains(is_odd)
            && text.split('/').all(is_part_right);
        if is_right {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidRepository::Branch)
        }
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a private repository asks for; none where nothing was typed.
pub(super) fn token(text: &str) -> Result<Option<Secret>, InvalidRepository> {
    let text = text.trim();
    if text.len() > MAX_TOKEN || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(InvalidRepository::Token);
    }
    Ok((!text.is_empty()).then(|| Secret::new(text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Installation;

    #[tokio::test]
    async fn only_public_addresses_of_the_web_are_repositories() {
        let db = db::testing::migrated(crate::MIGRATIONS)
            .await
            .swap_remove(0);
        let settings = [("allow_private_networks".to_owned(), "false".to_owned())];
        let public = Installation::on(db, &settings.into()).await;
        let address = |text: &str| Address::parse(&public.app, text);
        let right = address(" https://git.example.com/team/workflows.git ").unwrap();
        assert_eq!(right.as_str(), "https://git.example.com/team/workflows.git");
        assert_eq!(right.host_and_port(), ("git.example.com".to_owned(), 443));
        for text in [
            "",
            "workflows",
            "file:///srv/workflows",
            "ssh://git@git.example.com/workflows",
            "git@git.example.com:workflows",
            "http://git.example.com/workflows",
            "https://ada:hush@git.example.com/workflows",
            "https://git.example.com/workflows?x=1",
            "https://git.example.com/workflows#main",
            "https://git.example.com",
        ] {
            assert_eq!(address(text), Err(InvalidRepository::Address), "{text}");
        }
        for text in [
            "https://127.0.0.1/workflows",
            "https://[::1]/workflows",
            "https://10.1.2.3/workflows",
            "https://169.254.169.254/workflows",
        ] {
            let refused = address(text);
            assert!(
                matches!(refused, Err(InvalidRepository::Private(_))),
                "{text}"
            );
        }
    }

    #[test]
    fn a_branch_is_a_name_and_no_option() {
        assert_eq!(Branch::parse(" ").unwrap().as_str(), "main");
        for name in ["main", "release/1.2", "ada's-branch", "ünïcode"] {
            assert_eq!(Branch::parse(name).unwrap().as_str(), name);
        }
        for name in [
            "--upload-pack=x",
            "a b",
            "a..b",
            "a:b",
            "/a",
            "a/",
            "a//b",
            ".a",
            "a.lock",
            "a.",
            "a@{1}",
            "a\\b",
            "a*",
        ] {
            assert!(Branch::parse(name).is_err(), "{name}");
        }
    }

    #[test]
    fn a_token_is_one_line_of_signs() {
        assert_eq!(token("  ").unwrap(), None);
        assert_eq!(token(" ghp_x ").unwrap(), Some(Secret::new("ghp_x")));
        assert_eq!(token("a\r\nX-Other: b"), Err(InvalidRepository::Token));
    }
}
