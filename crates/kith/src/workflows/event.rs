//! What workflows are told: the event of each trigger, in the shape that published programs read.
//!
//! Where documentation, types and sample programs disagree, the event has all that any of them reads.

use serde_json::{Map, Value, json};

use super::effects::Claims;
use super::trigger::Trigger;
use crate::context::Context;
use crate::secret::Secret;

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
    pub fn new(ip: impl ToString, user_agent: impl Into<String>) -> Self {
        Self {
            ip: ip.to_string(),
            user_agent: user_agent.into(),
            ..Self::default()
        }
    }

    /// Whoever is at the other end of the context's request.
    #[must_use]
    pub fn of(cx: &Context) -> Self {
        cx.peer().map_or_else(Self::default, |peer| {
            Self::new(peer.address, peer.user_agent.as_str())
        })
    }

    /// The same, on behalf of an application's request to sign somebody in.
    #[must_use]
    pub fn for_request(mut self, request: Option<&oauth::AuthorizationRequest>) -> Self {
        if let Some(request) = request {
            self.client_id = Some(request.client_id.clone());
            self.parameters = Some(parameters(request));
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
        "workflowDeploymentId": request.workflow_deployment_id,
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
    fn value(&self) -> Value {
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

    fn is_known(&self) -> bool {
        self.value()
            .as_object()
            .is_some_and(|fields| !fields.is_empty())
    }
}

/// Why somebody chooses a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewPasswordReason {
    /// They have none yet.
    Initial,
    /// They replace one.
    Reset,
}

/// What caused tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokensOrigin {
    /// A code was redeemed. Whether the browser was signed in before.
    Authorization {
        /// Whether nobody had to prove anything, since the browser was signed in.
        is_existing_session: bool,
    },
    /// A refresh token was used.
    Refresh,
}

/// What happens, with all that the flow knows of it.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the fields are named as the event names them")]
pub enum Moment {
    /// Somebody typed their password.
    ExistingPassword {
        /// The address or name that was typed.
        identifier: String,
        password: Secret,
        /// Whether the person can be verified here: they exist and have a password.
        has_user_record: bool,
        user: Person,
    },
    /// Somebody chose a password.
    NewPassword {
        first: Secret,
        second: Secret,
        reason: NewPasswordReason,
        user: Person,
    },
    /// Somebody chose a username.
    NewUsername { username: String, user: Person },
    /// An account is about to be made.
    PreRegistration { user: Person },
    /// Somebody gave their first proof.
    PostAuthentication { user: Person, is_new: bool },
    /// Somebody may be asked for a second factor.
    PreMfa {
        user: Person,
        organization: Option<String>,
        policy: String,
        enabled_factors: Vec<String>,
    },
    /// A person's tokens are about to be signed.
    UserTokens {
        user: Person,
        organization: Option<String>,
        audiences: Vec<String>,
        origin: TokensOrigin,
        /// What the ID token says so far; empty where there is none.
        id_token: Claims,
        /// What the access token says so far.
        access_token: Claims,
    },
    /// A machine's token is about to be signed.
    MachineToken {
        audiences: Vec<String>,
        scopes: Vec<String>,
        /// What the token says so far.
        token: Claims,
    },
    /// Somebody wants another plan.
    PlanSelection {
        user: Person,
        organization: Option<String>,
        current_plan: Option<String>,
        requested_plan: String,
    },
    /// Somebody wants to give up their plan.
    PlanCancellation {
        user: Person,
        organization: Option<String>,
        current_plan: Option<String>,
        agreement: Option<String>,
    },
    /// Nothing happens: somebody tries a program with an event that they wrote.
    Trial { trigger: Trigger, event: Value },
}

impl Moment {
    /// What it fires.
    #[must_use]
    pub fn trigger(&self) -> Trigger {
        match self {
            Self::ExistingPassword { .. } => Trigger::ExistingPassword,
            Self::NewPassword { .. } => Trigger::NewPassword,
            Self::NewUsername { .. } => Trigger::NewUsername,
            Self::PreRegistration { .. } => Trigger::PreRegistration,
            Self::PostAuthentication { .. } => Trigger::PostAuthentication,
            Self::PreMfa { .. } => Trigger::PreMfa,
            Self::UserTokens { .. } => Trigger::UserTokens,
            Self::MachineToken { .. } => Trigger::MachineToken,
            Self::PlanSelection { .. } => Trigger::PlanSelection,
            Self::PlanCancellation { .. } => Trigger::PlanCancellation,
            Self::Trial { trigger, .. } => *trigger,
        }
    }

