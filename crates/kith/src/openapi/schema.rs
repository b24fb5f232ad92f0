//! Schemas as people read them: a table of fields, and an example.

use serde_json::{Map, Value, json};

use super::docs::{list, members, text};
use super::view::{Body, Field, Prose};

/// How deep objects are shown within objects. Ours are flatter; a schema that contains itself ends here.
const MAX_DEPTH: usize = 6;

/// The named schemas of a document.
pub(super) struct Schemas(Map<String, Value>);

/// A schema with its references followed and its parts put together.
#[derive(Default)]
struct Flat {
    kind: String,
    description: String,
    example: Option<Value>,
    choices: Vec<String>,
    /// Name, schema, and whether it is always there.
    fields: Vec<(String, Value, bool)>,
    items: Option<Value>,
}

impl Schemas {
    pub(super) fn of(document: &Value) -> Self {
        Self(
            document["components"]["schemas"]
                .as_object()
                .cloned()
                .unwrap_or_default(),
        )
    }

    /// A schema as a table of fields and an example.
    pub(super) fn body(&self, schema: &Value) -> Body {
        let mut fields = Vec::new();
        self.add_fields("", schema, &mut fields, 0);
        let example = self.example(schema, 0);
        Body {
            fields,
            example: serde_json::to_string_pretty(&example).unwrap_or_default(),
        }
    }

    /// What a value of the schema is, in a word: `string`, `object[]`.
    pub(super) fn kind(&self, schema: &Value) -> String {
        let flat = self.flatten(schema);
        match &flat.items {
            Some(items) => format!("{}[]", self.kind(items)),
            None => flat.kind,
        }
    }

    fn add_fields(&self, prefix: &str, schema: &Value, rows: &mut Vec<Field>, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        let flat = self.flatten(schema);
        if let Some(items) = &flat.items {
            return self.add_fields(&format!("{prefix}[]"), items, rows, depth + 1);
        }
        for (name, schema, is_required) in &flat.fields {
            let path = if prefix.is_empty() {
                name.clone()
            } else {
                format!("{prefix}.{name}")
            };
            let field = self.flatten(schema);
            rows.push(Field {
                path: path.clone(),
                kind: self.kind(schema),
                is_required: *is_required,
                description: Prose::read(&field.description),
                choices: field.choices,
            });
            self.add_fields(&path, schema, rows, depth + 1);
        }
    }

    fn example(&self, schema: &Value, depth: usize) -> Value {
        let flat = self.flatten(schema);
        if let Some(example) = flat.example {
            return example;
        }
        if depth > MAX_DEPTH {
            return Value::Null;
        }
        if let Some(items) = &flat.items {
            return json!([self.example(items, depth + 1)]);
        }
        if let Some(choice) = flat.choices.first() {
            return json!(choice);
        }
        match flat.kind.as_str() {
            "object" => flat
                .fields
                .iter()
                .map(|(name, schema, _)| (name.clone(), self.example(schema, depth + 1)))
                .collect::<Map<_, _>>()
                .into(),
            "integer" | "number" => json!(0),
            "boolean" => json!(false),
            _ => json!("…"),
        }
    }

    /// References followed, `allOf` and the one real choice of `oneOf` put together. An own description stands before that of
    /// what is referred to.
    fn flatten(&self, schema: &Value) -> Flat {
        let mut flat = Flat::default();
        self.flatten_into(schema, &mut flat, 0);
        flat
    }

    fn flatten_into(&self, schema: &Value, flat: &mut Flat, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        if flat.description.is_empty() {
            flat.description = text(&schema["description"]);
        }
        flat.example = flat.example.take().or_else(|| example_of(schema));
        if let Some(kind) = kind_of(schema) {
            flat.kind = kind;
        }
        flat.choices.extend(
            list(&schema["enum"])
                .filter(|value| value.is_string())
                .map(text),
        );
        let required: Vec<_> = list(&schema["required"]).map(text).collect();
        flat.fields.extend(
            members(&schema["properties"])
                .map(|(name, schema)| (name.clone(), schema.clone(), required.contains(name))),
        );
        if let Some(items) = schema.get("items") {
            flat.items = Some(items.clone());
        }
        let name = schema["$ref"].as_str().and_then(|at| at.rsplit('/').next());
        if let Some(referred) = name.and_then(|name| self.0.get(name)) {
            self.flatten_into(referred, flat, depth + 1);
        }
        for part in ["allOf", "oneOf", "anyOf"]
            .iter()
            .flat_map(|all| list(&schema[*all]))
        {
            if part["type"] != "null" {
                self.flatten_into(part, flat, depth + 1);
            }
        }
        // An enum whose values have descriptions of their own is a choice of constants.
        if let Some(constant) = schema["const"].as_str() {
            flat.choices.push(constant.to_owned());
        }
    }
}

/// The type, without the `null` beside it of what may be absent.
fn kind_of(schema: &Value) -> Option<String> {
    match &schema["type"] {
        Value::String(kind) => Some(kind.clone()),
        Value::Array(kinds) => kinds.iter().map(text).find(|kind| kind != "null"),
        _ => None,
    }
}

fn example_of(schema: &Value) -> Option<Value> {
    schema
        .get("example")
        .or_else(|| schema["examples"].get(0))
        .cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schemas() -> Schemas {
        Schemas::of(&json!({"components": {"schemas": {
            "Success": {"type": "object", "required": ["code"], "properties": {"code": {"type": "string", "example": "OK"}}},
            "Person": {"type": "object", "description": "A person.", "properties": {
                "name": {"type": ["string", "null"], "description": "What people call them."},
                "friends": {"type": "array", "items": {"$ref": "#/components/schemas/Person"}},
            }},
            "Mood": {"type": "string", "enum": ["glad", "sad"]},
        }}}))
    }

    fn rows(schema: &Value) -> Vec<(String, String, bool)> {
        let body = schemas().body(schema);
        body.fields
            .into_iter()
            .map(|field| (field.path, field.kind, field.is_required))
            .collect()
    }

    #[test]
    fn an_answer_around_a_result_is_one_table() {
        let schema = json!({"allOf": [
            {"$ref": "#/components/schemas/Success"},
            {"type": "object", "required": ["mood"], "properties": {"mood": {"$ref": "#/components/schemas/Mood"}}},
        ]});
        assert_eq!(
            rows(&schema),
            [
                ("code".into(), "string".into(), true),
                ("mood".into(), "string".into(), true)
            ]
        );
        let example: Value = serde_json::from_str(&schemas().body(&schema).example).unwrap();
        assert_eq!(example, json!({"code": "OK", "mood": "glad"}));
    }

    #[test]
    fn fields_of_lists_show_where_they_are() {
        let schema = json!({"type": "object", "properties": {"people": {
            "type": "array", "items": {"type": "object", "properties": {"age": {"type": "integer"}}},
        }}});
        assert_eq!(
            rows(&schema),
            [
                ("people".into(), "object[]".into(), false),
                ("people[].age".into(), "integer".into(), false)
            ]
        );
    }

    #[test]
    fn a_schema_that_contains_itself_ends() {
        let body = schemas().body(&json!({"$ref": "#/components/schemas/Person"}));
        assert!(body.fields.len() < 20);
        let name = body
            .fields
            .iter()
            .find(|field| field.path == "name")
            .unwrap();
        assert_eq!(name.description, Prose::read("What people call them."));
    }
}
