//! The repository that workflows come from: connecting it, syncing with it, what came of that, disconnecting it.

use axum::Router;
use axum::response::Response;

use super::findings;
use crate::http::routing::{get, post};
use crate::http::{Form, Result};
use crate::pages::{Confirm, Message, Notice, Problems};
use crate::secret::Secret;
use crate::team::Member;
use crate::workflows::WorkflowsError;
use crate::workflows::repository::change::{self, Changes};
use crate::workflows::repository::{
    self, Cause, InvalidRepository, NewRepository, Repository, Sync,
};
use crate::workflows::view::{ConnectRepository, RepositoryPage, SyncRow};

pub(super) const PATH: &str = "/workflows/repository";

pub(super) fn routes() -> Router {
    Router::new()
        .route(PATH, get(show).merge(post(connect)))
        .route(&format!("{PATH}/sync"), post(sync))
        .route(&format!("{PATH}/change"), post(change))
        .route(&format!("{PATH}/rotate"), post(rotate))
        .route(
            &format!("{PATH}/disconnect"),
            get(ask_disconnect).merge(post(disconnect)),
        )
}

/// The page of the repository; the form where none is connected.
async fn show(member: Member) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let Some(found) = repository::connected(&member.cx, &mut tx).await? else {
        return Ok(member.show(&form_page(&member, Fields::default())));
    };
    let syncs = repository::syncs(&mut tx, &found).await?;
    Ok(member.show(&page(&member, &found, syncs, None)))
}

/// What the form holds; the token is on no page again.
struct Fields {
    url: String,
    branch: String,
    is_polled: bool,
}

impl Default for Fields {
    fn default() -> Self {
        Self {
            url: String::new(),
            branch: "main".to_owned(),
            is_polled: true,
        }
    }
}

/// Connects the repository, and shows the secret of its pushes on the page that answers: nowhere else, and never again.
async fn connect(member: Member, form: Form) -> Result<Response> {
    member.check(&form)?;
    let cx = &member.cx;
    let fields = Fields {
        url: form.get("url").to_owned(),
        branch: form.get("branch").to_owned(),
        is_polled: form.has("is_polled"),
    };
    let said = (&*fields.url, &*fields.branch, form.get("token"));
    let new = match NewRepository::parse(cx, said, fields.is_polled) {
        Ok(new) => new,
        Err(error) => {
            return Ok(member.show_again(&ConnectRepository {
                problems: problems(error),
                ..form_page(&member, fields)
            }));
        }
    };
    let mut tx = cx.db().begin().await?;
    match repository::connect(cx, &mut tx, &new).await {
        Ok((connected, secret)) => {
            tx.commit().await?;
            cx.wake_worker();
            Ok(member.show(&page(&member, &connected, Vec::new(), Some(&secret))))
        }
        Err(error) => super::refused(&member, PATH, error),
    }
}

fn problems(error: InvalidRepository) -> Problems {
    match error {
        InvalidRepository::Address => {
            Problems::at("url", Message::new("workflow-repo-error-address"))
        }
        InvalidRepository::Private(host) => Problems::at(
            "url",
            Message::new("workflow-repo-error-private").with("host", host),
        ),
        InvalidRepository::Branch => {
            Problems::at("branch", Message::new("workflow-repo-error-branch"))
        }
        InvalidRepository::Token => {
            Problems::at("token", Message::new("workflow-repo-error-token"))
        }
    }
}

/// Changes how it is followed. A token that is left empty stays, unless it is to be forgotten.
async fn change(member: Member, form: Form) -> Result<Response> {
    member.check(&form)?;
    let cx = &member.cx;
    let (branch, is_polled) = (form.get("branch"), form.has("is_polled"));
    let token = match form.get("token") {
        "" if form.has("forget_token") => Some(""),
        "" => None,
        token => Some(token),
    };
    let mut tx = cx.db().begin().await?;
    match Changes::parse(Some(branch), Some(is_polled), token) {
        Ok(changes) => {
            change::change(cx, &mut tx, changes).await?;
            tx.commit().await?;
            cx.wake_worker();
            let said = Notice::good(Message::new("settings-saved-notice"));
            Ok(member.done(PATH, &said))
        }
        Err(error) => {
            let found = repository::find(cx, &mut tx).await?;
            let syncs = repository::syncs(&mut tx, &found).await?;
            Ok(member.show_again(&RepositoryPage {
                branch: branch.to_owned(),
                is_polled,
                problems: problems(error),
                ..page(&member, &found, syncs, None)
            }))
        }
    }
}

