//! `id_token_hint`: an ID token that a client sends back to say whom it means (OIDC Core §3.1.2.1).
//!
//! It is a hint and no proof: anyone who has seen the token can send it. It may pick a session to end or a person to
//! expect, and must never sign anybody in.

use crate::{
    claims::TokenKind,
    jwt::{VerifyError, VerifyingKeys, verify_ignoring_time},
};

/// Whom a hint means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdTokenHint {
    /// The person (`sub`).
    pub subject: String,
    /// The application for which the token was made (`azp`).
    pub client_id: String,
}

/// Why a hint says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HintError {
    /// The token itself is not good.
    #[error(transparent)]
    Token(#[from] VerifyError),
    /// Signed by us, and not an ID token of this issuer.
    #[error("id_token_hint must be an ID token of this issuer")]
    NotAnIdToken,
}

/// Reads a hint. An expired ID token is as good as a fresh one: clients keep it for signing out much later.
///
/// # Errors
/// [`HintError::Token`] when the token is not ours; [`HintError::NotAnIdToken`] when it is an access token, or made for
/// another issuer.
pub fn read(token: &str, keys: &VerifyingKeys, issuer: &str) -> Result<IdTokenHint, HintError> {
    let claims = verify_ignoring_time(token, keys)?;
    let text = |name: &str| claims.get(name).and_then(|value| value.as_str());
    match (
        TokenKind::of(&claims),
        text("iss"),
        text("sub"),
        text("azp"),
    ) {
        (Some(TokenKind::Id), Some(iss), Some(subject), Some(client_id)) if iss == issuer => {
            Ok(IdTokenHint {
                subject: subject.to_owned(),
                client_id: client_id.to_owned(),
            })
        }
        _ => Err(HintError::NotAnIdToken),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        claims::{AccessToken, IdToken, Issue},
        jwt::SigningKey,
    };

    const ISSUER: &str = "https://id.example.com";

    fn issue(issuer: &str) -> Issue {
        Issue {
            issuer: issuer.to_owned(),
            issued_at: 100,
            expires_at: 200,
            jti: "1".to_owned(),
        }
    }

    #[test]
    fn only_an_id_token_of_this_issuer_is_a_hint_and_it_may_be_expired() {
        let key = SigningKey::generate().unwrap();
        let keys = [key.jwk()].into_iter().collect();
        let id_token = key
            .sign(&IdToken::new(issue(ISSUER), "client", "kp_1"))
            .unwrap();
        assert_eq!(
            read(&id_token, &keys, ISSUER),
            Ok(IdTokenHint {
                subject: "kp_1".to_owned(),
                client_id: "client".to_owned()
            })
        );

        let foreign = key
            .sign(&IdToken::new(
                issue("https://other.example.com"),
                "client",
                "kp_1",
            ))
            .unwrap();
        assert_eq!(read(&foreign, &keys, ISSUER), Err(HintError::NotAnIdToken));

        let access_token = key
            .sign(&AccessToken::new(issue(ISSUER), "client", "kp_1"))
            .unwrap();
        assert_eq!(
            read(&access_token, &keys, ISSUER),
            Err(HintError::NotAnIdToken)
        );

        let stranger = SigningKey::generate().unwrap();
        let forged = stranger
            .sign(&IdToken::new(issue(ISSUER), "client", "kp_1"))
            .unwrap();
        assert_eq!(
            read(&forged, &keys, ISSUER),
            Err(HintError::Token(VerifyError::UnknownKey))
        );
    }
}
