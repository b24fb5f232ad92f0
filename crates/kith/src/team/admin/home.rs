//! Home: what to do next, the applications, the migration at a glance.

use axum::response::Response;
use db::Tx;

use crate::applications::{self, Application};
use crate::http::Result;
use crate::imports::{self, OfSource, Run, Unproved};
use crate::pages::Message;
use crate::settings::{self, EmailSender};
use crate::team::Member;
use crate::team::view::{Home, Migration, MigrationRun, MigrationSource, MigrationTask, Step};
use crate::users;

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
    let glance = imports::glance(&member.cx, tx).await?;
    if totals.created == 0 && totals.refused == 0 && glance.open.is_empty() {
        return Ok(None);
    }
    Ok(Some(Migration {
        people: count(users::count(&member.cx, tx).await?),
        imported: count(totals.created),
        signed_in: count(users::count_arrived(&member.cx, tx).await?),
        refused: count(totals.refused),
        runs_url: member.url("/users/imports"),
        sources: glance.sources.iter().map(source).collect(),
        open: glance.open.iter().map(|run| open(member, run)).collect(),
        unproved: glance
            .unproved
            .iter()
            .map(|found| unproved(member, found))
            .collect(),
        to_mend: glance
            .refused
            .iter()
            .map(|run| to_mend(member, run))
            .collect(),
    }))
}

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

fn source(of: &OfSource) -> MigrationSource {
    let known = import::source::find(&of.source);
    MigrationSource {
        name: known
            .map_or(of.source.as_str(), |source| source.label)
            .to_owned(),
        people: count(of.people),
    }
}

fn open(member: &Member, run: &Run) -> MigrationRun {
    MigrationRun {
        source: run.label().to_owned(),
        files: run.files.iter().map(|file| file.name.clone()).collect(),
        state: imports::admin::state(member, run),
        url: member.url(&imports::admin::path(run, "")),
    }
}

fn unproved(member: &Member, found: &Unproved) -> MigrationTask {
    let text = Message::new("home-migration-unproved").with("people", found.people);
    let text = text.with("unproved", found.unproved as u64);
    MigrationTask {
        text: text.with("cohorts", found.cohorts as u64),
        about: about(&found.run),
        url: member.url(&imports::admin::path(&found.run, "/proof")),
    }
}

fn to_mend(member: &Member, run: &Run) -> MigrationTask {
    MigrationTask {
        text: Message::new("home-migration-mend").with("count", run.tally.refused),
        about: about(run),
        url: member.url(&imports::admin::path(run, "/rows?show=refused")),
    }
}

/// Which import it is, for people.
fn about(run: &Run) -> String {
    let names = run.files.iter().map(|file| file.name.as_str());
    let names: Vec<&str> = std::iter::once(run.label()).chain(names).collect();
    names.join(" · ")
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
