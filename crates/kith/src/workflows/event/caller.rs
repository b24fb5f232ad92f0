//! Who is at the other end, and who is spoken of.

use serde_json::{Map, Value, json};

use crate::context::Context;
use crate::id::DeploymentId;

/// Who is at the other end, and for which application.
#[derive(Debug, Clone, Default)]
pub struct Caller {
    /// The address that the request came from.
    pub ip: String,
    /// What the other end calls itself.
    pub user_agent: String,
    /// The application's id, where one asked.
    pub client_id: Option<String>,
    /// What the application asked for.
    pub parameters: Option<Value>,
}

impl Caller {
    /// A caller at this address.
    #[must_use]
    pub fn new(ip: impl Into<String>, user_agent: impl Into<String>) -> Self {
        Self {
            ip: ip.into(),
            user_agent: user_agent.into(),
            ..Self::default()
        }
    }

    /// Whoever is at the other end of the context's request.
    #[must_use]
    pub fn of(cx: &Context) -> Self {
        cx.peer().map_or_else(Self::default, |peer| {
            Self::new(peer.address.to_string(), peer.user_agent.as_str())
        })
    }

    /// The same, on behalf of an application's request to sign somebody in. What opens a preview is not told: whoever has it can use it.
    #[must_use]
    pub fn for_request(mut self, request: Option<&oauth::AuthorizationRequest>) -> Self {
        if let Some(request) = request {
            self.client_id = Some(request.client_id.clone());
            self.parameters = Some(parameters(request));
        }
        self
    }

    /// The same in a preview of this deployment, where it is one.
    #[must_use]
    pub fn previewing(mut self, deployment: Option<&DeploymentId>) -> Self {
        if let (Some(Value::Object(all)), Some(id)) = (&mut self.parameters, deployment) {
            all.insert("workflowDeploymentId".to_owned(), id.as_str().into());
        }
        self
    }

    /// The same, on behalf of an application.
    #[must_use]
    pub fn for_client(mut self, client_id: impl Into<String>) -> Self {
        self.client_id = Some(client_id.into());
        self
    }
}

/// The request as workflows read it.
fn parameters(request: &oauth::AuthorizationRequest) -> Value {
    let prompt: Vec<_> = request
        .prompts
        .iter()
        .map(|prompt| prompt.as_str())
        .collect();
    let mut all = json!({
        "state": request.state,
        "orgCode": request.org_code,
        "clientId": request.client_id,
        "redirectUri": request.redirect_uri,
        "redirectURL": request.redirect_uri,
        "audience": request.audiences.join(" "),
        "scope": request.scopes.to_string(),
        "isCreateOrg": request.is_create_org,
        "prompt": prompt.join(" "),
        "lang": request.lang,
        "orgName": request.org_name,
        "connectionId": request.connection_id,
        "hasSuccessPage": request.success_page.is_some(),
    });
    if let Value::Object(all) = &mut all {
        all.retain(|_, value| !value.is_null() && *value != "");
    }
    all
}

/// A person, as far as they are known.
#[derive(Debug, Clone, Default)]
pub struct Person {
    /// The id; none before there is an account.
    pub id: Option<String>,
    /// The identity by which they came.
    pub identity_id: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Phone number.
    pub phone: Option<String>,
    /// Username.
    pub username: Option<String>,
    /// First name.
    pub given_name: Option<String>,
    /// Last name.
    pub family_name: Option<String>,
}

impl Person {
    pub(super) fn value(&self) -> Value {
        let pairs = [
            ("id", &self.id),
            ("identityId", &self.identity_id),
            ("email", &self.email),
            ("phone", &self.phone),
            ("username", &self.username),
            ("given_name", &self.given_name),
            ("family_name", &self.family_name),
        ];
        pairs
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), Value::from(value.clone()?))))
            .collect::<Map<_, _>>()
            .into()
    }

    pub(super) fn is_known(&self) -> bool {
        self.value()
            .as_object()
            .is_some_and(|fields| !fields.is_empty())
    }
}
