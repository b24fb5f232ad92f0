//! From the document to the page: operations by subject, schemas as tables and examples.

use serde_json::{Map, Value, json};

use super::REFUSALS;
use super::schema::Schemas;
use super::view::{Docs, Group, Operation, Parameter, Prose, Response};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The page for a document in JSON. What the document leaves out is empty on the page.
pub(super) fn read(json: &[u8]) -> Docs {
    let document: Value = serde_json::from_slice(json).unwrap_or_default();
    let schemas = Schemas::of(&document);
    let operations = operations(&document, &schemas);
    let groups = list(&document["tags"])
        .map(|tag| {
            let name = text(&tag["name"]);
            Group {
                anchor: name.to_lowercase().replace(' ', "-"),
                description: Prose::read(&text(&tag["description"])),
                operations: operations
                    .iter()
                    .filter(|(subject, _)| *subject == name)
                    .map(|(_, operation)| operation.clone())
                    .collect(),
                name,
            }
        })
        .filter(|group| !group.operations.is_empty())
        .collect();
    Docs {
        title: text(&document["info"]["title"]),
        version: text(&document["info"]["version"]),
        description: Prose::read(&text(&document["info"]["description"])),
        refusals: REFUSALS
            .iter()
            .map(|(status, description)| Response {
                status: (*status).to_owned(),
                description: Prose::read(description),
                body: None,
            })
            .collect(),
        refusal: schemas.body(&json!({"$ref": "#/components/schemas/Refusal"})),
        groups,
    }
}

/// Every operation with its subject, by path and then by method.
fn operations(document: &Value, schemas: &Schemas) -> Vec<(String, Operation)> {
    let mut operations = Vec::new();
    for (path, item) in members(&document["paths"]) {
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                let subject = text(&operation["tags"][0]);
                operations.push((subject, read_operation(method, path, operation, schemas)));
            }
        }
    }
    operations
}

fn read_operation(method: &str, path: &str, operation: &Value, schemas: &Schemas) -> Operation {
    let scopes = list(&operation["security"])
        .flat_map(members)
        .flat_map(|(_, scopes)| list(scopes))
        .map(text)
        .collect();
    let schema_of = |holder: &Value| holder["content"]["application/json"]["schema"].clone();
    let body = schema_of(&operation["requestBody"]);
    Operation {
        id: text(&operation["operationId"]),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(&operation["summary"]),
        description: Prose::read(&text(&operation["description"])),
        scopes,
        parameters: list(&operation["parameters"])
            .map(|parameter| Parameter {
                name: text(&parameter["name"]),
                place: text(&parameter["in"]),
                kind: schemas.kind(&parameter["schema"]),
                is_required: parameter["required"] == true,
                description: Prose::read(&text(&parameter["description"])),
            })
            .collect(),
        body: (!body.is_null()).then(|| schemas.body(&body)),
        responses: members(&operation["responses"])
            .filter(|(status, response)| !is_usual(status, response))
            .map(|(status, response)| {
                let schema = schema_of(response);
                let is_shown = status.starts_with('2') && !schema.is_null();
                Response {
                    status: status.clone(),
                    description: Prose::read(&text(&response["description"])),
                    body: is_shown.then(|| schemas.body(&schema)),
                }
            })
            .collect(),
    }
}

/// Whether any operation may answer so.
fn is_usual(status: &str, response: &Value) -> bool {
    REFUSALS
        .iter()
        .any(|usual| *usual == (status, response["description"].as_str().unwrap_or_default()))
}

/// The text; empty where there is none.
pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The elements; none where there is no array.
pub(super) fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// Names and values; none where there is no object.
pub(super) fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}
