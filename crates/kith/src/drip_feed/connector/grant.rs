//! The resource owner password credentials grant (RFC 6749 §4.3), which most providers know, and how each tells that it fails.

use import::UserRecord;
use reqwest::StatusCode;
use serde_json::{Map, Value};
use url::Url;

use super::call::{self, Reply, unexpected};
use super::{NotRight, Question, claims};

/// What a token endpoint said to a password.
pub(super) struct Granted {
    reply: Reply,
}

impl Granted {
    /// What the ID token says of the person; nothing where there is none.
    pub(super) fn claims(&self) -> Map<String, Value> {
        claims::of_token(self.reply.text("id_token"))
    }

    /// The access token; empty where there is none.
    pub(super) fn access_token(&self) -> &str {
        self.reply.text("access_token")
    }
}

/// The outcome of a password grant.
pub(super) enum Outcome {
    /// The password is right.
    Granted(Granted),
    /// The password is right, and the provider wants something more before it gives tokens: a second factor, a new password.
    MoreIsWanted,
}

impl Outcome {
    /// The person, as far as the ID token tells.
    pub(super) fn record(&self) -> UserRecord {
        match self {
            Self::Granted(granted) => claims::record(&granted.claims()),
            Self::MoreIsWanted => UserRecord::default(),
        }
    }
}

/// Asks a token endpoint with a form.
pub(super) async fn ask(
    question: &Question<'_>,
    url: Url,
    form: &[(&str, &str)],
    headers: &[(&str, &str)],
) -> Result<Outcome, NotRight> {
    let mut form = form.to_vec();
    form.push(("username", question.identifier));
    form.push(("password", question.password.reveal()));
    judge(call::post_form(question, url, &form, headers).await?)
}

/// What an answer of a token endpoint means (RFC 6749 §5).
pub(super) fn judge(reply: Reply) -> Result<Outcome, NotRight> {
    if reply.status.is_success() {
        let has_token = ["access_token", "id_token"]
            .iter()
            .any(|token| !reply.text(token).is_empty());
        return if has_token {
            Ok(Outcome::Granted(Granted { reply }))
        } else {
            let reason = "the old system answered without a token; is the address that of its token endpoint?";
            Err(NotRight::Unclear(reason.to_owned()))
        };
    }
    let (error, said) = (reply.text("error"), reply.text("error_description"));
    let says = |words: &[&str]| {
        let said = said.to_lowercase();
        words.iter().any(|word| said.contains(word))
    };
    match error {
        // Auth0 and others that ask for a second factor do so after the password was right.
        "mfa_required" | "interaction_required" => Ok(Outcome::MoreIsWanted),
        // Keycloak: the password was right, and an action such as a new one is due.
        "invalid_grant" if says(&["not fully set up"]) => Ok(Outcome::MoreIsWanted),
        "invalid_grant" | "unauthorized" | "access_denied"
            if says(&["disabled", "blocked", "locked", "aadb2c90114"]) =>
        {
            Err(NotRight::Locked)
        }
        "too_many_attempts" | "too_many_requests" | "slow_down" => Err(NotRight::TooMany(None)),
        "invalid_grant" => Err(NotRight::Wrong),
        "access_denied" if says(&["wrong email or password", "aadb2c90225"]) => {
            Err(NotRight::Wrong)
        }
        _ if reply.status == StatusCode::TOO_MANY_REQUESTS => Err(NotRight::TooMany(None)),
        _ => Err(unexpected(
            reply.status,
            if said.is_empty() { error } else { said },
        )),
    }
}
