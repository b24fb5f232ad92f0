//! What a workflow says of itself: `workflowSettings`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::binding;
use super::trigger::Trigger;

/// The settings of a workflow, read and understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Its id, unique in its environment.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What fires it, in the spelling of the table.
    #[serde(with = "by_id")]
    pub trigger: Trigger,
    /// What its failure means.
    pub failure_policy: FailurePolicy,
    /// What it declares, each with its settings.
    pub bindings: BTreeMap<String, Value>,
}

/// What the failure of a run means for the flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailurePolicy {
    /// The flow stops with an error.
    #[default]
    Stop,
    /// The flow goes on as if there were no workflow.
    Continue,
}

mod by_id {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    use super::Trigger;

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
    pub(super) fn serialize<S: Serializer>(
        trigger: &Trigger,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(trigger.id())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Trigger, D::Error> {
        let id = String::deserialize(deserializer)?;
        Trigger::parse(&id).ok_or_else(|| D::Error::custom(format!("there is no trigger {id}")))
    }
}

/// Something is wrong with settings: the field, a code, a sentence. `is_error` is false where it only deserves a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) field: &'static str,
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) is_error: bool,
}

impl Fault {
    fn error(field: &'static str, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            field,
            code,
            message: message.into(),
            is_error: true,
        }
    }

    fn warning(field: &'static str, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            is_error: false,
            ..Self::error(field, code, message)
        }
    }
}

impl Settings {
    /// The settings that a module exports, and what is odd about them; none where they can't be used.
    pub(super) fn read(value: &Value) -> (Option<Self>, Vec<Fault>) {
        let mut faults = Vec::new();
        let text = |name: &str| {
            value[name]
                .as_str()
                .map(str::trim)
                .filter(|text| !text.is_empty())
        };
        let id = text("id");
        match id {
            None => faults.push(Fault::error("id", "missing_id", "Workflow ID is required")),
            Some(id) if id.chars().count() > 128 || id.chars().any(char::is_control) => {
                faults.push(Fault::error(
                    "id",
                    "invalid_id",
                    "a workflow's id has at most 128 characters",
                ));
            }
            Some(_) => {}
        }
        let trigger = text("trigger").and_then(Trigger::parse);
        if trigger.is_none() {
            faults.push(Fault::error(
                "trigger",
                "unknown_trigger",
                unknown_trigger(&value["trigger"]),
            ));
        }
        let failure_policy = policy(&value["failurePolicy"], &mut faults);
        let bindings = bindings(&value["bindings"], &mut faults);
        let is_usable = !faults.iter().any(|fault| fault.is_error);
        let settings = id
            .zip(trigger)
            .filter(|_| is_usable)
            .map(|(id, trigger)| Self {
                id: id.to_owned(),
                name: text("name").unwrap_or(id).to_owned(),
                trigger,
                failure_policy,
                bindings,
            });
        (settings, faults)
    }

    /// Whether a binding is declared.
    #[must_use]
    pub fn declares(&self, binding: &str) -> bool {
        self.bindings.contains_key(binding)
    }
}

fn unknown_trigger(value: &Value) -> String {
    let known: Vec<_> = super::trigger::TRIGGERS.iter().map(|row| row.id).collect();
    let said = match value {
        Value::Null => {
            "there is no `trigger`, or it is `undefined`: does the name exist in `WorkflowTrigger`?"
                .to_owned()
        }
        Value::String(text) => format!("there is no trigger {text}"),
        other => format!("a trigger is a text, not {other}"),
    };
    format!(
        "Unknown trigger requested: {said}; triggers are {}",
        known.join(", ")
    )
}

fn policy(value: &Value, faults: &mut Vec<Fault>) -> FailurePolicy {
    let action = match value {
        Value::Null => return FailurePolicy::default(),
        Value::String(text) => Some(text.as_str()),
        other => other["action"].as_str(),
    };
    match action {
        Some("stop") => FailurePolicy::Stop,
        Some("continue" | "allow" | "warn") => FailurePolicy::Continue,
        other => {
            let other = other.unwrap_or("nothing");
            let message = format!("failurePolicy.action is \"stop\" or \"continue\", not {other}");
            faults.push(Fault::error(
                "failurePolicy",
                "invalid_failure_policy",
                message,
            ));
            FailurePolicy::Stop
        }
    }
}

fn bindings(value: &Value, faults: &mut Vec<Fault>) -> BTreeMap<String, Value> {
    let declared: BTreeMap<String, Value> = match value {
        Value::Null => BTreeMap::new(),
        Value::Object(fields) => fields.clone().into_iter().collect(),
        _ => {
            let message = "bindings is an object, such as { \"kinde.fetch\": {} }";
            faults.push(Fault::error("bindings", "invalid_bindings", message));
            BTreeMap::new()
        }
    };
    for name in declared.keys().filter(|name| binding::find(name).is_none()) {
        let known: Vec<_> = binding::BINDINGS
            .iter()
            .map(|binding| binding.name)
            .collect();
        let message = format!(
            "there is no binding {name}, so it grants nothing; bindings are {}",
            known.join(", ")
        );
        faults.push(Fault::warning("bindings", "unknown_binding", message));
    }
    declared
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn settings_have_defaults() {
        let (settings, faults) =
            Settings::read(&json!({"id": "drip", "trigger": "user:existing_password_provided"}));
        let settings = settings.unwrap();
        assert_eq!(
            (settings.name.as_str(), settings.failure_policy),
            ("drip", FailurePolicy::Stop)
        );
        assert_eq!(settings.trigger, Trigger::ExistingPassword);
        assert!(faults.is_empty() && settings.bindings.is_empty());
        let stored = serde_json::to_string(&settings).unwrap();
        assert_eq!(serde_json::from_str::<Settings>(&stored).unwrap(), settings);
    }

    #[test]
    fn every_fault_has_its_field_and_code() {
        let value = json!({"trigger": "user:sneezed", "failurePolicy": {"action": "shrug"}, "bindings": {"kinde.tea": {}}});
        let (settings, faults) = Settings::read(&value);
        assert_eq!(settings, None);
        let codes: Vec<_> = faults
            .iter()
            .map(|fault| (fault.field, fault.code, fault.is_error))
            .collect();
        assert_eq!(
            codes,
            [
                ("id", "missing_id", true),
                ("trigger", "unknown_trigger", true),
                ("failurePolicy", "invalid_failure_policy", true),
                ("bindings", "unknown_binding", false),
            ]
        );
    }

    #[test]
    fn other_words_for_going_on_are_understood() {
        for action in ["continue", "allow", "warn"] {
            let value =
                json!({"id": "x", "trigger": "user:pre_mfa", "failurePolicy": {"action": action}});
            assert_eq!(
                Settings::read(&value).0.unwrap().failure_policy,
                FailurePolicy::Continue
            );
        }
    }
}
