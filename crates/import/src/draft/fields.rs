//! Reading the fields of exports that nobody edits by hand: what cannot be taken is left out with a warning, and the
//! person comes along all the same. What decides who gets in, such as whether an account is closed, is not read so.

use serde_json::Value;

use super::Draft;
use crate::objects::Object;
use crate::problem::{ProblemCode, Refusal};
use crate::record::{Locale, Membership};
use crate::value::{self, MAX_KEY, MAX_NAME, MAX_URL};

impl Draft {
    /// A text of at most `max` bytes; nothing if the object has no name for it.
    pub(crate) fn text(
        &mut self,
        object: &Object,
        names: &[&'static str],
        max: usize,
    ) -> Option<String> {
        if names.is_empty() {
            return None;
        }
        self.spare(value::text_field(object, names, max))
    }

    /// A point in time.
    pub(crate) fn instant(&mut self, object: &Object, names: &[&'static str]) -> Option<i64> {
        self.spare(value::instant_field(object, names))
    }

    /// Whether an address is proven. What cannot be read proves nothing.
    pub(crate) fn proof(&mut self, object: &Object, names: &[&'static str]) -> Option<bool> {
        self.spare(value::flag_field(object, names))
    }

    /// First and last name, portrait and language, by the names that the object has for them.
    pub(crate) fn profile(
        &mut self,
        object: &Object,
        given: &[&'static str],
        family: &[&'static str],
        picture: &[&'static str],
        locale: &[&'static str],
    ) {
        self.record.given_name = self.text(object, given, MAX_NAME);
        self.record.family_name = self.text(object, family, MAX_NAME);
        self.record.picture = self.text(object, picture, MAX_URL);
        self.record.locale = self.locale(object, locale);
    }

    /// The language.
    pub(crate) fn locale(&mut self, object: &Object, names: &[&'static str]) -> Option<Locale> {
        let text = self.text(object, names, MAX_KEY)?;
        let locale = Locale::parse(&text)
            .map(Some)
            .map_err(|error| Refusal::at(names[0], ProblemCode::INVALID_LOCALE, error));
        self.spare(locale)
    }

    /// A name that was not given in parts, for somebody of whom no part is known: what stands before the first space is
    /// the first name.
    pub(crate) fn split_name(&mut self, name: Option<String>) {
        let record = &mut self.record;
        let (None, None, Some(name)) = (&record.given_name, &record.family_name, name) else {
            return;
        };
        // Many fill it with the address of those who gave none.
        if record
            .identities
            .iter()
            .any(|identity| identity.value() == name)
        {
            return;
        }
        match name.split_once(' ') {
            // Directories write `Voss, Mara`.
            Some((family, given)) if family.ends_with(',') => {
                record.given_name = Some(given.trim().to_owned());
                record.family_name = Some(family.trim_end_matches(',').to_owned());
            }
            Some((given, family)) => {
                record.given_name = Some(given.trim().to_owned());
                record.family_name = Some(family.trim().to_owned());
            }
            None => record.given_name = Some(name),
        }
    }

    /// An address, proven or not. One that is none refuses the row, as nobody could sign in with it.
    pub(crate) fn email(
        &mut self,
        column: &str,
        text: &str,
        verified: Option<bool>,
    ) -> Result<(), Refusal> {
        if let Some(email) = value::email(column, text)? {
            self.identify(email, verified);
        }
        Ok(())
    }

    /// A number, proven or not.
    pub(crate) fn phone(&mut self, column: &str, text: &str, verified: Option<bool>) {
        if let Some(phone) = self.spare(value::phone(column, text)) {
            self.identify(phone, verified);
        }
    }

    /// What people type to sign in, where one field is for whatever that is: an address, a number or a name. It proves
    /// nothing.
    pub(crate) fn sign_in_name(&mut self, column: &str, text: &str) {
        let text = text.trim();
        let parsed = if text.contains('@') {
            value::email(column, text)
        } else if text.starts_with('+') {
            value::phone(column, text)
        } else {
            value::username(column, text)
        };
        if let Some(identifier) = self.spare(parsed) {
            self.identify(identifier, None);
        }
    }

    /// Something that the person may see and that has no place of its own. What is blank says nothing.
    pub(crate) fn property(&mut self, key: &str, value: &Value) {
        let is_blank = match value {
            Value::Null => true,
            Value::String(text) => text.trim().is_empty(),
            Value::Array(values) => values.is_empty(),
            Value::Object(object) => object.is_empty(),
            Value::Bool(_) | Value::Number(_) => false,
        };
        if !is_blank && let Some(key) = self.spare(value::text("properties", key, MAX_KEY)) {
            self.record.properties.insert(key, value.clone());
        }
    }

    /// What the object has beyond `known`, as properties.
    pub(crate) fn properties(&mut self, object: &Object, known: &[&str]) {
        for (key, value) in object {
            if !known.contains(&key.as_str()) {
                self.property(key, value);
            }
        }
    }

    /// Roles in an organization, by its id at the former provider, or in the default one. Once more in the same
    /// organization adds to them.
    pub(crate) fn roles(&mut self, external_id: Option<String>, roles: Vec<String>) {
        let organizations = &mut self.record.organizations;
        let known = organizations
            .iter()
            .position(|membership| membership.external_id == external_id);
        let index = known.unwrap_or_else(|| {
            organizations.push(Membership {
                external_id,
                roles: Vec::new(),
                permissions: Vec::new(),
            });
            organizations.len() - 1
        });
        let membership = &mut organizations[index];
        for role in roles {
            if !membership.roles.contains(&role) {
                membership.roles.push(role);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_whole_name_is_split_once_and_only_if_no_part_is_known() {
        let mut draft = Draft::default();
        draft.split_name(Some("Mara van Voss".to_owned()));
        draft.split_name(Some("Somebody Else".to_owned()));
        assert_eq!(draft.record.given_name.as_deref(), Some("Mara"));
        assert_eq!(draft.record.family_name.as_deref(), Some("van Voss"));
        let mut draft = Draft::default();
        draft.split_name(Some("Voss, Mara".to_owned()));
        assert_eq!(draft.record.given_name.as_deref(), Some("Mara"));
        let mut draft = Draft::default();
        draft.sign_in_name("login", "mara@voss.example");
        draft.split_name(Some("mara@voss.example".to_owned()));
        assert_eq!(draft.record.given_name, None);
    }

    #[test]
    fn what_people_type_is_told_apart_by_its_form_and_proves_nothing() {
        let mut draft = Draft::default();
        for text in ["mara@voss.example", "+46701234567", "mara_v", "", "mara v"] {
            draft.sign_in_name("login", text);
        }
        let seen: Vec<_> = draft
            .record
            .identities
            .iter()
            .map(|identity| (identity.kind().to_string(), identity.verified))
            .collect();
        let kinds = ["email", "phone", "username"];
        assert_eq!(seen, kinds.map(|kind| (kind.to_owned(), None)));
        assert_eq!(draft.warnings[0].code, ProblemCode::INVALID_USERNAME);
    }

    #[test]
    fn what_is_blank_is_no_property() {
        let mut draft = Draft::default();
        let object = json!({"id": 1, "city": "Lund", "a": null, "b": " ", "c": [], "n": 0});
        draft.properties(object.as_object().unwrap(), &["id"]);
        let keys: Vec<_> = draft.record.properties.keys().collect();
        assert_eq!(keys, ["city", "n"]);
    }

    #[test]
    fn roles_of_one_organization_come_together() {
        let mut draft = Draft::default();
        for role in ["admin", "admin", "owner"] {
            draft.roles(Some("acme".to_owned()), vec![role.to_owned()]);
        }
        draft.roles(None, Vec::new());
        assert_eq!(draft.record.organizations.len(), 2);
        assert_eq!(draft.record.organizations[0].roles, ["admin", "owner"]);
    }
}
