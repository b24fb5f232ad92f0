//! The demo application: what a customer's own application does to sign people in, and nothing else.
//!
//! Authorization code with PKCE, state and nonce (RFC 9700 §2.1.1, OpenID Connect Core §3.1), the secret kept on the server, the
//! ID token verified against the published keys. It knows of Kith only the issuer's address: everything else it reads from
//! discovery, as any OpenID Connect library would. What it remembers of browsers is in memory, and ends with the demo.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::get;
use oauth::jwt::{self, JwkSet, VerifyingKeys};
use oauth::pkce::Verifier;
use serde::Deserialize;
use url::Url;

use super::view;
use crate::context::App;
use crate::http::browser::{add_cookie, cookie, read_cookie};
use crate::pages::{Brand, Layout, Pages};
use crate::secret::Secret;

/// The session's cookie. Cookies don't know ports, so its name must differ from Kith's own.
const COOKIE: &str = "demo_app";

/// How many browsers are remembered before all are forgotten: a demo needs no more, and no upkeep.
const MAX_BROWSERS: usize = 1_000;

/// The application as it is registered.
#[derive(Debug, Clone)]
pub struct Registration {
    /// The issuer's address.
    pub issuer: String,
    /// Its client id.
    pub client_id: String,
    /// Its secret.
    pub client_secret: Secret,
    /// Its own address, without trailing slash.
    pub url: String,
}

impl Registration {
    /// Where the answer to a sign-in goes.
    #[must_use]
    pub fn callback(&self) -> String {
        format!("{}/callback", self.url)
    }
}

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
enum SignInError {
    #[error("{0}")]
    Refused(String),
    #[error("this browser did not begin the sign-in; begin again")]
    Stranger,
    #[error("the provider can't be asked: {0}")]
    Http(#[from] reqwest::Error),
    #[error("the provider's answer makes no sense: {0}")]
    Answer(&'static str),
    #[error("the ID token is not to be trusted: {0}")]
    Token(#[from] jwt::VerifyError),
}

/// What is known about a browser.
enum Browser {
    Waiting {
        state: Secret,
        nonce: Secret,
        verifier: Secret,
    },
    SignedIn {
        claims: jwt::Claims,
    },
    Refused {
        why: String,
    },
}

struct Site {
    app: App,
    registration: Registration,
    http: reqwest::Client,
    pages: Pages,
    browsers: Mutex<HashMap<String, Browser>>,
}

/// The endpoints that the application uses (OpenID Connect Discovery §3).
#[derive(Deserialize)]
struct Provider {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    end_session_endpoint: String,
}

/// The application's pages, below `/app`.
pub fn routes(
    app: &App,
    registration: Registration,
    http: reqwest::Client,
    pages: Pages,
) -> Router {
    let site = Site {
        app: app.clone(),
        registration,
        http,
        pages,
        browsers: Mutex::default(),
    };
    Router::new()
        .route("/app", get(home))
        .route("/app/sign-in", get(begin))
        .route("/app/callback", get(callback))
        .route("/app/sign-out", get(sign_out))
        .with_state(Arc::new(site))
}

async fn home(State(site): State<Arc<Site>>, headers: HeaderMap) -> Html<String> {
    let layout = Layout::hosted("en", Brand::named("Demo app"), "");
    let browsers = site.browsers.lock().unwrap_or_else(PoisonError::into_inner);
    Html(
        match read_cookie(&headers, COOKIE).and_then(|id| browsers.get(&id)) {
            Some(Browser::SignedIn { claims }) => site.pages.render(&layout, &signed_in(claims)),
            Some(Browser::Refused { why }) => site
                .pages
                .render(&layout, &view::SignedOut::because(Some(why.clone()))),
            Some(Browser::Waiting { .. }) | None => {
                site.pages.render(&layout, &view::SignedOut::because(None))
            }
        },
    )
}

fn signed_in(claims: &jwt::Claims) -> view::SignedIn {
    let text = |name: &str| claims.get(name).and_then(serde_json::Value::as_str);
    view::SignedIn {
        name: text("name")
            .or(text("email"))
            .unwrap_or_default()
            .to_owned(),
        claims: claims
            .iter()
            .map(|(name, value)| {
                (
                    name.clone(),
                    value
                        .as_str()
                        .map_or_else(|| value.to_string(), str::to_owned),
                )
            })
            .collect(),
        sign_out_url: "/app/sign-out".to_owned(),
    }
}

#[derive(Deserialize)]
struct Begin {
    /// Whose address to fill in.
    r#as: Option<String>,
}

async fn begin(State(site): State<Arc<Site>>, Query(query): Query<Begin>) -> Response {
    let provider = match site.provider().await {
        Ok(provider) => provider,
        Err(error) => return site.refuse(&error),
    };
    let [state, nonce, verifier] = std::array::from_fn(|_| site.app.random_token());
    let Some(url) = authorization_url(
        &site.registration,
        &provider,
        (&state, &nonce, &verifier),
        query.r#as.as_deref(),
    ) else {
        return site.refuse(&SignInError::Answer(
            "its authorization endpoint is no address",
        ));
    };
    site.remember(
        Browser::Waiting {
            state,
            nonce,
            verifier,
        },
        url.as_str(),
    )
}

fn authorization_url(
    registration: &Registration,
    provider: &Provider,
    (state, nonce, verifier): (&Secret, &Secret, &Secret),
    hint: Option<&str>,
) -> Option<Url> {
    let challenge = Verifier::parse(verifier.reveal()).ok()?.challenge();
    let mut url = Url::parse(&provider.authorization_endpoint).ok()?;
    url.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", &registration.client_id)
        .append_pair("redirect_uri", &registration.callback())
        .append_pair("scope", "openid profile email")
        .append_pair("state", state.reveal())
        .append_pair("nonce", nonce.reveal())
        .append_pair("code_challenge", &challenge.to_string())
        .append_pair("code_challenge_method", "S256")
        .extend_pairs(hint.map(|hint| ("login_hint", hint)))
        // Whoever is chosen by name signs in anew, though somebody else may be signed in still.
        .extend_pairs(hint.map(|_| ("prompt", "login")));
    Some(url)
}

/// The answer to a sign-in (RFC 6749 §4.1.2).
#[derive(Deserialize)]
struct Answer {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

async fn callback(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    Query(answer): Query<Answer>,
) -> Response {
    match site.redeem(&headers, answer).await {
        Ok(claims) => site.remember(Browser::SignedIn { claims }, "/app"),
        Err(error) => site.refuse(&error),
    }
}

async fn sign_out(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    if let Some(id) = read_cookie(&headers, COOKIE) {
        site.browsers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&id);
    }
    let Ok(provider) = site.provider().await else {
        return Redirect::to("/app").into_response();
    };
    let query: String = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("redirect", &site.registration.url)
        .finish();
    Redirect::to(&format!("{}?{query}", provider.end_session_endpoint)).into_response()
}

impl Site {
    async fn provider(&self) -> Result<Provider, SignInError> {
        let url = format!(
            "{}/.well-known/openid-configuration",
            self.registration.issuer
        );
        Ok(self
            .http
            .get(url)
            .send()
            .await?
            .error_for_status()?
            .json()
            .await?)
    }

    /// Exchanges the code for an ID token, and returns its claims once they are known to be true.
    async fn redeem(
        &self,
        headers: &HeaderMap,
        answer: Answer,
    ) -> Result<jwt::Claims, SignInError> {
        let id = read_cookie(headers, COOKIE).ok_or(SignInError::Stranger)?;
        let browser = self
            .browsers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&id);
        let Some(Browser::Waiting {
            state,
            nonce,
            verifier,
        }) = browser
        else {
            return Err(SignInError::Stranger);
        };
        if answer.state.map(Secret::new) != Some(state) {
            return Err(SignInError::Stranger);
        }
        if let Some(error) = answer.error {
            let description = answer
                .error_description
                .map(|text| format!(": {text}"))
                .unwrap_or_default();
            return Err(SignInError::Refused(format!("{error}{description}")));
        }
        let code = answer.code.ok_or(SignInError::Answer("it has no code"))?;
        let provider = self.provider().await?;
        let id_token = self.id_token(&provider, &code, &verifier).await?;
        let keys: JwkSet = self
            .http
            .get(&provider.jwks_uri)
            .send()
            .await?
            .error_for_status()?
            .json()
            .await?;
        let keys: VerifyingKeys = keys.keys.iter().collect();
        let claims = jwt::verify(&id_token, &keys, self.app.now().millis() / 1_000, 30)?;
        self.check(&provider, &claims, &nonce)?;
        Ok(claims)
    }

    async fn id_token(
        &self,
        provider: &Provider,
        code: &str,
        verifier: &Secret,
    ) -> Result<String, SignInError> {
        let callback = self.registration.callback();
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &callback),
            ("client_id", &self.registration.client_id),
            ("client_secret", self.registration.client_secret.reveal()),
            ("code_verifier", verifier.reveal()),
        ];
        let answer: serde_json::Value = self
            .http
            .post(&provider.token_endpoint)
            .form(&form)
            .send()
            .await?
            .json()
            .await?;
        let text = |name: &str| {
            answer
                .get(name)
                .and_then(serde_json::Value::as_str)
                .map(str::to_owned)
        };
        match text("error") {
            Some(error) => Err(SignInError::Refused(error)),
            None => text("id_token").ok_or(SignInError::Answer("it has no ID token")),
        }
    }

