//! The authorization request: what an application asks for when it sends a person to sign in (RFC 6749 §4.1.1,
//! OIDC Core §3.1.2.1, RFC 7636 §4.3).
//!
//! [`AuthorizationRequest::parse`] reads the query once, into types; what comes after needs no more checking of form.
//! The value can be stored with serde while the sign-in goes on, and read back on another node.
//!
//! What is wrong falls into two groups, and the type of the error keeps them apart. A request that does not say who
//! asks, or where the answer goes, is answered with a page. Everything else is told to the application by a redirect,
//! once the address is known to be its own. See [`RequestError`].
//!
//! Unknown parameters are ignored: frameworks forward whatever query their own sign-in route was called with.

mod login_hint;
mod marketing;
mod prompt;
mod reauth;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    error::{ErrorCode, OAuthError},
    parameters::Parameters,
    pkce::Challenge,
    scope::Scopes,
    secret::Secret,
};

pub use login_hint::LoginHint;
pub use prompt::{Prompt, Screen, StartPage};

/// A well-formed request. Whether the client exists, owns the address and may ask for all this is still to be decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationRequest {
    /// The application that asks.
    pub client_id: String,
    /// Where the answer goes, exactly as it was sent; to be matched before anything is sent there.
    pub redirect_uri: String,
    /// What the application wants to know and do.
    pub scopes: Scopes,
    /// Returned unchanged with the answer.
    pub state: Option<String>,
    /// Copied into the ID token.
    pub nonce: Option<String>,
    /// The commitment that binds the code to whoever began (RFC 7636); public clients must send one, see
    /// [`Self::require_challenge`].
    pub challenge: Option<Challenge>,
    /// The APIs to call, without repetition.
    pub audiences: Vec<String>,
    /// How the person is to be asked.
    pub prompts: BTreeSet<Prompt>,
    /// How long ago, in seconds, the person may have signed in.
    pub max_age: Option<u64>,
    /// The older way to ask for a screen.
    pub start_page: Option<StartPage>,
    /// Who is expected.
    pub login_hint: Option<LoginHint>,
    /// Who is expected, as an ID token of theirs; see [`crate::hint`]. Looked at once, and not stored.
    #[serde(skip)]
    pub id_token_hint: Option<Secret>,
    /// The organization to sign in to: `org_…`.
    pub org_code: Option<String>,
    /// The name for a new organization.
    pub org_name: Option<String>,
    /// Whether signing up makes a new organization.
    pub is_create_org: bool,
    /// The invitation to accept.
    pub invitation_code: Option<String>,
    /// The connection to use, without asking: `conn_…`.
    pub connection_id: Option<String>,
    /// The language for the pages, before any other choice.
    pub lang: Option<String>,
    /// More languages, best first (OIDC Core §3.1.2.1).
    pub ui_locales: Vec<String>,
    /// Whether the application can begin again from [`Self::reauth_state`] when a link has expired.
    pub supports_reauth: bool,
    /// Whether to end on a page of ours, because the callback is no web page.
    pub success_page: Option<SuccessPage>,
    /// A workflow deployment to try; `deploy_id` is its other name.
    pub workflow_deployment_id: Option<String>,
    /// The plan that the person wants.
    pub plan_interest: Option<String>,
    /// The pricing table to show.
    pub pricing_table_key: Option<String>,
    /// `preview` shows pages that are not published yet.
    pub pages_mode: Option<String>,
    /// Campaign tags, to be remembered with a new person or organization.
    pub marketing: BTreeMap<String, String>,
}

/// A page of ours at the end of a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuccessPage {
    /// `has_success_page`: the flow is over.
    Done,
    /// `is_use_auth_success_page`: the sign-in succeeded; for desktop and mobile applications.
    SignedIn,
}

/// Why a request is refused, and how that may be said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// It does not tell who asks or where the answer goes. Show a page; never redirect (RFC 6749 §4.1.2.1).
    #[error("{0}")]
    Page(OAuthError),
    /// It does, and something else is wrong. Redirect, if the address is registered for the client; else show a page.
    #[error("{}", .0.error)]
    Redirect(Box<Refusal>),
}

