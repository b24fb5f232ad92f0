//! Whether a project can be deployed: every workflow compiled, its settings read, all that is wrong told with its place.

use std::sync::Arc;

use script::{Environment, Files, Limits, Program};
use serde::Serialize;

use super::binding::{self, Grant};
use super::packages;
use super::project::{Candidate, Project};
use super::settings::{Fault, Settings};

/// Something that is wrong with a project, or deserves a look.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
pub struct Finding {
    /// Where: relative to the folder of `kinde.json`.
    #[schema(example = "kindeSrc/environment/workflows/drip/Workflow.ts")]
    pub file: String,
    /// From 1.
    pub line: u32,
    /// From 1.
    pub column: u32,
    /// A stable code for programs.
    #[schema(value_type = String, example = "unknown_trigger")]
    pub code: &'static str,
    /// What is wrong and what to do.
    pub message: String,
    /// Whether it keeps the project from being deployed.
    pub is_error: bool,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = if self.is_error { "error" } else { "warning" };
        let Self {
            file,
            line,
            column,
            code,
            message,
            ..
        } = self;
        write!(f, "{file}:{line}:{column} {kind} {code} {message}")
    }
}

/// A workflow of a project, ready to run.
#[derive(Debug, Clone)]
pub struct Workflow {
    /// The file that it is.
    pub path: String,
    /// What it says of itself.
    pub settings: Settings,
    /// It, compiled.
    pub program: Program,
}

/// What was found in a project.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The files, relative to the folder of `kinde.json`.
    pub files: Files,
    /// The workflows that can run, by path.
    pub workflows: Vec<Workflow>,
    /// What is wrong and what deserves a look, by place.
    pub findings: Vec<Finding>,
}

impl Checked {
    /// Whether nothing keeps the project from being deployed.
    #[must_use]
    pub fn is_deployable(&self) -> bool {
        !self.findings.iter().any(|finding| finding.is_error)
    }
}

/// Checks a project. Takes some milliseconds a workflow, and runs the top level of each module within limits: not for async threads.
#[must_use]
pub fn check(environment: &Arc<Environment>, files: &Files) -> Checked {
    let project = match Project::find(files) {
        Ok(project) => project,
        Err(error) => {
            let finding = error_at(
                (&error.path, error.line, 1),
                "invalid_manifest",
                error.to_string(),
            );
            return Checked {
                files: files.clone(),
                workflows: Vec::new(),
                findings: vec![finding],
            };
        }
    };
    let mut findings = Vec::new();
    let mut workflows = Vec::new();
    let candidates = project.candidates();
    for candidate in &candidates {
        workflows.extend(read(environment, &project.files, candidate, &mut findings));
    }
    if workflows.is_empty() && findings.is_empty() {
        let searched = project.searched();
        let message = format!(
            "No workflows: no file below {searched} is called …Workflow.ts or exports workflowSettings"
        );
        findings.push(error_at(("kinde.json", 1, 1), "no_workflows", message));
    }
    findings.extend(doubles(&project.files, &workflows));
    let programs = workflows.iter().map(|workflow| &workflow.program);
    findings.extend(packages::strays(&project, programs));
    findings.sort();
    findings.dedup();
    Checked {
        files: project.files,
        workflows,
        findings,
    }
}

/// The compiled program of one file, for whoever knows that it is right.
///
/// # Errors
/// What keeps it from being compiled.
pub fn compile(
    environment: &Arc<Environment>,
    files: &Files,
    path: &str,
) -> Result<Program, Vec<Finding>> {
    script::compile(environment, files, path)
        .map_err(|diagnostics| diagnostics.into_iter().map(Finding::from).collect())
}

impl From<script::Diagnostic> for Finding {
    fn from(diagnostic: script::Diagnostic) -> Self {
        Self {
            file: diagnostic.file,
            line: diagnostic.line,
            column: diagnostic.column,
            code: diagnostic.code,
            message: diagnostic.message,
            is_error: true,
        }
    }
}

