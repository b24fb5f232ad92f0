//! Beginning again: `reauth_state`.
//!
//! When a link in the middle of a sign-in has expired, an application that said `supports_reauth` gets back
//! `error=login_link_expired` and, as standard base64 of a JSON object, the wishes of its first request. SDKs decode
//! it and put its members *over* the parameters of the new request. So it must not carry what belongs to one request
//! only: a `state`, `nonce` or `code_challenge` from before would not fit the new one.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value};

use super::{AuthorizationRequest, SuccessPage, marketing};
use crate::parameters::Parameters;

/// The parameters that outlive a request, beside campaign tags.
const LASTING: &[&str] = &[
    "audience",
    "connection_id",
    "has_success_page",
    "invitation_code",
    "is_create_org",
    "is_invitation",
    "is_use_auth_success_page",
    "lang",
    "login_hint",
    "max_age",
    "org_code",
    "org_name",
    "pages_mode",
    "plan_interest",
    "pricing_table_key",
    "prompt",
    "scope",
    "start_page",
    "supports_reauth",
    "ui_locales",
    "workflow_deployment_id",
];

impl AuthorizationRequest {
    /// The wishes of this request, for an application that begins again: standard base64 of a JSON object with the
    /// names and the texts of the parameters.
    #[must_use]
    pub fn reauth_state(&self) -> String {
        let texts = [
            ("connection_id", self.connection_id.clone()),
            ("invitation_code", self.invitation_code.clone()),
            ("lang", self.lang.clone()),
            (
                "login_hint",
                self.login_hint.as_ref().map(ToString::to_string),
            ),
            ("max_age", self.max_age.map(|seconds| seconds.to_string())),
            ("org_code", self.org_code.clone()),
            ("org_name", self.org_name.clone()),
            ("pages_mode", self.pages_mode.clone()),
            ("plan_interest", self.plan_interest.clone()),
            ("pricing_table_key", self.pricing_table_key.clone()),
            (
                "start_page",
                self.start_page.map(|page| page.as_str().to_owned()),
            ),
            (
                "workflow_deployment_id",
                self.workflow_deployment_id.clone(),
            ),
        ];
        let prompts: Vec<&str> = self.prompts.iter().map(|prompt| prompt.as_str()).collect();
        let lists = [
            ("audience", self.audiences.join(" ")),
            ("prompt", prompts.join(" ")),
            ("scope", self.scopes.to_string()),
            ("ui_locales", self.ui_locales.join(" ")),
        ];
        let flags = [
            (
                "has_success_page",
                self.success_page == Some(SuccessPage::Done),
            ),
            ("is_create_org", self.is_create_org),
            ("is_invitation", self.invitation_code.is_some()),
            (
                "is_use_auth_success_page",
                self.success_page == Some(SuccessPage::SignedIn),
            ),
            ("supports_reauth", self.supports_reauth),
        ];

        let texts = texts
            .into_iter()
            .filter_map(|(name, text)| Some((name, text?)));
        let lists = lists.into_iter().filter(|(_, list)| !list.is_empty());
        let flags = flags
            .into_iter()
            .filter(|(_, is_set)| *is_set)
            .map(|(name, _)| (name, "true".to_owned()));
        let known = texts
            .chain(lists)
            .chain(flags)
            .map(|(name, text)| (name.to_owned(), text));
        let parameters: Map<String, Value> = known
            .chain(self.marketing.clone())
            .map(|(name, text)| (name, Value::String(text)))
            .collect();
        STANDARD.encode(Value::Object(parameters).to_string())
    }
}

/// The request with what its `reauth_state` remembers, where the request itself is silent; `None` when there is nothing
/// to add. SDKs decode the value themselves; an application without one may simply send it back.
///
/// It comes by way of the browser, so it can say nothing that the query could not: [`LASTING`] names only.
pub(super) fn restore(pairs: &[(String, String)]) -> Option<Vec<(String, String)>> {
    let sent = Parameters(pairs);
    let json = STANDARD.decode(sent.one("reauth_state").ok()??).ok()?;
    let remembered: Map<String, Value> = serde_json::from_slice(&json).ok()?;

    let mut restored = pairs.to_vec();
    for (name, value) in remembered {
        let is_silent = pairs.iter().all(|(sent, _)| *sent != name);
        let is_lasting = LASTING.contains(&name.as_str()) || marketing::is_tag(&name);
        if let (true, true, Value::String(text)) = (is_silent, is_lasting, value) {
            restored.push((name, text));
        }
    }
    Some(restored)
}
