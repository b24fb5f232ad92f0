//! Businesses and their environments.
//!
//! A business is the company that runs this installation. It has environments, each with its own issuer, keys, users and
//! applications. Two are made at the first start: `production`, which answers at `public_url`, and `team`, which answers at
//! `admin_url`: there live the people who administer the business, so that every way of signing in serves them too.

mod store;

use std::sync::Arc;

use crate::config::Config;
use crate::context::App;
use crate::id::{BusinessId, EnvironmentId};

/// The code of the environment that answers at `public_url`.
pub const PRODUCTION: &str = "production";

/// The code of the environment in which the business's own people live.
pub const TEAM: &str = "team";

/// One environment, as every request in it needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// Its id.
    pub id: EnvironmentId,
    /// The business that it belongs to.
    pub business_id: BusinessId,
    /// What the business is called.
    pub business_name: String,
    /// Its short code, such as `production`.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// Where it answers, and the `iss` of its tokens; no trailing slash.
    pub base_url: String,
}

impl Environment {
    /// Whether the business's own people live here.
    #[must_use]
    pub fn is_team(&self) -> bool {
        self.code == TEAM
    }

    /// The host at which it answers, without a port: what browsers compare passkeys with.
    #[must_use]
    pub fn host(&self) -> String {
        let url = url::Url::parse(&self.base_url).ok();
        let host = url.as_ref().and_then(url::Url::host_str);
        host.unwrap_or_default().to_owned()
    }

    /// The path under which its pages lie: empty, or such as `/admin`.
    #[must_use]
    pub fn base_path(&self) -> &str {
        let after_scheme = self.base_url.split_once("://").map_or("", |(_, rest)| rest);
        after_scheme.find('/').map_or("", |at| &after_scheme[at..])
    }

    /// Whether people reach it over TLS, so that cookies may insist on it.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.base_url.starts_with("https://")
    }
}

/// Every environment of the installation.
#[derive(Debug, Clone)]
pub struct Environments {
    /// The one at `public_url`.
    pub production: Arc<Environment>,
    /// The one at `admin_url`.
    pub team: Arc<Environment>,
}

/// Reads the environments; none when the installation was never set up.
///
/// # Errors
/// When the database fails.
pub async fn load(app: &App) -> Result<Option<Environments>, db::Error> {
    let mut tx = app.db().read().await?;
    let found = store::all(&mut tx, app.config()).await?;
    let with_code = |code: &str| {
        found
            .iter()
            .find(|environment| environment.code == code)
            .cloned()
            .map(Arc::new)
    };
    Ok(with_code(PRODUCTION)
        .zip(with_code(TEAM))
        .map(|(production, team)| Environments { production, team }))
}

/// Makes the business and its environments where they are missing, and returns them. Can be repeated, also by two nodes at once.
///
/// # Errors
/// When the database fails.
pub async fn ensure(app: &App, business_name: &str) -> Result<Environments, db::Error> {
    loop {
        if let Some(environments) = load(app).await? {
            return Ok(environments);
        }
        let mut tx = app.db().begin().await?;
        let business =
            store::ensure_business(&mut tx, &app.new_id(), business_name, app.now()).await?;
        for (code, name) in [(PRODUCTION, "Production"), (TEAM, "Team")] {
            store::ensure_environment(&mut tx, &app.new_id(), &business, (code, name), app.now())
                .await?;
        }
        tx.commit().await?;
    }
}

fn base_url(config: &Config, code: &str) -> String {
    if code == TEAM {
        config.admin_url.clone()
    } else {
        config.public_url.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Id as _;

    #[test]
    fn the_base_path_is_what_follows_the_host() {
        let mut environment = Environment {
            id: EnvironmentId::from_uuid(uuid::Uuid::nil()),
            business_id: BusinessId::from_uuid(uuid::Uuid::nil()),
            business_name: "Example".into(),
            code: TEAM.into(),
            name: "Team".into(),
            base_url: "https://auth.example.com/admin".into(),
        };
        assert_eq!(environment.base_path(), "/admin");
        environment.base_url = "http://localhost:8080".into();
        assert_eq!(environment.base_path(), "");
        assert!(!environment.is_https());
    }
}