fn read(
    environment: &Arc<Environment>,
    files: &Files,
    candidate: &Candidate,
    findings: &mut Vec<Finding>,
) -> Option<Workflow> {
    let path = candidate.path.as_str();
    let text = files.get(path).unwrap_or_default();
    let program = match script::compile(environment, files, path) {
        Ok(program) => program,
        // A helper has no default export, and needs none.
        Err(wrong)
            if !candidate.is_named && wrong.iter().all(|one| one.code == "no_default_export") =>
        {
            return None;
        }
        Err(wrong) => {
            findings.extend(wrong.into_iter().map(Finding::from));
            return None;
        }
    };
    let inspected = match script::inspect(&program, "workflowSettings", &Limits::default()) {
        Ok(inspected) => inspected,
        Err(failure) => {
            let at = failure.stack.iter().find(|frame| frame.file == path);
            let (line, column) = at.map_or((1, 1), |frame| (frame.line, frame.column));
            let message = format!(
                "the module can't be looked at: {}; keep what uses `kinde` inside the function",
                failure.message
            );
            findings.push(error_at((path, line, column), "module_failed", message));
            return None;
        }
    };
    let Some(value) = inspected.value else {
        if candidate.is_named {
            let message = "the workflow exports no `workflowSettings`";
            findings.push(error_at((path, 1, 1), "no_settings", message.to_owned()));
        }
        return None;
    };
    if !inspected.is_callable {
        let (line, column) = place(text, "export default");
        let message =
            "no default function exported; write `export default async function (event) { … }`";
        findings.push(error_at(
            (path, line, column),
            "no_default_export",
            message.to_owned(),
        ));
        return None;
    }
    let (settings, faults) = Settings::read(&value);
    findings.extend(faults.into_iter().map(|fault| of_fault(path, text, fault)));
    let settings = settings?;
    findings.extend(undeclared(path, text, &settings));
    Some(Workflow {
        path: path.to_owned(),
        settings,
        program,
    })
}

fn of_fault(path: &str, text: &str, fault: Fault) -> Finding {
    let (line, column) = field_place(text, fault.field);
    Finding {
        file: path.to_owned(),
        line,
        column,
        code: fault.code,
        message: fault.message,
        is_error: fault.is_error,
    }
}

/// Where a binding is named that isn't declared. The text is searched, so it is a hint and no error.
fn undeclared(path: &str, text: &str, settings: &Settings) -> Vec<Finding> {
    let wanted = binding::BINDINGS
        .iter()
        .filter(|binding| binding.grant == Grant::Declared);
    wanted
        .filter(|binding| !settings.declares(binding.name))
        .filter_map(|binding| {
            let at = text
                .find(&format!("{}.", binding.name))
                .or_else(|| text.find(&format!("{}(", binding.name)))?;
            let (line, column) = place_of(text, at);
            Some(Finding {
                file: path.to_owned(),
                line,
                column,
                code: "undeclared_binding",
                message: binding::remedy(binding.name),
                is_error: false,
            })
        })
        .collect()
}

/// Two workflows of one id, or for one trigger.
fn doubles(files: &Files, workflows: &[Workflow]) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, workflow) in workflows.iter().enumerate() {
        let before = &workflows[..at];
        let text = files.get(&workflow.path).unwrap_or_default();
        let mut tell = |field, code, message: String| {
            let (line, column) = field_place(text, field);
            found.push(error_at((&workflow.path, line, column), code, message));
        };
        let (id, trigger) = (&workflow.settings.id, workflow.settings.trigger);
        if let Some(other) = before.iter().find(|other| other.settings.id == *id) {
            tell(
                "id",
                "duplicate_id",
                format!("Duplicate workflow ID: {} has the id {id}, too", other.path),
            );
        }
        if let Some(other) = before
            .iter()
            .find(|other| other.settings.trigger == trigger)
        {
            let message = format!(
                "More than one workflow assigned to this trigger: {} has {trigger}, too",
                other.path
            );
            tell("trigger", "duplicate_trigger", message);
        }
    }
    found
}

fn error_at(
    (file, line, column): (&str, u32, u32),
    code: &'static str,
    message: String,
) -> Finding {
    Finding {
        file: file.to_owned(),
        line,
        column,
        code,
        message,
        is_error: true,
    }
}

/// Where a field of the settings stands: the first `field:` behind `workflowSettings`, else the settings themselves.
fn field_place(text: &str, field: &str) -> (u32, u32) {
    let settings = text.find("workflowSettings").unwrap_or(0);
    let behind = &text[settings..];
    let named = [
        format!("{field}:"),
        format!("\"{field}\":"),
        format!("{field} :"),
    ];
    let at = named
        .iter()
        .filter_map(|name| behind.find(name.as_str()))
        .min();
    place_of(text, settings + at.unwrap_or(0))
}

