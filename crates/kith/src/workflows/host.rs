//! What the engine asks for during a run: the other side of `package/prelude.js`.
//!
//! Each call is judged here, by what the workflow declares and what its trigger may bring about; the objects that programs see decide
//! nothing. Nothing here changes our state: a call reads, reaches out, or adds to the effects.

mod cache;
mod fetch;
mod request;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use script::HostError;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::runtime::Handle;

pub(super) use cache::TokenCache;

use super::binding::{self, Grant};
use super::effects::{Effects, MfaPolicy, PlanDenial, Token, no_meaning};
use super::live::Live;
use super::redact::Redactor;
use super::trigger::{Power, Trigger};
use crate::context::Context;

/// The most calls to other servers in a run.
const MAX_CALLS: usize = 20;

/// A line that belongs to a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Milliseconds after the start.
    pub after_ms: u64,
    /// `debug`, `log`, `info`, `warn` or `error`.
    pub level: &'static str,
    /// The text, secrets taken out.
    pub text: String,
}

/// A call to another server, or to our own API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Call {
    /// Milliseconds after the start.
    pub after_ms: u64,
    /// In capitals.
    pub method: String,
    /// Where to, secrets taken out.
    pub url: String,
    /// What was answered; none where nothing was.
    pub status: Option<u16>,
    /// How long it took.
    pub duration_ms: u64,
    /// Whether it was answered here, without a network.
    pub is_local: bool,
    /// Whether the body was encrypted.
    pub is_encrypted: bool,
    /// Why there is no answer.
    pub error: Option<String>,
}

/// Our side of one run.
pub(super) struct RunHost {
    cx: Context,
    handle: Handle,
    live: Arc<Live>,
    tokens: Arc<TokenCache>,
    trigger: Trigger,
    claims: Value,
    began: Instant,
    pub(super) effects: Effects,
    pub(super) lines: Vec<Line>,
    pub(super) calls: Vec<Call>,
    /// What must not be kept, besides the environment's sensitive variables.
    pub(super) redactor: Redactor,
    /// Bindings that were wanted and aren't declared.
    pub(super) undeclared: BTreeSet<String>,
}

impl RunHost {
    pub(super) fn new(
        (cx, handle): (Context, Handle),
        live: Arc<Live>,
        tokens: Arc<TokenCache>,
        (trigger, claims): (Trigger, Value),
    ) -> Self {
        Self {
            cx,
            handle,
            live,
            tokens,
            trigger,
            claims,
            began: Instant::now(),
            effects: Effects::default(),
            lines: Vec::new(),
            calls: Vec::new(),
            redactor: Redactor::default(),
            undeclared: BTreeSet::new(),
        }
    }

