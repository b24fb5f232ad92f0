//! Quick start: what an SDK has to know, ready to copy.

use axum::extract::Path;
use axum::response::Response;

use super::{find, head};
use crate::applications::view::{QuickStart, Snippet};
use crate::applications::{self, Kind, Urls};
use crate::http::Result;
use crate::team::Member;

/// Where an application runs while it is made, until a callback address says better.
const LOCAL: &str = "http://localhost:3000";

pub(super) async fn show(member: Member, Path(id): Path<String>) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let application = find(&member, &mut tx, &id).await?;
    let urls = applications::urls(&member.cx, &mut tx, &application.id).await?;
    let secret = applications::reveal_secret(&member.cx, &mut tx, &application.id).await?;
    let keys = Keys {
        issuer: &member.cx.environment().base_url,
        client_id: application.id.as_str(),
        client_secret: secret.as_ref().map_or("", |secret| secret.reveal()),
        site: &site(&urls),
    };
    let url = member.url(&format!("/applications/{}", application.id));
    let is_machine = application.kind == Kind::MachineToMachine;
    Ok(member.show(&QuickStart {
        head: head(&member, &application, "/quick-start"),
        urls_url: if is_machine {
            format!("{url}/apis")
        } else {
            format!("{url}#urls")
        },
        snippets: keys.snippets(application.kind),
    }))
}

/// Scheme and host of the first callback address, where the application runs.
fn site(urls: &Urls) -> String {
    let first = urls
        .callback
        .first()
        .and_then(|url| url::Url::parse(url).ok());
    first.filter(url::Url::has_host).map_or_else(
        || LOCAL.to_owned(),
        |url| url.origin().ascii_serialization(),
    )
}

struct Keys<'a> {
    issuer: &'a str,
    client_id: &'a str,
    client_secret: &'a str,
    site: &'a str,
}

impl Keys<'_> {
    /// What to copy for the SDKs that fit the kind, with the names that they read.
    fn snippets(&self, kind: Kind) -> Vec<Snippet> {
        let Self {
            issuer,
            client_id,
            client_secret,
            site,
        } = self;
        let snippet = |title: &str, text: String| Snippet {
            title: title.to_owned(),
            text,
        };
        match kind {
            Kind::BackEnd => vec![
                snippet(
                    "Next.js · .env.local",
                    format!(
                        "KINDE_CLIENT_ID={client_id}\n\
                         KINDE_CLIENT_SECRET={client_secret}\n\
                         KINDE_ISSUER_URL={issuer}\n\
                         KINDE_SITE_URL={site}\n\
                         KINDE_POST_LOGOUT_REDIRECT_URL={site}\n\
                         KINDE_POST_LOGIN_REDIRECT_URL={site}/dashboard"
                    ),
                ),
                snippet(
                    "Express · .env",
                    format!(
                        "KINDE_CLIENT_ID={client_id}\n\
                         KINDE_CLIENT_SECRET={client_secret}\n\
                         KINDE_ISSUER_URL={issuer}\n\
                         KINDE_SITE_URL={site}\n\
                         KINDE_REDIRECT_URL={site}"
                    ),
                ),
            ],
            Kind::FrontEnd | Kind::Device => vec![snippet(
                "React · .env",
                format!(
                    "VITE_KINDE_CLIENT_ID={client_id}\n\
                     VITE_KINDE_DOMAIN={issuer}\n\
                     VITE_KINDE_REDIRECT_URL={site}\n\
                     VITE_KINDE_LOGOUT_URL={site}"
                ),
            )],
            Kind::MachineToMachine => vec![
                snippet(
                    ".env",
                    format!(
                        "KINDE_DOMAIN={issuer}\n\
                         KINDE_MANAGEMENT_CLIENT_ID={client_id}\n\
                         KINDE_MANAGEMENT_CLIENT_SECRET={client_secret}"
                    ),
                ),
                snippet(
                    "curl",
                    format!(
                        "curl {issuer}/oauth2/token \\\n  \
                         -d grant_type=client_credentials \\\n  \
                         -d client_id={client_id} \\\n  \
                         -d client_secret={client_secret} \\\n  \
                         --data-urlencode audience={issuer}/api"
                    ),
                ),
            ],
        }
    }
}
