//! Who uses the dashboard, and how a screen answers them.

use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{Html, IntoResponse as _, Redirect, Response};

use super::{notice, words};
use crate::context::{Actor, Context};
use crate::error::Code;
use crate::http::{Browser, Client, Failure, Form};
use crate::id::{SessionId, UserId};
use crate::pages::{Account, Dashboard, Layout, Message, NavItem, Notice, Page};
use crate::sessions::{self, Session};
use crate::sign_in::{self, Purpose};
use crate::team::{self, Administered, Role};
use crate::users::{self, User};

/// A member of the team who is signed in to the dashboard: the right to administer, and the way to answer.
///
/// As an extractor it turns everybody else away: who looks at a page is sent to sign in and comes back to it afterwards, who
/// sends a form is refused, and nothing of it is kept.
pub struct Member {
    /// The environment that is administered, with the member as the actor.
    pub cx: Context,
    /// What they are to the business.
    pub role: Role,
    user: User,
    team: Context,
    session: SessionId,
    browser: Browser,
    path: String,
    language: String,
    notice: Option<Notice>,
}

/// The places of the navigation: phrase, icon, path. Guides name APIs and applications as places of their own as well as parts
/// of the settings.
const PLACES: &[(&str, &str, &str)] = &[
    ("nav-home", "home", "/"),
    ("nav-users", "users", "/users"),
    ("nav-organizations", "organization", "/organizations"),
    ("nav-migration", "upload", "/migration"),
    ("nav-applications", "app", "/applications"),
    ("nav-apis", "api", "/apis"),
    ("nav-settings", "settings", "/settings"),
];

impl Member {
    /// Their id in the team's environment.
    #[must_use]
    pub fn id(&self) -> &UserId {
        &self.user.id
    }

    /// What to call them.
    #[must_use]
    pub fn name(&self) -> String {
        self.user.display_name()
    }

    /// Their first name, or what else to call them.
    #[must_use]
    pub fn first_name(&self) -> String {
        self.user.given_name.clone().unwrap_or_else(|| self.name())
    }

    /// Their e-mail address; empty when they have none.
    #[must_use]
    pub fn email(&self) -> &str {
        self.user.primary_email().unwrap_or_default()
    }

    /// The context of the team's own environment.
    #[must_use]
    pub fn team(&self) -> &Context {
        &self.team
    }

    /// The session in which they are signed in.
    #[must_use]
    pub fn session_id(&self) -> &SessionId {
        &self.session
    }

