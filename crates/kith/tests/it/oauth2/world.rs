//! What the stories begin with: an application, a person with a password, and what both do.

use base64::Engine as _;
use kith::applications::{self, Application, Kind, NewApplication, UrlKind};
use kith::id::UserId;
use kith::secret::Secret;
use oauth::pkce::Verifier;
use serde_json::{Value, json};
use url::Url;

use crate::harness::{Answer, Browser, Kith, Page};

pub const CALLBACK: &str = "https://app.example.com/callback";
pub const SIGNED_OUT: &str = "https://app.example.com/bye";
pub const ORIGIN: &str = "https://app.example.com";
pub const PASSWORD: &str = "a horse, a battery and a staple";
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// An installation with an application and a person.
pub struct World {
    pub kith: Kith,
    pub application: Application,
    pub secret: Option<Secret>,
    pub user: UserId,
}

impl World {
    /// Tells a story on each engine.
    pub async fn each(kind: Kind, story: impl AsyncFn(Self)) {
        Kith::each(async |kith| story(Self::on(kith, kind).await).await).await;
    }

    async fn on(kith: Kith, kind: Kind) -> Self {
        let api = kith.api().await;
        let email =
            json!({"type": "email", "is_verified": true, "details": {"email": "ada@example.com"}});
        let person = json!({
            "profile": {"given_name": "Ada", "family_name": "Example"},
            "identities": [email],
        });
        let user = api.post("/api/v1/user", person).await.expect(200);
        let user: UserId = user["id"].as_str().unwrap().parse().unwrap();
        let password = json!({"password": PASSWORD});
        api.put(&format!("/api/v1/users/{user}/password"), password)
            .await
            .expect(200);
        let (application, secret) = register(&kith, kind, CALLBACK).await;
        Self {
            kith,
            application,
            secret,
            user,
        }
    }

    /// The path of an authorization request of the application, with more parameters.
    pub fn path(&self, more: &[(&str, &str)]) -> String {
        path(&self.application, CALLBACK, more)
    }

    /// A browser in which the person is signed in.
    pub async fn browser(&self) -> Browser {
        let browser = self.kith.browser();
        let page = self.sign_in(&browser, &self.path(&[])).await;
        assert!(page.parameter("code").is_some(), "{:?}", page.left_for);
        browser
    }

    /// Signs the person in on the pages that this address leads to.
    pub async fn sign_in(&self, browser: &Browser, path: &str) -> Page {
        let page = browser.get(path).await;
        let page = browser
            .submit(&page, &[("identifier", "ada@example.com")])
            .await;
        browser.submit(&page, &[("password", PASSWORD)]).await
    }

    /// A code for the application, from a browser in which the person is signed in.
    pub async fn code(&self, browser: &Browser, more: &[(&str, &str)]) -> String {
        let page = browser.get(&self.path(more)).await;
        page.parameter("code")
            .unwrap_or_else(|| panic!("no code: {:?} {}", page.left_for, page.html))
    }

    /// A form for the token endpoint with these fields and what the application proves itself with.
    pub async fn token(&self, fields: &[(&str, &str)]) -> Answer {
        let mut form = fields.to_vec();
        form.push(("client_id", self.application.id.as_str()));
        if let Some(secret) = &self.secret {
            form.push(("client_secret", secret.reveal()));
        }
        post_form(&self.kith, "/oauth2/token", &form, &[]).await
    }

    /// The tokens for a code.
    pub async fn redeem(&self, code: &str) -> Answer {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
        ];
        if self.secret.is_none() {
            form.push(("code_verifier", VERIFIER));
        }
        self.token(&form).await
    }

    /// Fresh tokens.
    pub async fn refresh(&self, token: &Value) -> Answer {
        let token = token["refresh_token"].as_str().unwrap();
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", token)])
            .await
    }

    /// The tokens of a person who has just signed in.
    pub async fn tokens(&self) -> Value {
        let code = self.code(&self.browser().await, SCOPES).await;
        self.redeem(&code).await.expect(200)
    }
}

/// Everything that a sign-in can give.
pub const SCOPES: &[(&str, &str)] = &[("scope", "openid profile email offline")];

/// Registers an application with one callback, and an address for signing out.
pub async fn register(kith: &Kith, kind: Kind, callback: &str) -> (Application, Option<Secret>) {
    let cx = kith.cx();
    let mut tx = cx.db().begin().await.unwrap();
    let name = "App".to_owned();
    let (application, secret) = applications::create(&cx, &mut tx, NewApplication { name, kind })
        .await
        .unwrap();
    if kind.has_callbacks() {
        for (kind, url) in [(UrlKind::Callback, callback), (UrlKind::Logout, SIGNED_OUT)] {
            let url = [url.to_owned()];
            applications::add_urls(&cx, &mut tx, (&application.id, kind), &url)
                .await
                .unwrap();
        }
    }
    tx.commit().await.unwrap();
    (application, secret)
}

/// The path of an authorization request. An application without a secret sends a challenge. A parameter that is given replaces
/// the usual one; an empty one leaves it out.
pub fn path(application: &Application, callback: &str, more: &[(&str, &str)]) -> String {
    let challenge = Verifier::parse(VERIFIER).unwrap().challenge().to_string();
    let mut usual = vec![
        ("client_id", application.id.as_str()),
        ("redirect_uri", callback),
        ("response_type", "code"),
        ("scope", "openid"),
    ];
    if !application.kind.has_secret() {
        usual.push(("code_challenge", &challenge));
        usual.push(("code_challenge_method", "S256"));
    }
    let is_replaced = |name: &str| more.iter().any(|(given, _)| *given == name);
    let pairs = usual
        .into_iter()
        .filter(|(name, _)| !is_replaced(name))
        .chain(more.iter().copied().filter(|(_, value)| !value.is_empty()));
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    format!("/oauth2/auth?{query}")
}

/// Posts a form to the first node, or to a full address, and reads JSON.
pub async fn post_form(
    kith: &Kith,
    path: &str,
    form: &[(&str, &str)],
    headers: &[(&str, &str)],
) -> Answer {
    let url = if path.starts_with("http") {
        path.to_owned()
    } else {
        kith.url(path)
    };
    let mut request = kith.client().post(url).form(form);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    read(request).await
}

/// Sends a request, and reads JSON.
pub async fn read(request: reqwest::RequestBuilder) -> Answer {
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let body = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or(Value::Null);
    Answer {
        status,
        headers,
        body,
    }
}

/// A header's text; empty where there is none.
pub fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer
        .headers
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

/// The refusal of an answer in the protocol's shape, which must have come with this status.
#[track_caller]
pub fn refusal(answer: Answer, status: u16) -> String {
    let body = answer.expect(status);
    assert!(body["error_description"].is_string(), "{body}");
    body["error"].as_str().unwrap().to_owned()
}

/// The claims of a token, unverified.
pub fn claims(token: &Value) -> Value {
    let part = token.as_str().unwrap().split('.').nth(1).unwrap();
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(part)
        .unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

/// The parameters of the address to which the browser was sent, which must be the callback.
#[track_caller]
pub fn answered(page: &Page) -> &Url {
    let url = page
        .left_for
        .as_ref()
        .unwrap_or_else(|| panic!("the browser stayed: {} {}", page.status, page.html));
    assert!(url.as_str().starts_with(CALLBACK), "{url}");
    url
}
