//! Which old system is asked, and how.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::response::Response;
use import::UserRecord;

use crate::drip_feed::connector::{self, CONNECTORS, Connector, NotRight, Values};
use crate::drip_feed::view::{
    ConnectorEntry, ConnectorForm, Connectors, Fact, FormField, Tried, text_key,
};
use crate::drip_feed::{self, Configuration, ConfigureError, Filled};
use crate::error::Code;
use crate::http::{Client, Failure, Form, Result};
use crate::pages::{Message, Notice, Problems, Tone};
use crate::secret::Secret;
use crate::team::Member;

pub(super) async fn choose(member: Member) -> Result<Response> {
    let stored = stored(&member).await?;
    let current = stored.map(|stored| stored.connector.name);
    let entry = |connector: &&'static Connector| ConnectorEntry {
        label: connector.label.to_owned(),
        text: Message::new(text_key(connector.name)),
        url: member.url(&path(connector)),
        is_current: current == Some(connector.name),
    };
    Ok(member.show(&Connectors {
        migration_url: member.url("/migration"),
        connectors: CONNECTORS.iter().map(entry).collect(),
    }))
}

pub(super) async fn show(member: Member, Path(name): Path<String>) -> Result<Response> {
    let connector = find(&name)?;
    let stored = stored(&member)
        .await?
        .filter(|stored| stored.connector.name == name);
    Ok(member.show(&page(
        &member,
        connector,
        stored.as_ref(),
        &Filled::default(),
    )))
}

pub(super) async fn save(member: Member, Path(name): Path<String>, form: Form) -> Result<Response> {
    member.check(&form)?;
    let connector = find(&name)?;
    let filled = filled(connector, &form);
    let mut tx = member.cx.db().begin().await?;
    match drip_feed::configure(&member.cx, &mut tx, &filled).await {
        Ok(()) => {
            tx.commit().await?;
            let said = Notice::good(Message::new("settings-saved-notice"));
            Ok(member.done("/migration", &said))
        }
        Err(
            error @ (ConfigureError::Missing(field) | ConfigureError::EnteredForElsewhere(field)),
        ) => {
            drop(tx);
            let stored = stored(&member)
                .await?
                .filter(|stored| stored.connector.name == name);
            let problems = Problems::at(field, problem(&error));
            let page = page(&member, connector, stored.as_ref(), &filled);
            Ok(member.show_again(&ConnectorForm { problems, ..page }))
        }
        Err(error) => Err(error.into()),
    }
}

fn problem(error: &ConfigureError) -> Message {
    Message::new(match error {
        ConfigureError::EnteredForElsewhere(_) => "connector-error-elsewhere",
        _ => "connector-error-missing",
    })
}

/// Tries what is typed with one account, and keeps nothing of it.
pub(super) async fn try_out(
    member: Member,
    client: Client,
    Path(name): Path<String>,
    form: Form,
) -> Result<Response> {
    member.check(&form)?;
    let connector = find(&name)?;
    let filled = filled(connector, &form);
    let stored = stored(&member)
        .await?
        .filter(|stored| stored.connector.name == name);
    let page = page(&member, connector, stored.as_ref(), &filled);
    let identifier = form.get("identifier").to_owned();
    let password = Secret::new(form.raw("password"));
    if identifier.is_empty() || password.reveal().is_empty() {
        let problems = Problems::at("identifier", Message::new("connector-error-account"));
        return Ok(member.show_again(&ConnectorForm {
            identifier,
            problems,
            ..page
        }));
    }
    let elsewhere = stored.as_ref().and_then(|stored| {
        connector.entered_for_elsewhere(|name| stored.values.given(name), |name| filled.given(name))
    });
    if let Some(field) = elsewhere {
        let error = ConfigureError::EnteredForElsewhere(field.name);
        let problems = Problems::at(field.name, problem(&error));
        return Ok(member.show_again(&ConnectorForm {
            identifier,
            problems,
            ..page
        }));
    }
    let mut values = stored.map(|stored| stored.values.0).unwrap_or_default();
    values.extend(
        filled
            .values
            .into_iter()
            .filter(|(_, value)| !value.reveal().is_empty()),
    );
    let configuration = Configuration {
        connector,
        is_on: filled.is_on,
        trusts_addresses: filled.trusts_addresses,
        values: Values(values),
        since: None,
        ended_at: None,
    };
    let account = (identifier.as_str(), &password);
    let found = drip_feed::try_out(&member.cx, &configuration, account, Some(client.address)).await;
    Ok(member.show(&ConnectorForm {
        tried: Some(tried(found)),
        identifier,
        ..page
    }))
}

async fn stored(member: &Member) -> Result<Option<Configuration>> {
    let mut tx = member.cx.db().read().await?;
    Ok(drip_feed::configuration(&member.cx, &mut tx).await?)
}

fn find(name: &str) -> Result<&'static Connector> {
    connector::find(name)
        .ok_or_else(|| Failure::new(Code::ROUTE_NOT_FOUND, "there is no such old system"))
}

fn path(connector: &Connector) -> String {
    format!("/migration/old-system/{}", connector.name)
}