    /// The address of a screen, from its path below the dashboard's base path: `/users` becomes `/admin/users`.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.team.environment().base_path())
    }

    /// A phrase in the member's language.
    #[must_use]
    pub fn say(&self, message: &Message) -> String {
        self.cx.pages().say(&self.language, message)
    }

    /// Whether the form was made for this browser.
    ///
    /// # Errors
    /// [`Code::CSRF_MISMATCH`] otherwise; a handler asks before it changes anything.
    pub fn check(&self, form: &Form) -> Result<(), Failure> {
        self.browser.check(form)
    }

    /// [`Member::check`] for forms that aren't URL-encoded: the token by itself.
    ///
    /// # Errors
    /// As [`Member::check`].
    pub fn check_token(&self, token: &str) -> Result<(), Failure> {
        self.browser.check_token(token)
    }

    /// The page in the dashboard's frame, with what was last done told on top.
    pub fn show<P: Page>(&self, page: &P) -> Response {
        let mut response = self.answer(StatusCode::OK, self.notice.clone(), page);
        if self.notice.is_some() {
            notice::forget(&self.team, &mut response);
        }
        response
    }

    /// A form again, with what is wrong with it.
    pub fn show_again<P: Page>(&self, page: &P) -> Response {
        self.answer(StatusCode::UNPROCESSABLE_ENTITY, None, page)
    }

    /// Sends the browser to another screen.
    #[must_use]
    pub fn redirect(&self, path: &str) -> Response {
        Redirect::to(&self.url(path)).into_response()
    }

    /// Sends the browser to another screen, which tells what was done.
    #[must_use]
    pub fn done(&self, path: &str, notice: &Notice) -> Response {
        let mut response = self.redirect(path);
        notice::remember(&self.team, &mut response, notice);
        response
    }

    /// A part of a page, to be put into one that is open already.
    #[must_use]
    pub fn part<P: Page>(&self, part: &P) -> String {
        let layout = Layout::dashboard(&self.language, self.browser.csrf(), self.frame());
        self.cx.pages().render(&layout, part)
    }

    fn answer<P: Page>(&self, status: StatusCode, notice: Option<Notice>, page: &P) -> Response {
        let layout = Layout {
            notice,
            ..Layout::dashboard(&self.language, self.browser.csrf(), self.frame())
        };
        let html = self.cx.pages().render(&layout, page);
        let mut response = (status, Html(html)).into_response();
        self.browser.remember(&mut response);
        response
    }

    fn frame(&self) -> Dashboard {
        let environment = self.cx.environment();
        let is_at = |place: &str| {
            self.path == place || (place != "/" && self.path.starts_with(&format!("{place}/")))
        };
        let item = |&(label, icon, path): &(&'static str, &'static str, &str)| NavItem {
            label: Message::new(label),
            icon,
            url: self.url(path),
            is_current: is_at(path),
        };
        Dashboard {
            base: self.team.environment().base_path().to_owned(),
            nav: PLACES.iter().map(item).collect(),
            business: environment.business_name.clone(),
            environment: environment.name.clone(),
            account: Account::new(self.name(), self.email()),
            search_url: self.url("/search"),
            sign_out_url: self.url("/sign-out"),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Member {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let refused = |failure: Failure| failure.into_response();
        let team = Context::from_request_parts(parts, state)
            .await
            .map_err(refused)?;
        let browser = Browser::from_request_parts(parts, state)
            .await
            .map_err(refused)?;
        let client = Client::from_request_parts(parts, state)
            .await
            .map_err(refused)?;
        let administered = parts
            .extensions
            .get::<Administered>()
            .cloned()
            .expect("the server says which environment the dashboard administers");
        let found = signed_in(&team, parts).await.map_err(refused)?;
        let Some((session, user, role)) = found else {
            return Err(to_sign_in(&team, &browser, parts)
                .await
                .unwrap_or_else(refused));
        };
        let Some(role) = role else {
            return Err(refused(Failure::new(
                Code::FORBIDDEN,
                "this account is not a member of the team; ask the owner to add it",
            )));
        };
        sessions::touch(&team, &session, &client)
            .await
            .map_err(|error| refused(error.into()))?;
        let Administered(environment) = administered;
        Ok(Self {
            cx: team.at(environment, Actor::Member(user.id.clone())),
            role,
            user,
            session: session.id,
            browser,
            path: path_below(&team, parts),
            language: words::language(&parts.headers),
            notice: notice::read(&team, &parts.headers),
            team,
        })
    }
}

/// The path below the dashboard's address, whole: routers that are nested see only the rest of it.
fn path_below(team: &Context, parts: &Parts) -> String {
    let asked = parts.extensions.get::<OriginalUri>();
    let path = asked.map_or_else(|| parts.uri.path(), |OriginalUri(uri)| uri.path());
    let below = path
        .strip_prefix(team.environment().base_path())
        .unwrap_or(path);
    if below.is_empty() {
        "/".to_owned()
    } else {
        below.to_owned()
    }
}

/// Who is signed in in this browser, and what they are to the business.
async fn signed_in(
    team: &Context,
    parts: &Parts,
) -> Result<Option<(Session, User, Option<Role>)>, Failure> {
    let mut tx = team.db().read().await?;
    let Some(session) = sessions::find(team, &mut tx, &parts.headers).await? else {
        return Ok(None);
    };
    let Some(user) = users::find(team, &mut tx, &session.user_id).await? else {
        return Ok(None);
    };
    let role = team::role(team, &mut tx, &user.id).await?;
    Ok(Some((session, user, role)))
}

/// Where somebody goes who isn't signed in: to the sign-in, and back to the page that they wanted. A form is refused instead,
/// since it would be lost on the way.
async fn to_sign_in(team: &Context, browser: &Browser, parts: &Parts) -> Result<Response, Failure> {
    if parts.method != Method::GET {
        return Err(Failure::new(
            Code::CSRF_MISMATCH,
            "the session has ended; sign in again, then send the form once more",
        ));
    }
    let wanted = parts
        .uri
        .path_and_query()
        .map_or("/", |wanted| wanted.as_str());
    let purpose = Purpose::Dashboard {
        return_to: wanted.to_owned(),
    };
    let mut tx = team.db().begin().await?;
    let first_page = sign_in::start(team, &mut tx, browser, purpose).await?;
    tx.commit().await?;
    let mut response = Redirect::to(&first_page).into_response();
    browser.remember(&mut response);
    Ok(response)
}
