//! Home: what to do next, the applications, the migration at a glance.

use axum::response::Response;
use db::Tx;

use crate::applications::{self, Application};
use crate::http::Result;
use crate::pages::Message;
use crate::settings::{self, EmailSender};
use crate::team::Member;
use crate::team::view::{Home, Migration, Step};
use crate::{imports, users};

pub(super) async fn show(member: Member) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let applications = applications::list(&member.cx, &mut tx).await?;
    let steps = steps(&member, &mut tx, &applications).await?;
    Ok(member.show(&Home {
        first_name: member.first_name(),
        steps,
        applications: applications
            .iter()
            .map(|application| applications::admin::tile(&member, application))
            .collect(),
        add_application_url: member.url("/applications/new"),
        migration: migration(&member, &mut tx).await?,
    }))
}

/// The migration at a glance; none before the first import.
async fn migration(member: &Member, tx: &mut Tx) -> Result<Option<Migration>> {
    let totals = imports::totals(&member.cx, tx).await?;
    if totals.created == 0 && totals.refused == 0 {
        return Ok(None);
    }
    let count = |number| u64::try_from(number).unwrap_or(0);
    Ok(Some(Migration {
        people: count(users::count(&member.cx, tx).await?),
        imported: count(totals.created),
        signed_in: count(users::count_arrived(&member.cx, tx).await?),
        refused: count(totals.refused),
        runs_url: member.url("/users/imports"),
    }))
}

/// What is left to do; nothing once all of it is done.
async fn steps(member: &Member, tx: &mut Tx, all: &[Application]) -> Result<Vec<Step>> {
    let mut is_connected = false;
    for application in all {
        let urls = applications::urls(&member.cx, tx, &application.id).await?;
        is_connected |= !urls.callback.is_empty();
    }
    let sender: EmailSender = settings::get(tx, &member.cx.environment().id).await?;
    let has_mail_server = sender.use_custom || member.cx.config().smtp_url.is_some();
    let quick_start = all.first().map_or_else(
        || "/applications".to_owned(),
        |first| format!("/applications/{}/quick-start", first.id),
    );
    let steps = [
        step(member, "connect", &quick_start, is_connected),
        step(
            member,
            "import",
            "/users/import",
            users::count(&member.cx, tx).await? > 0,
        ),
        step(member, "email", "/settings/email", has_mail_server),
    ];
    let is_all_done = steps.iter().all(|step| step.is_done);
    Ok(if is_all_done {
        Vec::new()
    } else {
        steps.into()
    })
}

fn step(member: &Member, what: &str, path: &str, is_done: bool) -> Step {
    let [title, text, button] = match what {
        "connect" => [
            "home-step-connect-title",
            "home-step-connect-text",
            "home-step-connect-button",
        ],
        "import" => [
            "home-step-import-title",
            "home-step-import-text",
            "home-step-import-button",
        ],
        _ => [
            "home-step-email-title",
            "home-step-email-text",
            "home-step-email-button",
        ],
    };
    Step {
        title: Message::new(title),
        text: Message::new(text),
        button: Message::new(button),
        url: member.url(path),
        is_done,
    }
}
