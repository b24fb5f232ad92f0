//! What an application gets of the audiences that it asks for.

use db::Tx;

use super::store;
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::id::{ApiId, ApplicationId};

/// An API for which an application is authorized.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizedApi {
    /// Its id.
    pub id: ApiId,
    /// What tokens for it name in `aud`.
    pub audience: String,
    /// Whether it is our own.
    pub is_management_api: bool,
    /// The keys of the scopes that the application may use, in order.
    pub scopes: Vec<String>,
}

/// The application may not ask for the audience: no API has it, or the application is not authorized for that API. Which of
/// the two is nobody's business.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the application is not authorized for the audience {0}; authorize it for an API with that audience"
)]
pub struct NotAuthorized(pub String);

impl Coded for NotAuthorized {
    fn code(&self) -> Code {
        Code::APPLICATION_NOT_AUTHORIZED
    }
}

/// Every API for which the application is authorized, with the scopes that it may use. [`select`] picks from them.
///
/// # Errors
/// When the database fails.
pub async fn granted(
    cx: &Context,
    tx: &mut Tx,
    application: &ApplicationId,
) -> Result<Vec<AuthorizedApi>, db::Error> {
    store::authorized(tx, &cx.environment().id, application).await
}

/// Those of the APIs that have the wanted audiences, each once, in the order in which they were asked for. The audience to
/// write into a token is the API's own: the management API also answers to its audience with `/v1` behind it, which some
/// guides tell people to use.
///
/// # Errors
/// [`NotAuthorized`] for the first audience that none of them has.
pub fn select<'a>(
    authorized: &'a [AuthorizedApi],
    audiences: &[impl AsRef<str>],
) -> Result<Vec<&'a AuthorizedApi>, NotAuthorized> {
    let mut selected: Vec<&AuthorizedApi> = Vec::with_capacity(audiences.len());
    for wanted in audiences.iter().map(AsRef::as_ref) {
        let api = authorized
            .iter()
            .find(|api| api.answers_to(wanted))
            .ok_or_else(|| NotAuthorized(wanted.to_owned()))?;
        if selected.iter().all(|other| other.id != api.id) {
            selected.push(api);
        }
    }
    Ok(selected)
}

impl AuthorizedApi {
    fn answers_to(&self, audience: &str) -> bool {
        self.audience == audience
            || self.is_management_api
                && audience.strip_suffix("/v1") == Some(self.audience.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Id as _;

    fn api(n: u128, audience: &str, is_management_api: bool) -> AuthorizedApi {
        AuthorizedApi {
            id: ApiId::from_uuid(uuid::Uuid::from_u128(n)),
            audience: audience.into(),
            is_management_api,
            scopes: vec!["read:orders".into()],
        }
    }

    fn audiences(wanted: &[&str]) -> Result<Vec<String>, NotAuthorized> {
        let authorized = [
            api(1, "https://auth.example.com/api", true),
            api(2, "https://orders.example.com", false),
        ];
        let selected = select(&authorized, wanted)?;
        Ok(selected.iter().map(|api| api.audience.clone()).collect())
    }

    #[test]
    fn audiences_are_selected_once_and_in_order() {
        let wanted = [
            "https://orders.example.com",
            "https://auth.example.com/api",
            "https://orders.example.com",
        ];
        assert_eq!(audiences(&wanted).unwrap(), wanted[..2]);
        assert!(audiences(&[]).unwrap().is_empty());
    }

    #[test]
    fn the_management_api_also_answers_with_its_version() {
        assert_eq!(
            audiences(&[
                "https://auth.example.com/api/v1",
                "https://auth.example.com/api"
            ])
            .unwrap(),
            ["https://auth.example.com/api"]
        );
    }

    #[test]
    fn other_apis_answer_to_their_audience_only() {
        for wanted in [
            "https://orders.example.com/v1",
            "https://orders.example.com/",
            "https://nobody.example.com",
        ] {
            assert_eq!(audiences(&[wanted]), Err(NotAuthorized(wanted.into())));
        }
    }
}
