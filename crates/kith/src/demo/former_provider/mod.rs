//! The former provider: a small server beside Kith that holds the invented people until they move.
//!
//! It hands out what real providers hand out to customers who leave: Auth0's users and passwords, Clerk's table, byte for byte
//! in their layouts. Everything of it is made when the demo starts.

mod auth0;
mod clerk;
mod hashes;
pub mod people;
mod stayed;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::{get, post};
use std::sync::Arc;

use self::people::{Account, Person};
use super::view;
use crate::pages::{Brand, Layout, Pages};

/// One way out of the former provider: files that are imported together.
#[derive(Debug)]
pub struct Export {
    /// What people call it, `Auth0`.
    pub label: &'static str,
    /// The files: name and content.
    pub files: Vec<(&'static str, String)>,
    /// Everybody in it.
    pub people: Vec<Person>,
}

impl Export {
    /// A few people of the export who are worth trying, one of each kind.
    pub fn people_to_try(&self) -> impl Iterator<Item = &Person> {
        let first = |wanted: Account| {
            self.people
                .iter()
                .find(move |person| person.account == wanted)
        };
        // The last password is one of the most common.
        let weak = self.people.iter().find(|person| {
            person.account == Account::Usual && person.password == people::PASSWORDS.len() - 1
        });
        [
            first(Account::Usual),
            weak,
            first(Account::Unverified),
            first(Account::WithoutPassword),
            first(Account::Blocked),
        ]
        .into_iter()
        .flatten()
    }
}

/// Makes every export. Takes a moment, most of it hashing.
#[must_use]
pub fn exports() -> Vec<Export> {
    let (auth0, clerk) = (auth0::customers(), clerk::customers());
    vec![
        Export {
            label: "Auth0",
            files: vec![
                ("auth0-users.ndjson", auth0::users(&auth0)),
                ("auth0-passwords.ndjson", auth0::passwords(&auth0)),
            ],
            people: auth0.clone(),
        },
        Export {
            label: "Clerk",
            files: vec![("clerk.csv", clerk::users(&clerk, &auth0))],
            people: clerk,
        },
    ]
}

/// Two of those who are in no export and move when they sign in; the second has one of the most common passwords.
#[must_use]
pub fn people_who_stayed() -> Vec<Person> {
    let is_weak = |person: &Person| person.password == people::PASSWORDS.len() - 1;
    let (weak, usual): (Vec<_>, Vec<_>) = stayed::customers().into_iter().partition(is_weak);
    let usual = usual.into_iter().take(1);
    usual.chain(weak.into_iter().take(1)).collect()
}

/// What its pages need.
struct Site {
    exports: Vec<Arc<Export>>,
    pages: Pages,
    dashboard_url: String,
}

/// The former provider's page and downloads. `dashboard_url` is where the people are now.
pub fn routes(exports: Vec<Arc<Export>>, pages: Pages, dashboard_url: String) -> Router {
    Router::new()
        .route("/", get(home))
        .route("/export/{name}", get(download))
        .route("/check-password", post(stayed::check))
        .with_state(Arc::new(Site {
            exports,
            pages,
            dashboard_url,
        }))
}

async fn home(State(site): State<Arc<Site>>) -> Html<String> {
    let layout = Layout::hosted("en", Brand::named("Former provider"), "");
    let page =
        view::FormerProvider::of(site.exports.iter().map(AsRef::as_ref), &site.dashboard_url);
    Html(site.pages.render(&layout, &page))
}

async fn download(State(site): State<Arc<Site>>, Path(name): Path<String>) -> Response {
    let mut files = site.exports.iter().flat_map(|export| &export.files);
    let Some((name, content)) = files.find(|(known, _)| *known == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let is_table = std::path::Path::new(name)
        .extension()
        .is_some_and(|extension| extension == "csv");
    let content_type = if is_table {
        "text/csv; charset=utf-8"
    } else {
        "application/x-ndjson"
    };
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CONTENT_DISPOSITION, disposition.as_str()),
    ];
    (headers, content.clone()).into_response()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use axum::body::Body;
    use axum::http::Request;
    use import::UserRecord;
    use import::source::{FileRole, Options, detect, find, open};
    use tower::ServiceExt as _;

    use super::*;

    /// The source that a file is recognized as, and whether it brings passwords.
    pub(super) fn recognized(text: &str) -> (&'static str, bool) {
        let detected = detect(&text.as_bytes()[..64 * 1024]).unwrap();
        (detected.source.name, detected.role == FileRole::Passwords)
    }

    /// The people in a file, and the codes of the rows that are refused.
    pub(super) fn read(source: &str, text: String) -> (Vec<UserRecord>, Vec<&'static str>) {
        let reader = open(
            find(source).unwrap(),
            Cursor::new(text.into_bytes()),
            &Options::default(),
        )
        .unwrap();
        let (mut records, mut refused) = (Vec::new(), Vec::new());
        for row in reader {
            match row {
                Ok(row) => records.push(row.record),
                Err(problem) => refused.push(problem.code.as_str()),
            }
        }
        (records, refused)
    }

    #[test]
    fn each_export_has_somebody_of_each_kind_to_try() {
        for export in exports() {
            let kinds: Vec<_> = export
                .people_to_try()
                .map(|person| person.account)
                .collect();
            assert!(kinds.len() >= 4, "{}: {kinds:?}", export.label);
            assert_eq!(kinds[..2], [Account::Usual, Account::Usual]);
        }
    }

    #[tokio::test]
    async fn of_those_who_stayed_it_only_tells_whose_password_is_right() {
        let routes = routes(Vec::new(), Pages::new(), String::new());
        let person = &people_who_stayed()[0];
        for (password, status) in [(person.old_password().unwrap(), 200), ("wrong", 401)] {
            let body = serde_json::json!({"email": person.email, "password": password});
            let request = Request::post("/check-password")
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(body.to_string()))
                .unwrap();
            let answer = routes.clone().oneshot(request).await.unwrap();
            assert_eq!(answer.status().as_u16(), status);
        }
    }

    #[tokio::test]
    async fn files_are_downloads_and_nothing_else_is_there() {
        let routes = routes(
            exports().into_iter().map(Arc::new).collect(),
            Pages::new(),
            "http://localhost:8080/admin".into(),
        );
        let ask = async |path: &str| {
            routes
                .clone()
                .oneshot(Request::get(path).body(Body::empty()).unwrap())
                .await
                .unwrap()
        };
        let table = ask("/export/clerk.csv").await;
        assert_eq!(table.status(), StatusCode::OK);
        assert_eq!(
            table.headers()[header::CONTENT_DISPOSITION],
            "attachment; filename=\"clerk.csv\""
        );
        assert_eq!(
            ask("/export/other.csv").await.status(),
            StatusCode::NOT_FOUND
        );
        assert_eq!(ask("/").await.status(), StatusCode::OK);
    }
}