fn filled(connector: &Connector, form: &Form) -> Filled {
    let value = |name: &'static str| (name.to_owned(), Secret::new(form.get(name)));
    let values: BTreeMap<_, _> = connector
        .fields
        .iter()
        .map(|field| value(field.name))
        .collect();
    Filled {
        connector: connector.name.to_owned(),
        is_on: form.has("is_on"),
        trusts_addresses: form.has("trusts_addresses"),
        values,
    }
}

/// The form as typed, over what is stored.
fn page(
    member: &Member,
    connector: &'static Connector,
    stored: Option<&Configuration>,
    filled: &Filled,
) -> ConnectorForm {
    let was_typed = !filled.connector.is_empty();
    let fields = connector.fields.iter().map(|field| {
        let kept = stored.and_then(|stored| stored.values.given(field.name));
        let typed = filled
            .values
            .get(field.name)
            .map(|value| value.reveal().to_owned());
        FormField {
            name: field.name,
            label: Message::new(field_key(field.name)),
            value: match typed {
                _ if field.is_secret => String::new(),
                Some(typed) => typed,
                None => kept.unwrap_or_default().to_owned(),
            },
            example: field.example,
            is_secret: field.is_secret,
            is_kept: field.is_secret && kept.is_some(),
            is_optional: field.is_optional,
        }
    });
    ConnectorForm {
        connectors_url: member.url("/migration/old-system"),
        label: connector.label.to_owned(),
        text: Message::new(text_key(connector.name)),
        action: member.url(&path(connector)),
        test_action: member.url(&format!("{}/test", path(connector))),
        fields: fields.collect(),
        is_on: if was_typed {
            filled.is_on
        } else {
            stored.is_none_or(|stored| stored.is_on)
        },
        trusts_addresses: if was_typed {
            filled.trusts_addresses
        } else {
            stored.is_some_and(|stored| stored.trusts_addresses)
        },
        identifier: String::new(),
        tried: None,
        problems: Problems::none(),
    }
}

/// What a field is called.
fn field_key(name: &str) -> &'static str {
    match name {
        "domain" => "connector-field-domain",
        "client_id" => "connector-field-client_id",
        "client_secret" => "connector-field-client_secret",
        "connection" => "connector-field-connection",
        "audience" => "connector-field-audience",
        "region" => "connector-field-region",
        "user_pool_id" => "connector-field-user_pool_id",
        "access_key_id" => "connector-field-access_key_id",
        "secret_access_key" => "connector-field-secret_access_key",
        "url" => "connector-field-url",
        "tenant" => "connector-field-tenant",
        "policy" => "connector-field-policy",
        "host" => "connector-field-host",
        "api_key" => "connector-field-api_key",
        "realm" => "connector-field-realm",
        "token_url" => "connector-field-token_url",
        "userinfo_url" => "connector-field-userinfo_url",
        "scope" => "connector-field-scope",
        "base_dn" => "connector-field-base_dn",
        "bind_dn" => "connector-field-bind_dn",
        "bind_password" => "connector-field-bind_password",
        "filter" => "connector-field-filter",
        "database_url" => "connector-field-database_url",
        "query" => "connector-field-query",
        "scheme" => "connector-field-scheme",
        "bearer_token" => "connector-field-bearer_token",
        "admin_client_id" => "connector-field-admin_client_id",
        "admin_client_secret" => "connector-field-admin_client_secret",
        "management_domain" => "connector-field-management_domain",
        "management_client_id" => "connector-field-management_client_id",
        "management_client_secret" => "connector-field-management_client_secret",
        _ => "connector-field-encryption_key",
    }
}

fn tried(found: std::result::Result<UserRecord, NotRight>) -> Tried {
    let record = match found {
        Ok(record) => record,
        Err(not_right) => {
            let title = match &not_right {
                NotRight::Wrong => "connector-tried-wrong",
                NotRight::Locked => "connector-tried-locked",
                NotRight::TooMany(_) => "connector-tried-too_many",
                NotRight::Slow => "connector-tried-slow",
                NotRight::Down(_) => "connector-tried-down",
                NotRight::Unclear(_) => "connector-tried-unclear",
            };
            return Tried {
                tone: Tone::Bad,
                title: Message::new(title),
                detail: not_right.reason().unwrap_or_default().to_owned(),
                facts: Vec::new(),
            };
        }
    };
    let joined = |texts: Vec<String>| texts.join(", ");
    let names = [&record.given_name, &record.family_name];
    let name = names
        .into_iter()
        .flatten()
        .cloned()
        .collect::<Vec<_>>()
        .join(" ");
    let identities = record
        .identities
        .iter()
        .map(|identity| identity.value().to_owned());
    let memberships = record.organizations.iter().map(|membership| {
        let roles = membership.roles.join(" ");
        format!(
            "{} {roles}",
            membership.external_id.as_deref().unwrap_or("—")
        )
        .trim()
        .to_owned()
    });
    let facts = [
        (
            "connector-fact-id",
            record.provided_id.clone().unwrap_or_default(),
        ),
        ("connector-fact-name", name),
        ("connector-fact-identities", joined(identities.collect())),
        (
            "connector-fact-organizations",
            joined(memberships.collect()),
        ),
    ];
    Tried {
        tone: Tone::Good,
        title: Message::new("connector-tried-right"),
        detail: String::new(),
        facts: facts
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(label, value)| Fact {
                label: Message::new(label),
                value,
            })
            .collect(),
    }
}
