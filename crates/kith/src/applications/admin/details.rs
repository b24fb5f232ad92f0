//! An application's details, app keys and URLs.

use axum::extract::Path;
use axum::response::Response;
use db::Tx;

use super::{find, find_editable, head};
use crate::applications::view::ApplicationDetails;
use crate::applications::{self, Application, Changes, UpdateError, UrlError, Urls};
use crate::http::{Form, Result};
use crate::pages::{Confirm, Message, Notice, Problems};
use crate::team::Member;

pub(super) async fn show(member: Member, Path(id): Path<String>) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let application = find(&member, &mut tx, &id).await?;
    let urls = applications::urls(&member.cx, &mut tx, &application.id).await?;
    let shown = Shown::stored(&application, &urls);
    let page = page(&member, &mut tx, &application, shown, Problems::none()).await?;
    Ok(member.show(&page))
}

pub(super) async fn save(member: Member, Path(id): Path<String>, form: Form) -> Result<Response> {
    member.check(&form)?;
    let mut tx = member.cx.db().begin().await?;
    let application = find(&member, &mut tx, &id).await?;
    let typed = Shown::typed(&form);
    let mut changes = Changes {
        name: Some(typed.name.clone()),
        ..Changes::default()
    };
    // The form of a machine has only the name.
    if application.kind.has_callbacks() {
        changes = Changes {
            login_uri: Some(typed.login_uri.clone()),
            homepage_uri: Some(typed.homepage_uri.clone()),
            callback_urls: Some(lines(&typed.redirect_uris)),
            logout_urls: Some(lines(&typed.logout_uris)),
            ..changes
        };
    }
    match applications::update(&member.cx, &mut tx, &application.id, changes).await {
        Ok(saved) => {
            tx.commit().await?;
            let said = Message::new("application-saved-notice").with("name", saved.name);
            let path = format!("/applications/{}", saved.id);
            Ok(member.done(&path, &Notice::good(said)))
        }
        Err(error) => {
            drop(tx);
            let problems = problems(error, &typed)?;
            let mut tx = member.cx.db().read().await?;
            let page = page(&member, &mut tx, &application, typed, problems).await?;
            Ok(member.show_again(&page))
        }
    }
}

pub(super) async fn ask_delete(member: Member, Path(id): Path<String>) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let application = find_editable(&member, &mut tx, &id).await?;
    Ok(member.show(&question(&member, &application, Problems::none())))
}

pub(super) async fn delete(member: Member, Path(id): Path<String>, form: Form) -> Result<Response> {
    member.check(&form)?;
    let mut tx = member.cx.db().begin().await?;
    let application = find_editable(&member, &mut tx, &id).await?;
    if form.get("typed_name") != application.name {
        let problems = Problems::at("typed_name", Message::new("confirm-error-typed"));
        return Ok(member.show_again(&question(&member, &application, problems)));
    }
    applications::delete(&member.cx, &mut tx, &application.id).await?;
    tx.commit().await?;
    let said = Message::new("application-deleted-notice").with("name", application.name);
    Ok(member.done("/applications", &Notice::good(said)))
}

fn question(member: &Member, application: &Application, problems: Problems) -> Confirm {
    let url = member.url(&format!("/applications/{}", application.id));
    Confirm {
        title: Message::new("application-delete-title").with("name", application.name.as_str()),
        what: vec![
            Message::new("application-delete-lead"),
            Message::new("confirm-for-good"),
        ],
        typed: Some(application.name.clone()),
        action: format!("{url}/delete"),
        button: Message::new("application-delete"),
        cancel_url: url,
        problems,
    }
}

/// What the form's fields hold.
struct Shown {
    name: String,
    login_uri: String,
    homepage_uri: String,
    redirect_uris: String,
    logout_uris: String,
}

impl Shown {
    fn stored(application: &Application, urls: &Urls) -> Self {
        Self {
            name: application.name.clone(),
            login_uri: application.login_uri.clone().unwrap_or_default(),
            homepage_uri: application.homepage_uri.clone().unwrap_or_default(),
            redirect_uris: urls.callback.join("\n"),
            logout_uris: urls.logout.join("\n"),
        }
    }

    fn typed(form: &Form) -> Self {
        let field = |name| form.get(name).to_owned();
        Self {
            name: field("name"),
            login_uri: field("login_uri"),
            homepage_uri: field("homepage_uri"),
            redirect_uris: field("redirect_uris"),
            logout_uris: field("logout_uris"),
        }
    }
}

/// The addresses of a text area, one a line; empty lines are none.
fn lines(text: &str) -> Vec<String> {
    let trimmed = text.lines().map(str::trim);
    trimmed
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

/// What is wrong with the form, or the failure that is no fault of the form.
fn problems(error: UpdateError, typed: &Shown) -> Result<Problems> {
    Ok(match error {
        UpdateError::Name => Problems::at("name", Message::new("application-error-name")),
        UpdateError::Page { field, .. } => {
            Problems::at(field, Message::new("application-error-page"))
        }
        UpdateError::Url(UrlError::Invalid { url, source }) => {
            let line = |text: &str| text.lines().position(|line| line.trim() == url);
            let (field, line) = match line(&typed.redirect_uris) {
                Some(line) => ("redirect_uris", line),
                None => ("logout_uris", line(&typed.logout_uris).unwrap_or(0)),
            };
            let message = Message::new("application-error-url")
                .with("line", u64::try_from(line + 1).unwrap_or(u64::MAX))
                .with("url", url)
                .with("rule", source.code());
            Problems::at(field, message)
        }
        error => return Err(error.into()),
    })
}

async fn page(
    member: &Member,
    tx: &mut Tx,
    application: &Application,
    shown: Shown,
    problems: Problems,
) -> Result<ApplicationDetails> {
    let secret = applications::reveal_secret(&member.cx, tx, &application.id).await?;
    let url = member.url(&format!("/applications/{}", application.id));
    Ok(ApplicationDetails {
        head: head(member, application, ""),
        name: shown.name,
        homepage_uri: shown.homepage_uri,
        login_uri: shown.login_uri,
        redirect_uris: shown.redirect_uris,
        logout_uris: shown.logout_uris,
        domain: member.cx.environment().base_url.clone(),
        rotate_url: secret.as_ref().map(|_| format!("{url}/rotate-secret")),
        client_secret: secret.map(|secret| secret.reveal().to_owned()),
        delete_url: format!("{url}/delete"),
        action: url,
        problems,
    })
}
