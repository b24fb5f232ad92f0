//! What the pages of the demo show: facts for `templates/demo/`.

use serde::Serialize;

use super::former_provider::people::{Account, Person};
use super::former_provider::{self, Export};
use crate::pages::{Message, Page};

/// The former provider's only page.
#[derive(Debug, Clone, Serialize)]
pub struct FormerProvider {
    /// How many people it held.
    pub n_people: usize,
    /// The files that it hands out.
    pub files: Vec<File>,
    /// People worth trying.
    pub people: Vec<PersonToTry>,
    /// The application to which they sign in.
    pub app_url: String,
    /// The dashboard in which they are now.
    pub dashboard_url: String,
}

/// A download.
#[derive(Debug, Clone, Serialize)]
pub struct File {
    /// Its name.
    pub name: &'static str,
    /// Where it is.
    pub url: String,
    /// Its size.
    pub kib: usize,
}

/// Somebody whose old sign-in can be tried.
#[derive(Debug, Clone, Serialize)]
pub struct PersonToTry {
    /// Their name.
    pub name: String,
    /// What they type.
    pub email: String,
    /// The password that they have had for years.
    pub password: Option<&'static str>,
    /// Where they came from.
    pub source: &'static str,
    /// What awaits them.
    pub outcome: Message,
    /// Begins a sign-in with their address filled in.
    pub sign_in_url: String,
}

impl PersonToTry {
    pub(super) fn of(person: &Person, source: &'static str) -> Self {
        let query: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("as", &person.email)
            .finish();
        Self {
            name: person.name(),
            email: person.email.clone(),
            password: person.old_password(),
            source,
            outcome: Message::new(match person.account {
                Account::Usual => "demo-outcome-usual",
                Account::Unverified => "demo-outcome-unverified",
                Account::WithoutPassword | Account::Social => "demo-outcome-without-password",
                Account::Blocked => "demo-outcome-blocked",
            }),
            sign_in_url: format!("/app/sign-in?{query}"),
        }
    }
}

impl FormerProvider {
    pub(super) fn of<'a>(
        exports: impl Iterator<Item = &'a Export> + Clone,
        dashboard_url: &str,
    ) -> Self {
        let files = exports.clone().flat_map(|export| &export.files);
        Self {
            n_people: exports.clone().map(|export| export.people.len()).sum(),
            files: files
                .map(|(name, content)| File {
                    name,
                    url: format!("/export/{name}"),
                    kib: content.len() / 1024,
                })
                .collect(),
            people: exports
                .flat_map(|export| {
                    export
                        .people_to_try()
                        .map(|person| PersonToTry::of(person, export.label))
                })
                .collect(),
            app_url: "/app".to_owned(),
            dashboard_url: dashboard_url.to_owned(),
        }
    }
}

impl Page for FormerProvider {
    const TEMPLATE: &'static str = "demo/former_provider.html";

    fn sample() -> Self {
        Self::of(
            former_provider::exports().iter(),
            "http://localhost:8080/admin",
        )
    }
}

/// The application before somebody signed in.
#[derive(Debug, Clone, Serialize)]
pub struct SignedOut {
    /// Begins the sign-in.
    pub sign_in_url: String,
    /// The page with people to try.
    pub people_url: String,
    /// Why the last sign-in brought nobody in.
    pub failure: Option<String>,
}

impl SignedOut {
    pub(super) fn because(failure: Option<String>) -> Self {
        Self {
            sign_in_url: "/app/sign-in".to_owned(),
            people_url: "/".to_owned(),
            failure,
        }
    }
}

impl Page for SignedOut {
    const TEMPLATE: &'static str = "demo/signed_out.html";

    fn sample() -> Self {
        Self::because(None)
    }

    fn variants() -> Vec<(&'static str, Self)> {
        vec![(
            "failed",
            Self::because(Some("access_denied: the person did not want to".to_owned())),
        )]
    }
}

/// The application once somebody signed in.
#[derive(Debug, Clone, Serialize)]
pub struct SignedIn {
    /// Their name, as the ID token says it; their address where it says none.
    pub name: String,
    /// Every claim of the ID token, as text.
    pub claims: Vec<(String, String)>,
    /// Ends the session here and at Kith.
    pub sign_out_url: String,
}

impl Page for SignedIn {
    const TEMPLATE: &'static str = "demo/signed_in.html";

    fn sample() -> Self {
        let claims = [
            ("email", "ada.abara@example.com"),
            ("iss", "http://localhost:8080"),
            ("sub", "kp_0193a1b2c3d47e5f8a9b0c1d2e3f4a5b"),
        ];
        Self {
            name: "Ada Abara".to_owned(),
            claims: claims
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .to_vec(),
            sign_out_url: "/app/sign-out".to_owned(),
        }
    }
}
