//! Supabase Auth: `token?grant_type=password`, which answers with the whole user.
//!
//! Supabase, Auth server (`supabase/auth`), “POST /token” and its error codes.

use futures::FutureExt as _;
use import::UserRecord;
use import::identifier::EmailAddress;
use serde_json::{Map, Value, json};

use super::call::{self, unexpected};
use super::{Connector, Field, NotRight, Question, claims};

pub(super) const CONNECTOR: Connector = Connector {
    name: "supabase",
    label: "Supabase",
    fields: &[
        Field::place("url", "https://abcdefghijklmnop.supabase.co"),
        Field::secret("api_key"),
    ],
    ask: |question| ask(question).boxed(),
    finder: None,
};

async fn ask(question: &Question<'_>) -> Result<UserRecord, NotRight> {
    let values = question.values;
    let name = if EmailAddress::parse(question.identifier).is_ok() {
        "email"
    } else {
        "phone"
    };
    let body = json!({name: question.identifier, "password": question.password.reveal()});
    let url = call::address(values.get("url"), "/auth/v1/token?grant_type=password")?;
    let headers = [("apikey", values.get("api_key"))];
    let reply = call::post_json(question, url, &body, &headers).await?;
    if !reply.status.is_success() {
        let code = match reply.text("error_code") {
            "" => reply.text("error"),
            code => code,
        };
        let said = [reply.text("msg"), reply.text("error_description")].concat();
        return match code {
            // Older servers have one code for both, and tell it in words.
            "email_not_confirmed" | "phone_not_confirmed" => Ok(UserRecord::default()),
            "invalid_grant" if said.contains("not confirmed") => Ok(UserRecord::default()),
            "invalid_credentials" | "invalid_grant" => Err(NotRight::Wrong),
            "user_banned" => Err(NotRight::Locked),
            "over_request_rate_limit" => Err(NotRight::TooMany(None)),
            _ => Err(unexpected(reply.status, &said)),
        };
    }
    let user = &reply.body["user"];
    let Some(id) = claims::text_of(user.get("id")) else {
        let reason = "Supabase answered without a user; is the address that of the project?";
        return Err(NotRight::Unclear(reason.to_owned()));
    };
    let of = |name: &str| user.get(name).cloned().unwrap_or_default();
    let is_set = |name: &str| Value::from(claims::text_of(user.get(name)).is_some());
    let about = &user["user_metadata"];
    let either = |one: &str, other: &str| {
        let text = claims::text_of(about.get(one)).or_else(|| claims::text_of(about.get(other)));
        text.map_or(Value::Null, Value::from)
    };
    let told: Map<String, Value> = [
        ("sub", Value::from(id)),
        ("email", of("email")),
        ("email_verified", is_set("email_confirmed_at")),
        ("phone_number", of("phone")),
        ("phone_number_verified", is_set("phone_confirmed_at")),
        ("given_name", either("given_name", "first_name")),
        ("family_name", either("family_name", "last_name")),
        ("name", either("full_name", "name")),
        ("picture", either("avatar_url", "picture")),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into_iter()
    .collect();
    Ok(claims::record(&told))
}