/// A refusal for the application to hear; see [`RequestError::Redirect`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The application that asks; not looked up yet.
    pub client_id: String,
    /// Where the answer would go; not matched yet.
    pub redirect_uri: String,
    /// Returned unchanged.
    pub state: Option<String>,
    /// What is wrong.
    pub error: OAuthError,
}

impl RequestError {
    /// What is wrong.
    #[must_use]
    pub fn error(&self) -> &OAuthError {
        match self {
            Self::Page(error) => error,
            Self::Redirect(refusal) => &refusal.error,
        }
    }
}

impl AuthorizationRequest {
    /// Reads the decoded pairs of the query, or of the form (OIDC Core §3.1.2.1 allows both).
    ///
    /// # Errors
    /// [`RequestError::Page`] when `client_id` or `redirect_uri` is missing or repeated. [`RequestError::Redirect`] for
    /// everything else: another parameter that is repeated, malformed or not supported.
    pub fn parse(pairs: &[(String, String)]) -> Result<Self, RequestError> {
        let sent = Parameters(pairs);
        let client_id = sent.required("client_id").map_err(RequestError::Page)?;
        let redirect_uri = sent.required("redirect_uri").map_err(RequestError::Page)?;
        let restored = reauth::restore(pairs);
        read(
            client_id,
            redirect_uri,
            Parameters(restored.as_deref().unwrap_or(pairs)),
        )
        .map_err(|error| {
            RequestError::Redirect(Box::new(Refusal {
                client_id: client_id.to_owned(),
                redirect_uri: redirect_uri.to_owned(),
                state: sent.text("state").unwrap_or_default(),
                error,
            }))
        })
    }

    /// The screen that the request asks for.
    ///
    /// `prompt` outranks `start_page`, which older SDKs still send; an invitation is accepted by signing up.
    #[must_use]
    pub fn screen(&self) -> Screen {
        if self.prompts.contains(&Prompt::None) {
            Screen::None
        } else if self.prompts.contains(&Prompt::Create) {
            Screen::SignUp
        } else if self.prompts.contains(&Prompt::Login) {
            Screen::SignIn
        } else if self.start_page == Some(StartPage::Registration) || self.invitation_code.is_some()
        {
            Screen::SignUp
        } else {
            Screen::SignIn
        }
    }

    /// Whether a session in which the person proved who they are at `authenticated_at` is fresh enough to be used
    /// without asking again. Both instants are Unix seconds.
    #[must_use]
    pub fn accepts_session_of(&self, authenticated_at: i64, now: i64) -> bool {
        let must_ask = [Prompt::Login, Prompt::Create, Prompt::SelectAccount];
        let age = u64::try_from(now.saturating_sub(authenticated_at)).unwrap_or(0);
        must_ask.iter().all(|prompt| !self.prompts.contains(prompt))
            && self.max_age.is_none_or(|max_age| age <= max_age)
    }

    /// Demands a code challenge, as public clients have to send one (RFC 9700 §2.1.1).
    ///
    /// # Errors
    /// `invalid_request` when there is none (RFC 7636 §4.4.1).
    pub fn require_challenge(&self) -> Result<&Challenge, OAuthError> {
        self.challenge.as_ref().ok_or_else(|| {
            invalid(
                "code_challenge is missing; applications without a secret must use PKCE with S256",
            )
        })
    }
}

