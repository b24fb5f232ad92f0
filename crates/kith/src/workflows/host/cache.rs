//! `kinde.cache.jwtToken`: signed tokens that are kept while they are valid.
//!
//! A token is kept in memory, by environment and name, and used only after its signature and its end were looked at again: with the key
//! that the program names, which is the address of a set of public keys or a text for HS256.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oauth::jwt::{JwkSet, VerifyingKeys};
use reqwest::Method;
use serde_json::Value;
use url::Url;

use super::RunHost;
use crate::id::EnvironmentId;
use crate::keys;
use crate::outgoing::Request;
use crate::secret::Secret;

/// A token that ends within so many seconds is not handed out any more.
const MARGIN: i64 = 10;

/// The most tokens that are kept. When there are more, all are forgotten: they can be asked for again.
const MOST: usize = 10_000;

/// Tokens by environment and name.
#[derive(Default)]
pub(in crate::workflows) struct TokenCache(Mutex<HashMap<(EnvironmentId, String), Secret>>);

impl TokenCache {
    fn get(&self, environment: &EnvironmentId, name: &str) -> Option<Secret> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&(environment.clone(), name.to_owned())).cloned()
    }

    fn put(&self, environment: &EnvironmentId, name: &str, token: &str) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.clear();
        }
        all.insert((environment.clone(), name.to_owned()), Secret::new(token));
    }

    /// Forgets the token that was refused.
    pub(super) fn forget(&self, environment: &EnvironmentId, token: Option<&str>) {
        let Some(token) = token.map(Secret::new) else {
            return;
        };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|(of, _), kept| of != environment || *kept != token);
    }

    /// Forgets every token of an environment: what they were asked for with may have changed.
    pub(in crate::workflows) fn forget_all(&self, environment: &EnvironmentId) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|(of, _), _| of != environment);
    }
}

impl RunHost {
    /// The token, while it is valid; else nothing.
    pub(super) fn cached_token(&mut self, name: &str, key: Option<&str>, left: Duration) -> Value {
        let Some(token) = self.tokens.get(&self.cx.environment().id, name) else {
            return Value::Null;
        };
        self.redactor.add_token(token.reveal());
        if key.is_some_and(|key| self.is_valid(&token, key, left)) {
            token.reveal().into()
        } else {
            Value::Null
        }
    }

    pub(super) fn keep_token(&mut self, name: &str, token: &str) {
        self.redactor.add_token(token);
        self.tokens.put(&self.cx.environment().id, name, token);
    }

    fn is_valid(&self, token: &Secret, key: &str, left: Duration) -> bool {
        let now = self.cx.now().seconds() + MARGIN;
        let own = format!("{}/.well-known/jwks.json", self.cx.environment().base_url);
        if key == own {
            let keys = self.handle.block_on(keys::verifying(&self.cx));
            return keys
                .is_ok_and(|keys| oauth::jwt::verify(token.reveal(), &keys, now, 0).is_ok());
        }
        match Url::parse(key) {
            Ok(url) if matches!(url.scheme(), "https" | "http") => self
                .public_keys(url, left)
                .is_some_and(|keys| oauth::jwt::verify(token.reveal(), &keys, now, 0).is_ok()),
            _ => is_signed_with(token.reveal(), key, now),
        }
    }

    /// The public keys at an address.
    fn public_keys(&self, url: Url, left: Duration) -> Option<VerifyingKeys> {
        let request = Request {
            method: Method::GET,
            url,
            headers: reqwest::header::HeaderMap::new(),
            body: Vec::new(),
            timeout: left.min(Duration::from_secs(5)),
            max_bytes: 256 * 1024,
        };
        let answer = self
            .handle
            .block_on(self.cx.outgoing().send(request))
            .ok()?;
        let set: JwkSet = serde_json::from_slice(&answer.body).ok()?;
        Some(set.keys.iter().collect())
    }
}

/// Whether a token is signed with this text (HS256, RFC 7518 §3.2) and has not ended.
fn is_signed_with(token: &str, key: &str, now: i64) -> bool {
    let read = || {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let json =
            |part: &str| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(part).ok()?).ok();
        if json(header)?["alg"] != "HS256" {
            return None;
        }
        let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
        hmac::verify(
            &key,
            signed.as_bytes(),
            &URL_SAFE_NO_PAD.decode(signature).ok()?,
        )
        .ok()?;
        json(claims)?["exp"].as_i64()
    };
    read().is_some_and(|ends| ends > now)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(key: &str, claims: &str) -> String {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let signed = format!("{}.{}", part(r#"{"alg":"HS256"}"#), part(claims));
        let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
        format!(
            "{signed}.{}",
            URL_SAFE_NO_PAD.encode(hmac::sign(&key, signed.as_bytes()))
        )
    }

    #[test]
    fn a_token_of_another_key_or_time_is_not_valid() {
        let good = token("k", r#"{"exp": 100}"#);
        assert!(is_signed_with(&good, "k", 99));
        assert!(!is_signed_with(&good, "k", 100));
        assert!(!is_signed_with(&good, "other", 99));
        assert!(!is_signed_with(&token("k", "{}"), "k", 0));
        assert!(!is_signed_with("a.b.c", "k", 0));
    }

    #[test]
    fn a_token_that_was_refused_is_forgotten() {
        let (cache, own) = (
            TokenCache::default(),
            "env_00000000000000000000000000000001".parse().unwrap(),
        );
        cache.put(&own, "a", "t1");
        cache.put(&own, "b", "t2");
        cache.forget(&own, Some("t1"));
        assert!(cache.get(&own, "a").is_none() && cache.get(&own, "b").is_some());
        cache.forget_all(&own);
        assert!(cache.get(&own, "b").is_none());
    }
}