    /// The event. `domain` is the issuer.
    #[must_use]
    pub fn event(&self, caller: &Caller, domain: &str) -> Value {
        if let Self::Trial { trigger, event } = self {
            let mut whole = Self::sample(*trigger).event(caller, domain);
            merge(&mut whole, event);
            return whole;
        }
        let (mut request, mut context) = self.parts();
        let request = object(&mut request);
        request.insert("ip".to_owned(), caller.ip.clone().into());
        if self.trigger() != Trigger::MachineToken {
            request.insert("userAgent".to_owned(), caller.user_agent.clone().into());
        }
        if let Some(parameters) = &caller.parameters {
            request.insert("authUrlParams".to_owned(), parameters.clone());
        }
        let context = object(&mut context);
        let organization = caller
            .parameters
            .as_ref()
            .and_then(|all| all["orgCode"].as_str());
        if let (Some(code), false) = (organization, context.contains_key("organization")) {
            context.insert("organization".to_owned(), json!({"code": code}));
        }
        context.insert("domains".to_owned(), json!({"kindeDomain": domain}));
        context.insert(
            "application".to_owned(),
            json!({"clientId": caller.client_id.as_deref().unwrap_or_default()}),
        );
        context.insert(
            "workflow".to_owned(),
            json!({"trigger": self.trigger().id()}),
        );
        json!({"request": request, "context": context})
    }

    /// What is the moment's own, of `request` and of `context`.
    fn parts(&self) -> (Value, Value) {
        match self {
            Self::ExistingPassword {
                identifier,
                password,
                has_user_record,
                user,
            } => (
                json!({}),
                existing_password(identifier, password, *has_user_record, user),
            ),
            Self::NewPassword {
                first,
                second,
                reason,
                user,
            } => {
                let reason = match reason {
                    NewPasswordReason::Initial => "initial",
                    NewPasswordReason::Reset => "reset",
                };
                let auth = json!({
                    "firstPassword": first.reveal(),
                    "secondPassword": second.reveal(),
                    "newPasswordReason": reason,
                });
                (json!({}), json!({"auth": auth, "user": user.value()}))
            }
            Self::NewUsername { username, user } => (
                json!({}),
                json!({"auth": {"suppliedUsername": username}, "user": user.value()}),
            ),
            Self::PreRegistration { user } => {
                (json!({}), json!({"auth": {}, "user": user.value()}))
            }
            Self::PostAuthentication { user, is_new } => (
                json!({}),
                json!({"auth": {"isNewUserRecordCreated": is_new}, "user": user.value()}),
            ),
            Self::PreMfa {
                user,
                organization,
                policy,
                enabled_factors,
            } => {
                let mfa = json!({
                    "policy": policy,
                    "context": if organization.is_some() { "organization" } else { "environment" },
                    "enabledFactors": enabled_factors,
                    "enabled_factors": enabled_factors,
                    "isUserRoleExempt": false,
                    "isUserConnectionExempt": false,
                });
                let context = json!({"auth": {}, "mfa": mfa, "user": user.value()});
                (
                    json!({}),
                    with_organization(context, organization.as_deref()),
                )
            }
            Self::UserTokens {
                user,
                organization,
                audiences,
                origin,
                ..
            } => {
                let (origin, is_existing_session) = match origin {
                    TokensOrigin::Authorization {
                        is_existing_session,
                    } => ("authorization_request", *is_existing_session),
                    TokensOrigin::Refresh => ("refresh_token_request", true),
                };
                let auth = json!({"origin": origin, "isExistingSession": is_existing_session});
                let context = json!({"auth": auth, "user": user.value()});
                let context = with_organization(context, organization.as_deref());
                (json!({"auth": {"audience": audiences}}), context)
            }
            Self::MachineToken {
                audiences, scopes, ..
            } => (
                json!({"auth": {"audience": audiences, "scope": scopes}}),
                json!({}),
            ),
            Self::PlanSelection {
                user,
                organization,
                current_plan,
                requested_plan,
            } => {
                let billing =
                    json!({"currentPlanCode": current_plan, "requestedPlanCode": requested_plan});
                let context = json!({"billing": billing, "user": user.value()});
                (
                    json!({}),
                    with_organization(context, organization.as_deref()),
                )
            }
            Self::PlanCancellation {
                user,
                organization,
                current_plan,
                agreement,
            } => {
                let billing = json!({"currentPlanCode": current_plan, "agreementId": agreement});
                let context = json!({"billing": billing, "user": user.value()});
                (
                    json!({}),
                    with_organization(context, organization.as_deref()),
                )
            }
            Self::Trial { .. } => (json!({}), json!({})),
        }
    }

