//! Azure AD B2C and Entra External ID: the token endpoint with a password.
//!
//! Microsoft Learn, “Set up a resource owner password credentials flow in Azure Active Directory B2C”. The policy is that of a
//! user flow of the kind *Sign in using resource owner password credentials*. Without a policy the tenant is taken for one of
//! Entra External ID, or of Entra ID where a host is given.

use futures::FutureExt as _;
use import::UserRecord;

use super::{Connector, Field, NotRight, Question, call, claims, grant};

pub(super) const CONNECTOR: Connector = Connector {
    name: "azure",
    label: "Azure AD B2C / Entra External ID",
    fields: &[
        Field::place("tenant", "acme"),
        Field::plain("client_id", ""),
        Field::secret("client_secret").optional(),
        Field::plain("policy", "B2C_1_ROPC").optional(),
        Field::place("host", "acme.b2clogin.com").optional(),
    ],
    ask: |question| ask(question).boxed(),
    finder: None,
};

async fn ask(question: &Question<'_>) -> Result<UserRecord, NotRight> {
    let values = question.values;
    let tenant = values.get("tenant").trim_end_matches(".onmicrosoft.com");
    let (usual, policy) = match values.given("policy") {
        Some(policy) => (format!("{tenant}.b2clogin.com"), format!("/{policy}")),
        None => (format!("{tenant}.ciamlogin.com"), String::new()),
    };
    let url = call::address(
        values.given("host").unwrap_or(&usual),
        &format!("/{tenant}.onmicrosoft.com{policy}/oauth2/v2.0/token"),
    )?;
    let client = values.get("client_id");
    let scope = format!("openid profile {client} offline_access");
    let mut form = vec![
        ("grant_type", "password"),
        ("client_id", client),
        ("scope", &scope),
        ("response_type", "token id_token"),
    ];
    form.extend(
        values
            .given("client_secret")
            .map(|secret| ("client_secret", secret)),
    );
    let outcome = grant::ask(question, url, &form, &[]).await?;
    let mut record = outcome.record();
    if let grant::Outcome::Granted(granted) = &outcome {
        // Exports name people by the object id, which `sub` is not always.
        let object = claims::text_of(granted.claims().get("oid"));
        record.provided_id = object.or(record.provided_id);
    }
    Ok(record)
}
