//! Settings > Export in the dashboard: the same export as on the command line, as a download.
//!
//! Password hashes go only to the owner, and only after they have typed their password again: a browser that was left open, or
//! a stolen cookie, is not enough to carry them away. Wrong passwords count as those of a sign-in do.

use axum::Router;
use axum::response::Response;
use import::target::{TARGETS, Target};

use super::view::ExportPage;
use super::{ExportError, Order, What, api, export};
use crate::credentials::lockout::Subject;
use crate::credentials::password::{self, CheckError};
use crate::http::routing::{get, post};
use crate::http::{Form, Result};
use crate::pages::{Choice, Message, Problems};
use crate::secret::Secret;
use crate::team::{Member, Role};
use crate::users;

/// The screen below `/settings`.
pub fn routes() -> Router {
    Router::new().route("/settings/export", get(show).merge(post(download)))
}

async fn show(member: Member) -> Result<Response> {
    let wish = Wish {
        what: What::All,
        target: &TARGETS[0],
        with_passwords: false,
    };
    Ok(member.show(&page(&member, &wish, Problems::none()).await?))
}

/// What the form asks for.
struct Wish {
    what: What,
    target: &'static Target,
    with_passwords: bool,
}

async fn download(member: Member, form: Form) -> Result<Response> {
    member.check(&form)?;
    let target = import::target::find(form.get("format"));
    let wish = Wish {
        what: form.get("what").parse().unwrap_or(What::All),
        target: target.unwrap_or(&TARGETS[0]),
        with_passwords: form.has("with_passwords"),
    };
    if wish.with_passwords
        && let Some(problems) = may_not_take_passwords(&member, &form).await?
    {
        return Ok(member.show_again(&page(&member, &wish, problems).await?));
    }
    let order = Order {
        what: wish.what,
        target: wish.target,
        with_secrets: wish.with_passwords,
    };
    let pieces = match export(&member.cx, &order).await {
        Ok(pieces) => pieces,
        Err(ExportError::UsersOnly(_)) => {
            let problems = Problems::at("format", Message::new("export-error-format"));
            return Ok(member.show_again(&page(&member, &wish, problems).await?));
        }
        Err(error) => return Err(error.into()),
    };
    Ok(api::download(&order, pieces))
}

/// Why somebody may not take hashes along; none when they may.
async fn may_not_take_passwords(member: &Member, form: &Form) -> Result<Option<Problems>> {
    if member.role != Role::Owner {
        let problems = Problems::at("with_passwords", Message::new("export-error-owner"));
        return Ok(Some(problems));
    }
    let typed = Secret::new(form.raw("password"));
    let subject = Subject::user(member.id());
    let outcome = password::check(member.team(), Some(member.id()), &subject, &typed).await;
    let message = match outcome {
        Ok(_) => return Ok(None),
        Err(CheckError::Wrong) => "export-error-password",
        Err(CheckError::Locked(_)) => "export-error-locked",
        Err(error) => return Err(error.into()),
    };
    Ok(Some(Problems::at("password", Message::new(message))))
}

async fn page(member: &Member, wish: &Wish, problems: Problems) -> Result<ExportPage> {
    let n_people = users::count(&member.cx, &mut member.cx.db().read().await?).await?;
    let what = |what: What, label| Choice {
        value: what.as_str(),
        label: Message::new(label),
        is_current: what == wish.what,
    };
    let format = |target: &'static Target| Choice {
        value: target.name,
        label: match target.name {
            "kith" => Message::new("export-format-kith"),
            _ => Message::new("export-format-other").with("name", target.label),
        },
        is_current: target.name == wish.target.name,
    };
    Ok(ExportPage {
        settings_url: member.url("/settings"),
        action: member.url("/settings/export"),
        people: u64::try_from(n_people).unwrap_or(0),
        whats: vec![
            what(What::All, "export-what-all"),
            what(What::Users, "export-what-users"),
            what(What::Organizations, "export-what-organizations"),
        ],
        formats: TARGETS.iter().map(format).collect(),
        may_take_passwords: member.role == Role::Owner,
        with_passwords: wish.with_passwords,
        problems,
    })
}