fn place(text: &str, what: &str) -> (u32, u32) {
    place_of(text, text.find(what).unwrap_or(0))
}

/// Line and column, from 1, of a place in a text.
fn place_of(text: &str, at: usize) -> (u32, u32) {
    let before = &text[..at];
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let from_one = |n: usize| u32::try_from(n + 1).unwrap_or(u32::MAX);
    (
        from_one(before.matches('\n').count()),
        from_one(before[start..].encode_utf16().count()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflows::package;

    const FOLDER: &str = "kindeSrc/environment/workflows";

    fn workflow(id: &str, trigger: &str) -> String {
        format!(
            "export const workflowSettings = {{\n  id: \"{id}\",\n  trigger: \"{trigger}\",\n}};\nexport default async () => {{}};\n"
        )
    }

    fn checked(files: &[(&str, &str)]) -> Checked {
        let mut all = Files::from_iter([("kinde.json", "{}")]);
        all.extend(
            files
                .iter()
                .map(|(name, text)| (format!("{FOLDER}/{name}"), *text)),
        );
        check(&package::environment(), &all)
    }

    fn told(files: &[(&str, &str)]) -> Vec<(&'static str, u32)> {
        checked(files)
            .findings
            .iter()
            .map(|finding| (finding.code, finding.line))
            .collect()
    }

    #[test]
    fn a_right_project_has_its_workflows() {
        let drip = workflow("drip", "user:existing_password_provided");
        let found = checked(&[("drip/Workflow.ts", &drip)]);
        assert!(found.is_deployable(), "{:?}", found.findings);
        assert_eq!(found.workflows[0].settings.id, "drip");
    }

    #[test]
    fn every_fault_is_told_with_its_line() {
        assert_eq!(told(&[]), [("no_workflows", 1)]);
        let unknown = workflow("a", "user:sneezed");
        assert_eq!(
            told(&[("aWorkflow.ts", &unknown)]),
            [("unknown_trigger", 3)]
        );
        let nameless = "\nexport const workflowSettings = { trigger: \"user:pre_mfa\" };\nexport default () => {};";
        assert_eq!(told(&[("aWorkflow.ts", nameless)]), [("missing_id", 2)]);
        assert_eq!(
            told(&[("aWorkflow.ts", "export default () => {};")]),
            [("no_settings", 1)]
        );
        let (a, b) = (workflow("a", "user:pre_mfa"), workflow("a", "user:pre_mfa"));
        assert_eq!(
            told(&[("aWorkflow.ts", &a), ("bWorkflow.ts", &b)]),
            [("duplicate_id", 2), ("duplicate_trigger", 3)]
        );
        let lost = format!("import x from \"./nowhere\";\nx();\n{a}");
        assert_eq!(told(&[("aWorkflow.ts", &lost)]), [("unresolved_import", 1)]);
    }

    #[test]
    fn top_level_code_that_uses_kinde_is_told() {
        let text = format!(
            "const key = kinde.env.get(\"X\");\n{}",
            workflow("a", "user:pre_mfa")
        );
        assert_eq!(told(&[("aWorkflow.ts", &text)]), [("module_failed", 1)]);
    }

    #[test]
    fn a_helper_that_mentions_settings_is_no_workflow() {
        let drip = workflow("drip", "user:existing_password_provided");
        let helper = "// beside workflowSettings\nexport const n = 1;";
        let found = checked(&[("drip/Workflow.ts", &drip), ("drip/helper.ts", helper)]);
        assert!(
            found.findings.is_empty() && found.workflows.len() == 1,
            "{:?}",
            found.findings
        );
    }

    #[test]
    fn an_undeclared_binding_deserves_a_look() {
        let text = workflow("a", "user:pre_mfa")
            .replace("{}", "{ kinde.mfa.setEnforcementPolicy(\"skip\"); }");
        let found = checked(&[("aWorkflow.ts", &text)]);
        assert_eq!(found.findings[0].code, "undeclared_binding");
        assert!(found.is_deployable());
    }
}