    /// A moment as it could be, to try programs with.
    #[must_use]
    pub fn sample(trigger: Trigger) -> Self {
        let text = |text: &str| Some(text.to_owned());
        let user = Person {
            id: text("kp_sample"),
            email: text("mara@example.com"),
            ..Person::default()
        };
        let newcomer = Person {
            id: None,
            ..user.clone()
        };
        let (organization, password) = (text("org_sample"), Secret::new("Sample-Passw0rd!"));
        match trigger {
            Trigger::ExistingPassword => Self::ExistingPassword {
                identifier: "mara@example.com".to_owned(),
                password,
                has_user_record: false,
                user: Person::default(),
            },
            Trigger::NewPassword => Self::NewPassword {
                first: password.clone(),
                second: password,
                reason: NewPasswordReason::Initial,
                user: newcomer,
            },
            Trigger::NewUsername => Self::NewUsername {
                username: "mara".to_owned(),
                user,
            },
            Trigger::PreRegistration => Self::PreRegistration { user: newcomer },
            Trigger::PostAuthentication => Self::PostAuthentication {
                user,
                is_new: false,
            },
            Trigger::PreMfa => Self::PreMfa {
                user,
                organization,
                policy: "optional".to_owned(),
                enabled_factors: vec!["mfa:email".to_owned()],
            },
            Trigger::UserTokens => Self::UserTokens {
                user,
                organization,
                audiences: Vec::new(),
                origin: TokensOrigin::Authorization {
                    is_existing_session: false,
                },
                id_token: Claims::new(),
                access_token: Claims::new(),
            },
            Trigger::MachineToken => Self::MachineToken {
                audiences: Vec::new(),
                scopes: Vec::new(),
                token: Claims::new(),
            },
            Trigger::PlanSelection => Self::PlanSelection {
                user,
                organization,
                current_plan: text("free"),
                requested_plan: "pro".to_owned(),
            },
            Trigger::PlanCancellation => Self::PlanCancellation {
                user,
                organization,
                current_plan: text("pro"),
                agreement: text("agreement_sample"),
            },
        }
    }

    /// The password that somebody typed at their sign-in.
    pub(super) fn typed_password(&self) -> Option<Secret> {
        match self {
            Self::ExistingPassword { password, .. } => Some(password.clone()),
            Self::Trial {
                trigger: trigger @ Trigger::ExistingPassword,
                event,
            } => {
                let given = event["context"]["auth"]["password"]
                    .as_str()
                    .map(Secret::new);
                given.or_else(|| Self::sample(*trigger).typed_password())
            }
            _ => None,
        }
    }

    /// The passwords in it, which nothing that is kept may show.
    pub(super) fn secrets(&self) -> Vec<Secret> {
        match self {
            Self::ExistingPassword { password, .. } => vec![password.clone()],
            Self::NewPassword { first, second, .. } => vec![first.clone(), second.clone()],
            Self::Trial { trigger, event } => {
                let given = ["password", "firstPassword", "secondPassword"]
                    .iter()
                    .filter_map(|name| event["context"]["auth"][name].as_str());
                given
                    .map(Secret::new)
                    .chain(Self::sample(*trigger).secrets())
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    /// What tokens say so far, by the names that the prelude knows.
    pub(super) fn claims(&self) -> Value {
        match self {
            Self::UserTokens {
                id_token,
                access_token,
                ..
            } => {
                json!({"id": id_token, "access": access_token})
            }
            Self::MachineToken { token, .. } => json!({"m2m": token}),
            _ => json!({}),
        }
    }
}

fn existing_password(
    identifier: &str,
    password: &Secret,
    has_user_record: bool,
    user: &Person,
) -> Value {
    let auth = json!({
        "providedEmail": identifier,
        "providedUsername": identifier,
        "password": password.reveal(),
        "hasUserRecordInKinde": has_user_record,
    });
    // Somebody who isn't here has no entry at all, as in the published samples.
    if user.is_known() {
        json!({"auth": auth, "user": user.value()})
    } else {
        json!({"auth": auth})
    }
}

fn with_organization(mut context: Value, code: Option<&str>) -> Value {
    if let Some(code) = code {
        context["organization"] = json!({"code": code});
    }
    context
}

/// Puts what `other` says over `value`, field by field.
fn merge(value: &mut Value, other: &Value) {
    match (value, other) {
        (Value::Object(fields), Value::Object(others)) => {
            for (name, other) in others {
                merge(fields.entry(name.clone()).or_insert(Value::Null), other);
            }
        }
        (value, other) => *value = other.clone(),
    }
}

fn object(value: &mut Value) -> &mut Map<String, Value> {
    if !value.is_object() {
        *value = json!({});
    }
    value.as_object_mut().expect("it was just made one")
}
