//! `kith workflows`.

use std::fs;

use super::Shell;

const DENY: &str = "import { denyAccess } from '@kinde/infrastructure';
export const workflowSettings = { id: 'deny', trigger: 'user:pre_registration', bindings: { 'kinde.auth': {} } };
export default async (event) => {
  console.log('asked by', event.context.user.email);
  if (event.context.user.email.endsWith('@spam.example')) denyAccess('no spam');
};
";

fn project(text: &str) -> Shell {
    let shell = Shell::new();
    let folder = shell
        .folder()
        .join("flows/kindeSrc/environment/workflows/deny");
    fs::create_dir_all(&folder).unwrap();
    fs::write(shell.folder().join("flows/kinde.json"), "{ /* ours */ }").unwrap();
    fs::write(folder.join("Workflow.ts"), text).unwrap();
    shell
}

#[test]
fn a_check_tells_the_place_and_ends_with_1() {
    let shell = project(&DENY.replace("user:pre_registration", "user:sneezed"));
    let said = shell.kith(&["workflows", "check", "flows"]);
    assert_eq!(said.code, 1, "{said:?}");
    let place = "kindeSrc/environment/workflows/deny/Workflow.ts:2:";
    assert!(
        said.stdout.contains(place) && said.stdout.contains("error unknown_trigger"),
        "{said:?}"
    );
    assert_eq!(project(DENY).kith(&["workflows", "check", "flows"]).code, 0);
}

#[test]
fn a_workflow_is_tried_without_a_server_and_without_a_trace() {
    let shell = project(DENY);
    fs::write(
        shell.folder().join("event.json"),
        r#"{"context": {"user": {"email": "eve@spam.example"}}}"#,
    )
    .unwrap();
    let said = shell.kith(&["workflows", "run", "flows", "--event", "event.json"]);
    assert_eq!(said.code, 0, "{said:?}");
    for part in ["asked by eve@spam.example", "no spam", "denied in "] {
        assert!(said.stdout.contains(part), "{part}: {said:?}");
    }
    assert!(!shell.folder().join("kith-data").exists());
    let said = shell.kith(&["workflows", "run", "flows", "--json"]);
    assert_eq!(said.json()["outcome"], "succeeded", "{said:?}");
}

#[test]
fn a_program_that_moves_people_can_be_tried_whole() {
    let text = "import { createKindeAPI, getEnvironmentVariable } from '@kinde/infrastructure';
        export const workflowSettings = { id: 'drip', trigger: 'user:existing_password_provided', bindings: { 'kinde.fetch': {}, 'kinde.env': {} } };
        export default async (event) => {
          const api = await createKindeAPI(event);
          const { user } = await api.post('/api/v1/user', { identities: [{ type: 'email', details: { email: event.context.auth.providedEmail } }] });
          await api.put(`/api/v1/users/${user.id}/password`, { password: event.context.auth.password, is_temporary_password: false });
          const { data } = await api.get('users', { email: event.context.auth.providedEmail });
          console.log('moved', data.users.length, event.context.auth.password, getEnvironmentVariable('TOKEN').value);
        };";
    let shell = project(text);
    let said = shell.kith(&[
        "workflows",
        "run",
        "flows",
        "--secret",
        "TOKEN=tok-4711-xyz",
    ]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.stdout.contains("moved 1 ••• •••"), "{said:?}");
    assert!(
        said.stdout
            .contains("own   PUT http://localhost:8080/api/v1/users/kp_"),
        "{said:?}"
    );
}

#[test]
fn a_folder_is_deployed_listed_and_logged() {
    let shell = project(DENY);
    let said = shell.kith(&["workflows", "deploy", "flows"]);
    assert_eq!(
        (said.code, said.stdout.as_str()),
        (0, "deny version 1 is live for user:pre_registration\n"),
        "{said:?}"
    );
    let said = shell.kith(&["workflows", "deploy", "flows", "--draft", "--json"]);
    assert_eq!(said.json()["workflows"][0]["number"], 2);
    let said = shell.kith(&["workflows", "list"]);
    assert!(
        said.stdout.starts_with("live user:pre_registration")
            && said.stdout.trim_end().ends_with("deny"),
        "{said:?}"
    );
    let said = shell.kith(&["workflows", "list", "deny"]);
    let states: Vec<_> = said
        .stdout
        .lines()
        .map(|line| line.split_whitespace().take(2).collect::<Vec<_>>())
        .collect();
    assert_eq!(states, [["2", "deployed"], ["1", "live"]], "{said:?}");
    let said = shell.kith(&["workflows", "preview", "deny", "2"]);
    assert!(
        said.code == 0 && said.stdout.starts_with("workflow_deployment_id="),
        "{said:?}"
    );
    assert_eq!(shell.kith(&["workflows", "preview", "deny", "1"]).code, 1);
    let said = shell.kith(&["workflows", "logs"]);
    assert_eq!(said.code, 0, "{said:?}");
    let broken = project("export const workflowSettings = {};\nexport default 1;");
    assert_eq!(broken.kith(&["workflows", "deploy", "flows"]).code, 1);
}

#[test]
fn what_does_not_fire_yet_is_told() {
    let shell = project(&DENY.replace("user:pre_registration", "user:pre_mfa"));
    let said = shell.kith(&["workflows", "deploy", "flows"]);
    assert!(said.stdout.contains("fires: not yet"), "{said:?}");
    let said = shell.kith(&["workflows", "list", "--triggers"]);
    assert_eq!(
        said.stdout
            .lines()
            .filter(|line| line.contains("fires: not yet"))
            .count(),
        4,
        "{said:?}"
    );
}