    /// OpenID Connect Core §3.1.3.7: the token is from this issuer, for this client, and for this sign-in.
    fn check(
        &self,
        provider: &Provider,
        claims: &jwt::Claims,
        nonce: &Secret,
    ) -> Result<(), SignInError> {
        let is = |name: &str, expected: &str| {
            claims.get(name).and_then(serde_json::Value::as_str) == Some(expected)
        };
        if provider.issuer != self.registration.issuer || !is("iss", &self.registration.issuer) {
            return Err(SignInError::Answer("it comes from another issuer"));
        }
        let is_ours = match claims.get("aud") {
            Some(serde_json::Value::Array(audiences)) => audiences
                .iter()
                .any(|one| one.as_str() == Some(&self.registration.client_id)),
            _ => is("aud", &self.registration.client_id),
        };
        if !is_ours || !is("nonce", nonce.reveal()) {
            return Err(SignInError::Answer(
                "the ID token is for another client or another sign-in",
            ));
        }
        Ok(())
    }

    fn refuse(&self, error: &SignInError) -> Response {
        self.remember(
            Browser::Refused {
                why: error.to_string(),
            },
            "/app",
        )
    }

    /// Sends the browser on, under a new id each time: nobody can plant one.
    fn remember(&self, browser: Browser, next: &str) -> Response {
        let id = self.app.random_token();
        let mut browsers = self.browsers.lock().unwrap_or_else(PoisonError::into_inner);
        if browsers.len() >= MAX_BROWSERS {
            browsers.clear();
        }
        browsers.insert(id.reveal().to_owned(), browser);
        let mut response = Redirect::to(next).into_response();
        add_cookie(&mut response, &cookie(COOKIE, id.reveal(), false, None));
        response
    }
}
