//! A version that is not live, for whoever wants to try it.

use serde::Serialize;

use super::{Head, SAMPLE_TIME};
use crate::pages::Page;

/// A workflow: Versions: Preview.
#[derive(Debug, Clone, Serialize)]
pub struct PreviewVersion {
    /// The top.
    pub head: Head,
    /// Back to the list.
    pub versions_url: String,
    /// The version's number.
    pub number: i64,
    /// A link for each application that people sign in to.
    pub links: Vec<PreviewLink>,
    /// The name of the parameter that opens the preview.
    pub parameter: &'static str,
    /// Its value.
    pub pass: String,
    /// Until when it does, in milliseconds since 1970.
    pub expires_at: i64,
}

/// An address that begins a previewed sign-in.
#[derive(Debug, Clone, Serialize)]
pub struct PreviewLink {
    /// The application.
    pub application: String,
    /// The address.
    pub url: String,
}

impl Page for PreviewVersion {
    const TEMPLATE: &'static str = "admin/workflows/preview.html";

    fn sample() -> Self {
        let pass = "gZ0b9a1lq8Xv3VhZ2mJ4c0QkM7tq1rC5pN6sD8fG9hJ0kL2wE3rT5yU7iO9pA1sD";
        let link = |application: &str| PreviewLink {
            application: application.to_owned(),
            url: format!(
                "https://id.example.com/oauth2/auth?client_id=0193&workflow_deployment_id={pass}"
            ),
        };
        Self {
            head: Head::sample("/versions"),
            versions_url: "/admin/workflows/wf_0193/versions".to_owned(),
            number: 3,
            links: vec![link("Shop"), link("Back office")],
            parameter: "workflow_deployment_id",
            pass: pass.to_owned(),
            expires_at: SAMPLE_TIME,
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let none = Self {
            links: Vec::new(),
            ..Self::sample()
        };
        vec![("no-application", none)]
    }
}
