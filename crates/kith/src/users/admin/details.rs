//! A person: profile, where they came from, how their password is kept.

use std::collections::BTreeMap;
use std::iter;

use axum::extract::Path;
use axum::response::Response;

use super::{find, head, label};
use crate::credentials::former::{self, Former, Kind};
use crate::credentials::password::{self, Kept};
use crate::http::{Form, Result};
use crate::pages::{Message, Notice, Problems};
use crate::team::Member;
use crate::time::Timestamp;
use crate::users::view::{Origin, UserDetails};
use crate::users::{self, Changes, User};

pub(super) async fn show(member: Member, Path(id): Path<String>) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let user = find(&member, &mut tx, &id).await?;
    let kept = password::kept(&member.cx, &mut tx, &user.id).await?;
    let mut former = former::kept(&member.cx, &mut tx, &[&user.id]).await?;
    let factors = factors(
        &former.remove(&user.id).unwrap_or_default(),
        &member.cx.environment().host(),
    );
    Ok(member.show(&page(&member, &user, kept.as_ref(), factors)))
}

pub(super) async fn save(member: Member, Path(id): Path<String>, form: Form) -> Result<Response> {
    member.check(&form)?;
    let given = |field| Some(form.get(field).to_owned()).filter(|name| !name.is_empty());
    let changes = Changes {
        given_name: Some(given("first_name")),
        family_name: Some(given("last_name")),
        ..Changes::default()
    };
    let mut tx = member.cx.db().begin().await?;
    let user = find(&member, &mut tx, &id).await?;
    users::update(&member.cx, &mut tx, &user.id, changes).await?;
    tx.commit().await?;
    let saved = Notice::good(Message::new("user-saved-notice"));
    Ok(member.done(&format!("/users/{}", user.id), &saved))
}

fn page(member: &Member, user: &User, kept: Option<&Kept>, factors: Vec<Message>) -> UserDetails {
    let url = member.url(&format!("/users/{}", user.id));
    let origin = user.import_run_id.as_ref().map(|run| Origin {
        source: label(&user.source).to_owned(),
        imported_at: user.created_at.millis(),
        run_url: Some(member.url(&format!("/users/imports/{run}"))),
    });
    UserDetails {
        head: head(member, user, ""),
        first_name: user.given_name.clone().unwrap_or_default(),
        last_name: user.family_name.clone().unwrap_or_default(),
        problems: Problems::none(),
        provided_id: user.provided_id.clone(),
        created_at: user.created_at.millis(),
        last_signed_in_at: user.last_signed_in_at.map(Timestamp::millis),
        total_sign_ins: u64::try_from(user.total_sign_ins).unwrap_or(0),
        origin,
        password_scheme: kept.map(|kept| scheme(&kept.description)),
        is_password_native: kept.is_some_and(|kept| kept.is_current),
        is_password_temporary: kept.is_some_and(|kept| kept.is_temporary),
        is_password_reset_requested: user.is_password_reset_requested,
        locale: user.locale.clone(),
        factors,
        require_reset_action: format!("{url}/require-reset"),
        temporary_password_url: format!("{url}/temporary-password"),
        suspend_action: format!("{url}/suspend"),
        unsuspend_action: format!("{url}/unsuspend"),
        delete_url: format!("{url}/delete"),
        profile_action: url,
    }
}

/// What somebody has from the former provider, each sort with its number; passkeys with where they work.
fn factors(kept: &[Former], host: &str) -> Vec<Message> {
    let count = |kind: Kind| {
        kept.iter()
            .map(|one| u64::from(one.kind() == kind))
            .sum::<u64>()
    };
    let counted = [
        (Kind::Totp, "user-factor-totp"),
        (Kind::RecoveryCode, "user-factor-recovery-codes"),
    ];
    let mut said: Vec<Message> = counted
        .into_iter()
        .filter(|(kind, _)| count(*kind) > 0)
        .map(|(kind, phrase)| Message::new(phrase).with("count", count(kind)))
        .collect();
    let mut passkeys: BTreeMap<Option<&str>, (u64, Option<bool>)> = BTreeMap::new();
    for former in kept {
        if let Former::Passkey(passkey) = former {
            let of_domain = passkeys.entry(passkey.rp_id.as_deref()).or_default();
            *of_domain = (of_domain.0 + 1, passkey.works_at(host));
        }
    }
    for (domain, (count, works)) in passkeys {
        let phrase = match works {
            Some(true) => "user-factor-passkeys-here",
            Some(false) => "user-factor-passkeys-elsewhere",
            None => "user-factor-passkeys-unknown",
        };
        said.push(
            Message::new(phrase)
                .with("count", count)
                .with("domain", domain.unwrap_or_default())
                .with("host", host),
        );
    }
    said
}

/// The scheme with its costs: `bcrypt, cost 10`.
fn scheme(description: &::password::Description) -> String {
    let costs = description.parameters.iter().map(|(name, value)| {
        let value = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        format!("{} {value}", name.replace('_', " "))
    });
    let parts: Vec<String> = iter::once(description.scheme.to_owned())
        .chain(costs)
        .collect();
    parts.join(", ")
}