fn read(
    client_id: &str,
    redirect_uri: &str,
    sent: Parameters<'_>,
) -> Result<AuthorizationRequest, OAuthError> {
    refuse_what_we_do_not_offer(sent)?;
    sent.one("reauth_state")?;
    Ok(AuthorizationRequest {
        client_id: client_id.to_owned(),
        redirect_uri: redirect_uri.to_owned(),
        scopes: Scopes::parse(sent.one("scope")?.unwrap_or_default())?,
        state: sent.text("state")?,
        nonce: sent.text("nonce")?,
        challenge: challenge(sent)?,
        audiences: sent.audiences(),
        prompts: Prompt::parse(sent.one("prompt")?.unwrap_or_default())?,
        max_age: max_age(sent)?,
        start_page: sent.one("start_page")?.and_then(StartPage::parse),
        login_hint: sent.one("login_hint")?.and_then(LoginHint::parse),
        id_token_hint: sent.one("id_token_hint")?.map(Secret::new),
        org_code: sent.text("org_code")?,
        org_name: sent.text("org_name")?,
        is_create_org: sent.flag("is_create_org")?,
        invitation_code: sent.text("invitation_code")?,
        connection_id: sent.text("connection_id")?,
        lang: sent
            .one("lang")?
            .filter(|tag| is_language_tag(tag))
            .map(str::to_owned),
        ui_locales: languages(sent.one("ui_locales")?.unwrap_or_default()),
        supports_reauth: sent.flag("supports_reauth")?,
        success_page: success_page(sent)?,
        workflow_deployment_id: match sent.text("workflow_deployment_id")? {
            None => sent.text("deploy_id")?,
            sent => sent,
        },
        plan_interest: sent.text("plan_interest")?,
        pricing_table_key: sent.text("pricing_table_key")?,
        pages_mode: sent.text("pages_mode")?,
        marketing: marketing::collect(sent),
    })
}

fn refuse_what_we_do_not_offer(sent: Parameters<'_>) -> Result<(), OAuthError> {
    match sent.required("response_type")? {
        "code" => {}
        _ => {
            return Err(OAuthError::new(
                ErrorCode::UnsupportedResponseType,
                "response_type must be code",
            ));
        }
    }
    // An answer in another place than the client waits for would look like no answer at all.
    if sent
        .one("response_mode")?
        .is_some_and(|mode| mode != "query")
    {
        return Err(invalid("response_mode must be query, or left out"));
    }
    // OIDC Core §6: a request object must not be ignored, since it would override what we read here.
    if sent.one("request")?.is_some() {
        return Err(OAuthError::new(
            ErrorCode::RequestNotSupported,
            "send parameters instead of a request object",
        ));
    }
    if sent.one("request_uri")?.is_some() {
        return Err(OAuthError::new(
            ErrorCode::RequestUriNotSupported,
            "send parameters instead of request_uri",
        ));
    }
    Ok(())
}

/// RFC 7636 §4.3: without a method, a challenge is `plain`; RFC 9700 §2.1.1 leaves S256 only.
fn challenge(sent: Parameters<'_>) -> Result<Option<Challenge>, OAuthError> {
    match (
        sent.one("code_challenge")?,
        sent.one("code_challenge_method")?,
    ) {
        (None, None) => Ok(None),
        (None, Some(_)) => Err(invalid(
            "code_challenge_method was sent without a code_challenge",
        )),
        (Some(text), Some("S256")) => Challenge::parse(text)
            .map(Some)
            .map_err(|error| invalid(error.to_string())),
        (Some(_), _) => Err(invalid("code_challenge_method must be S256")),
    }
}

fn max_age(sent: Parameters<'_>) -> Result<Option<u64>, OAuthError> {
    let seconds = sent.one("max_age")?.map(str::parse);
    seconds
        .transpose()
        .map_err(|_| invalid("max_age must be a whole number of seconds"))
}

fn success_page(sent: Parameters<'_>) -> Result<Option<SuccessPage>, OAuthError> {
    Ok(
        match (
            sent.flag("is_use_auth_success_page")?,
            sent.flag("has_success_page")?,
        ) {
            (true, _) => Some(SuccessPage::SignedIn),
            (false, true) => Some(SuccessPage::Done),
            (false, false) => None,
        },
    )
}

/// The readable ones: OIDC Core §3.1.2.1 wants no error for a language that we do not speak.
fn languages(list: &str) -> Vec<String> {
    list.split_ascii_whitespace()
        .filter(|tag| is_language_tag(tag))
        .map(str::to_owned)
        .collect()
}

/// Roughly RFC 5646 §2.1; the underscore is how some frameworks write it.
fn is_language_tag(tag: &str) -> bool {
    (2..=35).contains(&tag.len())
        && tag
            .bytes()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_'))
}

fn invalid(description: impl Into<std::borrow::Cow<'static, str>>) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidRequest, description)
}
