use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::*;

/// What Kinde's documentation says of each of its operations: method, path, name, scope, status of success.
const FACTS: &str = include_str!("../../tests/data/operations.csv");

/// Operations that Kinde doesn't have.
const OWN: &[&str] = &[
    "createImport",
    "getImports",
    "getImport",
    "startImport",
    "getImportRefusals",
    "importOrganizations",
    "createImportUpload",
    "discardImport",
    "completeImport",
    "getImportFiles",
    "addImportFile",
    "appendImportFile",
    "proveImport",
    "undoImport",
    "previewImportUndo",
    "getImportColumns",
    "setImportColumns",
    "getImportKept",
    "getDripFeedConnectors",
    "getDripFeed",
    "configureDripFeed",
    "testDripFeed",
    "pauseDripFeed",
    "resumeDripFeed",
    "endDripFeed",
    "getDripFeedStatistics",
    "getDripFeedWaiting",
    "getResetCampaign",
    "startResetCampaign",
    "stopResetCampaign",
    "getExport",
    "getExportLosses",
    "getWorkflows",
    "getWorkflow",
    "deleteWorkflow",
    "activateWorkflowVersion",
    "previewWorkflowVersion",
    "deactivateWorkflow",
    "createWorkflowDeployment",
    "checkWorkflowFiles",
    "getWorkflowKeys",
    "addWorkflowKey",
    "activateWorkflowKey",
    "deactivateWorkflowKey",
    "deleteWorkflowKey",
    "getWorkflowRuns",
    "getWorkflowRun",
    "getWorkflowRepository",
    "connectWorkflowRepository",
    "updateWorkflowRepository",
    "rotateWorkflowRepositorySecret",
    "disconnectWorkflowRepository",
    "syncWorkflowRepository",
];

struct Described {
    method: String,
    path: String,
    id: String,
    scopes: Vec<String>,
    success: Vec<String>,
    operation: Value,
}

fn described() -> Vec<Described> {
    let document = serde_json::to_value(document()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let mut all = Vec::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().unwrap() {
            let scopes = operation["security"][0][SECURITY_SCHEME].as_array();
            let responses = operation["responses"].as_object().unwrap();
            all.push(Described {
                method: method.to_uppercase(),
                path: path.clone(),
                id: operation["operationId"].as_str().unwrap().to_owned(),
                scopes: scopes
                    .unwrap_or_else(|| panic!("{method} {path} needs no token"))
                    .iter()
                    .map(|scope| scope.as_str().unwrap().to_owned())
                    .collect(),
                success: responses
                    .keys()
                    .filter(|status| status.starts_with('2'))
                    .cloned()
                    .collect(),
                operation: operation.clone(),
            });
        }
    }
    all
}

#[test]
fn operations_are_what_clients_of_kinde_expect() {
    let facts: BTreeMap<&str, Vec<&str>> = FACTS
        .lines()
        .skip(1)
        .map(|line| {
            let fact: Vec<_> = line.split(',').collect();
            (fact[2], fact)
        })
        .collect();
    for operation in described() {
        if OWN.contains(&operation.id.as_str()) {
            continue;
        }
        let fact = facts
            .get(operation.id.as_str())
            .unwrap_or_else(|| panic!("{} is none of Kinde's; add it to `OWN`", operation.id));
        let ours = [
            operation.method.as_str(),
            operation.path.as_str(),
            operation.id.as_str(),
            operation.scopes[0].as_str(),
            operation.success[0].as_str(),
        ];
        assert_eq!(ours, fact[..]);
    }
}

#[test]
fn every_operation_is_described_and_grouped() {
    let mut ids = BTreeSet::new();
    for Described {
        id,
        path,
        operation,
        ..
    } in described()
    {
        assert!(ids.insert(id.clone()), "{id} stands twice");
        for part in ["summary", "description"] {
            assert!(
                operation[part]
                    .as_str()
                    .is_some_and(|text| !text.is_empty()),
                "{id} has no {part}"
            );
        }
        let tag = operation["tags"][0].as_str().unwrap();
        assert!(
            TAGS.iter().any(|(name, _)| *name == tag),
            "{id} has the unknown tag {tag}"
        );
        let empty = Vec::new();
        for parameter in operation["parameters"].as_array().unwrap_or(&empty) {
            let name = parameter["name"].as_str().unwrap();
            assert!(
                parameter["description"].is_string(),
                "{id} doesn't describe {name}"
            );
            if parameter["in"] == "path" {
                assert!(
                    path.contains(&format!("{{{name}}}")),
                    "{id} has no {name} in its path"
                );
            }
        }
        for (status, _) in REFUSALS {
            assert!(
                operation["responses"][status].is_object(),
                "{id} says nothing of {status}"
            );
        }
    }
}

#[test]
fn schemas_of_different_slices_have_different_names() {
    let mut known = BTreeMap::new();
    let mut clashes = BTreeSet::new();
    for (_, slice) in slices().into_iter().map(OpenApiRouter::split_for_parts) {
        for (name, schema) in slice.components.unwrap_or_default().schemas {
            let schema = serde_json::to_value(schema).unwrap();
            let before = known.insert(name.clone(), schema.clone());
            if before.is_some_and(|before| before != schema) {
                clashes.insert(name);
            }
        }
    }
    assert!(
        clashes.is_empty(),
        "two slices describe different things by these names: {clashes:?}"
    );
}

#[test]
fn every_reference_leads_somewhere() {
    let json = serde_json::to_string(&document()).unwrap();
    let document: Value = serde_json::from_str(&json).unwrap();
    for reference in json.split("\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(
            document["components"]["schemas"][name].is_object(),
            "there is no schema {name}"
        );
    }
}

#[test]
fn the_checked_in_document_is_the_present_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi.json");
    let present = document().to_pretty_json().unwrap();
    if std::env::var_os("KITH_TEST_UPDATE").is_some() {
        std::fs::write(path, format!("{present}\n")).unwrap();
    }
    let checked_in = std::fs::read_to_string(path).unwrap();
    assert!(
        checked_in.trim_end() == present,
        "the API has changed; run this test with KITH_TEST_UPDATE=1, and look at the difference"
    );
}

#[test]
fn the_readable_page_has_every_operation() {
    let json = serde_json::to_vec(&document()).unwrap();
    let page = docs::read(&json);
    let shown: BTreeSet<_> = page
        .groups
        .iter()
        .flat_map(|group| &group.operations)
        .map(|operation| operation.id.clone())
        .collect();
    let all: BTreeSet<_> = described()
        .into_iter()
        .map(|operation| operation.id)
        .collect();
    assert_eq!(shown, all);
    let layout = Layout::hosted("en", Brand::kith(), "");
    let html = Pages::new().try_render(&layout, &page).unwrap();
    for id in all {
        assert!(html.contains(&format!("id=\"{id}\"")), "{id} has no anchor");
    }
}
