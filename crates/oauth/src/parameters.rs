//! Reading parameters the way RFC 6749 §3.1 and §3.2 ask for.
//!
//! An empty value counts as absent, an unknown name is ignored, and a known name may come once only. The audience is
//! the one exception: clients send it as one list, as repeated parameters, or empty.

use crate::error::{ErrorCode, OAuthError};

/// The decoded pairs of a query or a form, in the order in which they were sent.
#[derive(Clone, Copy)]
pub(crate) struct Parameters<'a>(pub(crate) &'a [(String, String)]);

impl<'a> Parameters<'a> {
    /// The value of `name`, or `None` when it is absent or empty.
    ///
    /// # Errors
    /// `invalid_request` when the name was sent more than once.
    pub(crate) fn one(self, name: &str) -> Result<Option<&'a str>, OAuthError> {
        let mut values = self.each(name);
        let value = values.next();
        if values.next().is_some() {
            return Err(repeated(name));
        }
        Ok(value.filter(|value| !value.is_empty()))
    }

    /// As [`Self::one`], owned.
    pub(crate) fn text(self, name: &str) -> Result<Option<String>, OAuthError> {
        Ok(self.one(name)?.map(str::to_owned))
    }

    /// As [`Self::one`], and an error when there is no value.
    pub(crate) fn required(self, name: &str) -> Result<&'a str, OAuthError> {
        self.one(name)?.ok_or_else(|| {
            OAuthError::new(
                ErrorCode::InvalidRequest,
                format!("the parameter {name} is missing"),
            )
        })
    }

    /// Whether `name` is set. Clients write `true`, `True` (Python) or `1`; anything else is no.
    pub(crate) fn flag(self, name: &str) -> Result<bool, OAuthError> {
        let value = self.one(name)?;
        Ok(value.is_some_and(|value| value.eq_ignore_ascii_case("true") || value == "1"))
    }

    /// Every audience that was asked for, once each: from one value with spaces, from repeated parameters, or both.
    pub(crate) fn audiences(self) -> Vec<String> {
        let mut audiences: Vec<String> = Vec::new();
        for audience in self.each("audience").flat_map(str::split_whitespace) {
            if !audiences.iter().any(|known| known == audience) {
                audiences.push(audience.to_owned());
            }
        }
        audiences
    }

    fn each(self, name: &str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

fn repeated(name: &str) -> OAuthError {
    OAuthError::new(
        ErrorCode::InvalidRequest,
        format!("the parameter {name} is sent more than once; send it once"),
    )
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn pairs(query: &str) -> Vec<(String, String)> {
        url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect()
    }

    #[test]
    fn an_empty_value_counts_as_absent() {
        let pairs = pairs("scope=&nonce=n");
        assert_eq!(Parameters(&pairs).one("scope").unwrap(), None);
        assert_eq!(Parameters(&pairs).one("nonce").unwrap(), Some("n"));
    }

    #[test]
    fn a_repeated_parameter_is_refused_even_when_one_of_them_is_empty() {
        let pairs = pairs("state=a&state=");
        let error = Parameters(&pairs).one("state").unwrap_err();
        assert_eq!(error.code(), ErrorCode::InvalidRequest);
        assert!(error.description().contains("state"));
    }

    #[test]
    fn audiences_come_in_three_encodings_and_each_counts_once() {
        for query in [
            "audience=https://a.example%20https://b.example",
            "audience=https://a.example&audience=https://b.example",
            "audience=https://a.example+https://b.example&audience=https://a.example&audience=",
        ] {
            let pairs = pairs(query);
            let audiences = Parameters(&pairs).audiences();
            assert_eq!(
                audiences,
                ["https://a.example", "https://b.example"],
                "{query}"
            );
        }
        assert!(Parameters(&pairs("audience=")).audiences().is_empty());
    }

    #[test]
    fn flags_are_read_as_the_sdks_write_them() {
        for (text, expected) in [
            ("true", true),
            ("True", true),
            ("1", true),
            ("false", false),
            ("", false),
        ] {
            let pairs = pairs(&format!("is_create_org={text}"));
            assert_eq!(
                Parameters(&pairs).flag("is_create_org").unwrap(),
                expected,
                "{text}"
            );
        }
    }
}