/// Makes another secret of the webhook, and shows it on the page that answers: nowhere else, and never again.
async fn rotate(member: Member, form: Form) -> Result<Response> {
    member.check(&form)?;
    let cx = &member.cx;
    let mut tx = cx.db().begin().await?;
    let (found, secret) = change::rotate_secret(cx, &mut tx).await?;
    let syncs = repository::syncs(&mut tx, &found).await?;
    tx.commit().await?;
    Ok(member.show(&page(&member, &found, syncs, Some(&secret))))
}

/// Asks for a sync; the worker does it.
async fn sync(member: Member, form: Form) -> Result<Response> {
    member.check(&form)?;
    let cx = &member.cx;
    let mut tx = cx.db().begin().await?;
    repository::request_sync(cx, &mut tx).await?;
    tx.commit().await?;
    cx.wake_worker();
    let said = Notice::good(Message::new("workflow-repo-sync-notice"));
    Ok(member.done(PATH, &said))
}

async fn ask_disconnect(member: Member) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let found = repository::find(&member.cx, &mut tx).await?;
    Ok(member.show(&Confirm {
        title: Message::new("workflow-repo-disconnect-title").with("url", found.url),
        what: vec![
            Message::new("workflow-repo-disconnect-what"),
            Message::new("workflow-repo-disconnect-secret"),
        ],
        typed: None,
        action: member.url(&format!("{PATH}/disconnect")),
        button: Message::new("workflow-repo-disconnect"),
        cancel_url: member.url(PATH),
        problems: Problems::none(),
    }))
}

async fn disconnect(member: Member, form: Form) -> Result<Response> {
    member.check(&form)?;
    let cx = &member.cx;
    let mut tx = cx.db().begin().await?;
    match repository::disconnect(cx, &mut tx).await {
        Ok(()) => tx.commit().await?,
        // Somebody else was quicker.
        Err(WorkflowsError::NoRepository) => {}
        Err(error) => return Err(error.into()),
    }
    let said = Notice::good(Message::new("workflow-repo-disconnected-notice"));
    Ok(member.done("/workflows", &said))
}

fn form_page(member: &Member, fields: Fields) -> ConnectRepository {
    ConnectRepository {
        action: member.url(PATH),
        list_url: member.url("/workflows"),
        url: fields.url,
        branch: fields.branch,
        is_polled: fields.is_polled,
        problems: Problems::none(),
    }
}

fn page(
    member: &Member,
    found: &Repository,
    syncs: Vec<Sync>,
    secret: Option<&Secret>,
) -> RepositoryPage {
    let url = member.url(PATH);
    RepositoryPage {
        list_url: member.url("/workflows"),
        url: found.url.clone(),
        branch: found.branch.clone(),
        has_token: found.has_token,
        is_polled: found.is_polled,
        is_waiting: found.is_waiting,
        commit: found.commit.as_deref().map(short),
        checked_at: found.checked_at.map(crate::time::Timestamp::millis),
        hook_url: found.hook_url(&member.cx),
        secret: secret.map(|secret| secret.reveal().to_owned()),
        sync_url: format!("{url}/sync"),
        change_action: format!("{url}/change"),
        rotate_url: format!("{url}/rotate"),
        problems: Problems::none(),
        disconnect_url: format!("{url}/disconnect"),
        syncs: syncs.into_iter().map(row).collect(),
    }
}

fn row(sync: Sync) -> SyncRow {
    SyncRow {
        cause: Message::new(match sync.cause {
            Cause::Request => "workflow-sync-request",
            Cause::Push => "workflow-sync-push",
            Cause::Poll => "workflow-sync-poll",
        }),
        commit: sync.commit.as_deref().map(short),
        is_right: sync.trouble.is_none(),
        ended_at: sync.ended_at.millis(),
        findings: findings(&sync.findings),
        code: sync.trouble.as_ref().map(|trouble| trouble.code.clone()),
        message: sync.trouble.map(|trouble| trouble.message),
        anchor: sync.id.to_string(),
    }
}

/// As many digits of a commit as people read.
fn short(commit: &str) -> String {
    commit.chars().take(10).collect()
}