    fn after_ms(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn warn(&mut self, text: String) {
        let after_ms = self.after_ms();
        self.lines.push(Line {
            after_ms,
            level: "warn",
            text,
        });
    }

    /// What the prelude begins with.
    fn start(&self) -> Value {
        json!({"bindings": self.live.code.settings.bindings, "claims": self.claims})
    }

    /// Refuses what isn't declared, or means nothing at this trigger.
    fn need(&self, binding: &str, power: Power) -> Result<(), HostError> {
        if !self.live.code.settings.declares(binding) {
            return Err(refused(binding::remedy(binding)));
        }
        if self.trigger.may(power) {
            return Ok(());
        }
        Err(refused(no_meaning(self.trigger, &format!("`{binding}`"))))
    }

    fn undeclared(&mut self, name: &str) -> Value {
        let is_lenient =
            binding::find(name).is_some_and(|binding| binding.grant != Grant::Declared);
        if is_lenient {
            let text = format!("{}; it is there all the same", binding::remedy(name));
            if !self.lines.iter().any(|line| line.text == text) {
                self.warn(text);
            }
        } else if self.undeclared.insert(name.to_owned()) {
            self.warn(binding::remedy(name));
        }
        Value::Null
    }

    fn claim(&mut self, token: &str, key: &str, value: Value) -> Result<Value, HostError> {
        let token =
            Token::parse(token).ok_or_else(|| refused(format!("there is no token {token}")))?;
        self.need(token.binding(), token.power())?;
        if token.reserves(key) {
            self.warn(format!(
                "the claim {key} is the issuer's own and was not set"
            ));
            return Ok(false.into());
        }
        let claims = match token {
            Token::Id => &mut self.effects.id_token,
            Token::Access => &mut self.effects.access_token,
            Token::Machine => &mut self.effects.m2m_token,
        };
        claims.insert(key.to_owned(), value);
        Ok(true.into())
    }

    fn deny(&mut self, reason: &str) -> Result<Value, HostError> {
        self.need("kinde.auth", Power::Deny)?;
        self.effects.denied.get_or_insert_with(|| reason.to_owned());
        Ok(Value::Null)
    }

    fn invalidate(&mut self, field: &str, message: &str) -> Result<Value, HostError> {
        self.need("kinde.widget", Power::InvalidateField)?;
        self.effects
            .invalid_fields
            .push((field.to_owned(), message.to_owned()));
        Ok(Value::Null)
    }

    fn mfa(&mut self, policy: &str) -> Result<Value, HostError> {
        self.need("kinde.mfa", Power::MfaPolicy)?;
        let policy = match policy {
            "required" => MfaPolicy::Required,
            "skip" => MfaPolicy::Skip,
            other => {
                return Err(refused(format!(
                    "the policy is \"required\" or \"skip\", not {other}"
                )));
            }
        };
        self.effects.mfa_policy = Some(policy);
        Ok(Value::Null)
    }

    fn plan(&mut self, kind: &str, message: &Value, reasons: &Value) -> Result<Value, HostError> {
        let power = if kind == "selection" {
            Power::DenyPlan
        } else {
            Power::DenyCancellation
        };
        self.need("kinde.plan", power)?;
        let message = message.as_str().filter(|message| !message.is_empty());
        let message = message.ok_or_else(|| refused("Invalid message provided".to_owned()))?;
        let reasons = reasons.as_array().into_iter().flatten();
        self.effects.plan_denial = Some(PlanDenial {
            message: message.to_owned(),
            reasons: reasons
                .map(|reason| {
                    reason
                        .as_str()
                        .map_or_else(|| reason.to_string(), str::to_owned)
                })
                .collect(),
        });
        Ok(Value::Null)
    }

    fn env(&self, key: &str) -> Value {
        match self.live.variables.get(key) {
            Some((value, is_secret)) => json!({"value": value.reveal(), "isSecret": is_secret}),
            None => Value::Null,
        }
    }
}

impl script::Host for RunHost {
    fn call(
        &mut self,
        function: &str,
        arguments: Vec<Value>,
        left: Duration,
    ) -> Result<Value, HostError> {
        let at = |n: usize| arguments.get(n).cloned().unwrap_or_default();
        let text = |n: usize| at(n).as_str().map(str::to_owned).unwrap_or_default();
        match function {
            "start" => Ok(self.start()),
            "undeclared" => Ok(self.undeclared(&text(0))),
            "env" => Ok(self.env(&text(0))),
            "claim" => self.claim(&text(0), &text(1), at(2)),
            "deny" => self.deny(&text(0)),
            "invalidate" => self.invalidate(&text(0), &text(1)),
            "mfa" => self.mfa(&text(0)),
            "plan" => self.plan(&text(0), &at(1), &at(2)),
            "fetch" => self.fetch(at(0), left),
            "secureFetch" => self.secure_fetch(at(0), left),
            "sign" => self.sign(at(0)),
            "cache.get" => Ok(self.cached_token(&text(0), at(1).as_str(), left)),
            "cache.put" => {
                self.keep_token(&text(0), &text(1));
                Ok(Value::Null)
            }
            other => Err(refused(format!("there is no {other}"))),
        }
    }
}

/// An error of the program's own making.
fn refused(message: String) -> HostError {
    HostError {
        name: "Error".to_owned(),
        message,
    }
}
