//! What programs may do, and what becomes of it.

use std::time::{Duration, Instant};

use serde_json::json;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::{PASSWORD, World, program, text, typed_by};
use crate::secret::Secret;
use crate::workflows::effects::MfaPolicy;
use crate::workflows::runtime::runtime;
use crate::workflows::variables::Sensitivity;
use crate::workflows::{
    Effects, FireError, Moment, NewPasswordReason, Person, TokensOrigin, make_ready,
};

const EXISTING: &str = "user:existing_password_provided";
const TOKENS: &str = "user:tokens_generation";

fn tokens() -> Moment {
    let claims = |value: serde_json::Value| value.as_object().unwrap().clone();
    Moment::UserTokens {
        user: Person {
            id: Some("kp_1".to_owned()),
            ..Person::default()
        },
        organization: Some("org_1".to_owned()),
        audiences: vec!["https://api.example.com".to_owned()],
        origin: TokensOrigin::Refresh,
        id_token: claims(json!({"name": "Mara"})),
        access_token: claims(json!({"permissions": ["read:all"], "sub": "kp_1"})),
    }
}

fn new_password() -> Moment {
    Moment::NewPassword {
        first: Secret::new(PASSWORD),
        second: Secret::new(PASSWORD),
        reason: NewPasswordReason::Reset,
        user: Person {
            email: Some("mara@voss.example".to_owned()),
            ..Person::default()
        },
    }
}

fn named(moment: &str) -> Moment {
    let user = Person::default();
    match moment {
        "user:pre_mfa" => Moment::PreMfa {
            user,
            organization: None,
            policy: "optional".to_owned(),
            enabled_factors: vec!["mfa:email".to_owned()],
        },
        "user:plan_selection" => Moment::PlanSelection {
            user,
            organization: None,
            current_plan: Some("free".to_owned()),
            requested_plan: "pro".to_owned(),
        },
        "user:plan_cancellation_request" => Moment::PlanCancellation {
            user,
            organization: None,
            current_plan: Some("pro".to_owned()),
            agreement: None,
        },
        "user:pre_registration" => Moment::PreRegistration {
            user: Person {
                email: Some("x@mailinator.example".to_owned()),
                ..user
            },
        },
        "user:post_authentication" => Moment::PostAuthentication { user, is_new: true },
        "user:new_username_provided" => Moment::NewUsername {
            username: "mara".to_owned(),
            user,
        },
        other => panic!("{other} has a moment of its own"),
    }
}

#[tokio::test]
async fn what_is_live_is_compiled_before_anybody_comes() {
    let world = World::one().await;
    world.program(EXISTING, "", "").await;
    let all = || async { runtime(&world.cx).live.all(&world.cx).await.unwrap() };
    assert!(!all().await[0].code.is_compiled());
    let environments = &world.installation.environments;
    make_ready(&world.cx, environments).await.unwrap();
    assert!(all().await[0].code.is_compiled());
    // Another version is another code.
    world.program(EXISTING, "", "return 1;").await;
    assert!(!all().await[0].code.is_compiled());
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_is_live_nothing_runs() {
    let world = World::one().await;
    assert_eq!(world.fire(tokens()).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn claims_are_set_in_every_way_and_reserved_ones_stay() {
    let world = World::one().await;
    let bindings = "bindings: { \"kinde.idToken\": {}, \"kinde.accessToken\": {} }";
    let body = "
        const access = infrastructure.accessTokenCustomClaims<{ plan: string; permissions: string[] }>();
        access.plan = 'pro';
        access.permissions = [];
        access.sub = 'kp_2';
        const id = infrastructure.idTokenCustomClaims();
        id.name = id.name + ' Voss';
        kinde.accessToken.setCustomClaim('n', 1);
        kinde.accessToken.setCustomClaim('n', { deep: [2] });
        console.log(JSON.stringify(kinde.accessToken.getCustomClaims()));";
    world.program(TOKENS, bindings, body).await;
    let effects = world.effects(tokens()).await;
    assert_eq!(json!(effects.id_token), json!({"name": "Mara Voss"}));
    assert_eq!(
        json!(effects.access_token),
        json!({"n": {"deep": [2]}, "permissions": [], "plan": "pro"})
    );
    let printed = world.printed().await;
    assert!(
        printed
            .iter()
            .any(|line| line.contains("the claim sub is the issuer's own")),
        "{printed:?}"
    );
    assert!(
        printed.iter().any(|line| line.contains("\"sub\":\"kp_1\"")),
        "{printed:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn machines_get_claims_by_both_names_of_the_helper() {
    let world = World::one().await;
    let body = "
        infrastructure.m2mTokenClaims().tenant = 'a';
        infrastructure.m2mTokenCustomClaims().scp = ['admin'];";
    world
        .program(
            "m2m:tokens_generation",
            "bindings: { \"kinde.m2mToken\": {} }",
            body,
        )
        .await;
    let moment = Moment::MachineToken {
        audiences: Vec::new(),
        scopes: Vec::new(),
        token: serde_json::Map::new(),
    };
    assert_eq!(
        json!(world.effects(moment).await.m2m_token),
        json!({"tenant": "a"})
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_does_not_end_the_program() {
    let world = World::one().await;
    let body = "infrastructure.denyAccess('disposable ' + event.context.user.email); console.log('still here');";
    world
        .program(
            "user:pre_registration",
            "bindings: { \"kinde.auth\": {} }",
            body,
        )
        .await;
    let effects = world.effects(named("user:pre_registration")).await;
    assert_eq!(
        effects.denied.as_deref(),
        Some("disposable x@mailinator.example")
    );
    assert_eq!(world.printed().await, ["still here"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_fields_can_be_invalid() {
    let world = World::one().await;
    let body = "
        if (!/[0-9]{9}/.test(event.context.auth.firstPassword)) {
          infrastructure.invalidateFormField('p_first_password', 'Nine digits');
          kinde.widget.invalidateFormField('p_second_password', event.context.auth.newPasswordReason);
        }";
    world
        .program(
            "user:new_password_provided",
            "bindings: { \"kinde.widget\": {} }",
            body,
        )
        .await;
    let fields = world.effects(new_password()).await.invalid_fields;
    let fields: Vec<_> = fields
        .iter()
        .map(|(field, message)| (field.as_str(), message.as_str()))
        .collect();
    assert_eq!(
        fields,
        [
            ("p_first_password", "Nine digits"),
            ("p_second_password", "reset")
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_fired_yet_can_be_tried() {
    let world = World::one().await;
    let body = "infrastructure.setEnforcementPolicy(event.context.mfa.enabled_factors.length ? 'skip' : 'required');";
    world
        .program("user:pre_mfa", "bindings: { \"kinde.mfa\": {} }", body)
        .await;
    assert_eq!(
        world.effects(named("user:pre_mfa")).await.mfa_policy,
        Some(MfaPolicy::Skip)
    );
    let body = "infrastructure.denyPlanSelection('Ask sales', ['too big', event.context.billing.requestedPlanCode]);";
    world
        .program(
            "user:plan_selection",
            "bindings: { \"kinde.plan\": {} }",
            body,
        )
        .await;
    let denial = world
        .effects(named("user:plan_selection"))
        .await
        .plan_denial
        .unwrap();
    assert_eq!(
        (denial.message.as_str(), denial.reasons),
        ("Ask sales", vec!["too big".to_owned(), "pro".to_owned()])
    );
    let body = "infrastructure.denyPlanCancellation('');";
    world
        .program(
            "user:plan_cancellation_request",
            "bindings: { \"kinde.plan\": {} }",
            body,
        )
        .await;
    let error = world
        .fire(named("user:plan_cancellation_request"))
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("Invalid message provided"),
        "{error}"
    );
    let body =
        "kinde.widget.invalidateFormField('p_username', event.context.auth.suppliedUsername);";
    world
        .program(
            "user:new_username_provided",
            "bindings: { \"kinde.widget\": {} }",
            body,
        )
        .await;
    assert_eq!(
        world
            .effects(named("user:new_username_provided"))
            .await
            .invalid_fields[0]
            .1,
        "mara"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_failure_policy_decides() {
    let world = World::one().await;
    let body =
        "kinde.auth.denyAccess('no'); throw new Error('broken ' + event.context.auth.password);";
    world
        .program(EXISTING, "bindings: { \"kinde.auth\": {} }", body)
        .await;
    let error = world.fire(typed_by("a@example.com")).await.unwrap_err();
    assert!(matches!(&error, FireError::Stopped { workflow, .. } if workflow == "w"));
    assert!(error.to_string().contains("broken •••"), "{error}");
    assert!(!format!("{error:?}").contains(PASSWORD));
    let settings = "failurePolicy: { action: \"continue\" }, bindings: { \"kinde.auth\": {} }";
    world.program(EXISTING, settings, body).await;
    assert_eq!(
        world.effects(typed_by("a@example.com")).await,
        Effects::default()
    );
    assert_eq!(world.last().await.outcome, "failed_and_went_on");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undeclared_binding_is_named_with_its_remedy() {
    let world = World::one().await;
    for (body, name) in [
        (
            "kinde.accessToken.setCustomClaim('a', 1);",
            "kinde.accessToken",
        ),
        ("infrastructure.denyAccess('x');", "kinde.auth"),
    ] {
        world.program(TOKENS, "", body).await;
        let error = world.fire(tokens()).await.unwrap_err().to_string();
        assert!(
            error.contains(&format!("add `\"{name}\": {{}}` to `bindings`")),
            "{error}"
        );
    }
    let error = world.fire(tokens()).await.unwrap_err().to_string();
    assert!(error.contains("auth binding not available"), "{error}");
    world
        .program(
            TOKENS,
            "",
            "if (!kinde.mfa) console.log('no second factor here');",
        )
        .await;
    assert!(world.fire(tokens()).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_means_nothing_at_a_trigger_fails() {
    let world = World::one().await;
    world
        .program(
            "m2m:token_generation",
            "bindings: { \"kinde.auth\": {} }",
            "kinde.auth.denyAccess('x');",
        )
        .await;
    let moment = Moment::MachineToken {
        audiences: Vec::new(),
        scopes: Vec::new(),
        token: serde_json::Map::new(),
    };
    let error = world.fire(moment).await.unwrap_err().to_string();
    assert!(
        error.contains("means nothing at the trigger m2m:token_generation"),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn variables_are_read_and_sensitive_ones_hidden() {
    let world = World::one().await;
    world.variable("PLAIN", "blue", Sensitivity::Plain).await;
    world
        .variable("HIDDEN", "k-9f8e7d6c5b", Sensitivity::Sensitive)
        .await;
    let body = "
        const plain = infrastructure.getEnvironmentVariable('PLAIN');
        console.log(plain.value, plain.isSecret, `${kinde.env.get('PLAIN')}`);
        console.log(kinde.env.getEnvironmentVariable('HIDDEN').value, btoa(kinde.env.get('HIDDEN')?.value));
        console.log(infrastructure.getEnvironmentVariable('MISSING')?.value);";
    world.program(EXISTING, "", body).await;
    world.effects(typed_by("a@example.com")).await;
    let printed = world.printed().await;
    for line in ["blue false blue", "••• •••", "undefined"] {
        assert!(
            printed.iter().any(|printed| printed == line),
            "{line} in {printed:?}"
        );
    }
    assert!(
        printed
            .iter()
            .any(|line| line.contains("does not declare the binding `kinde.env`")),
        "{printed:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_nowhere_in_what_is_kept() {
    let world = World::one().await;
    let former = MockServer::start().await;
    let body = "
        const { password } = event.context.auth;
        console.log(event, password, encodeURIComponent(password), btoa('x' + password), [...password].reverse().join(''));
        console.error(JSON.stringify({ password }), password.slice(0, 8));
        try { await kinde.fetch('FORMER/' + encodeURIComponent(password) + '?p=' + password, { method: 'GET' }); } catch {}
        const hex = [...new TextEncoder().encode(password)].map((b) => b.toString(16).padStart(2, '0')).join('');
        throw new Error(`${hex} ${event.context.auth.hashedPassword}`);";
    let body = body.replace("FORMER", &former.uri());
    world
        .program(EXISTING, "bindings: { \"kinde.fetch\": {} }", &body)
        .await;
    let error = world
        .fire(typed_by("a@example.com"))
        .await
        .unwrap_err()
        .to_string();
    let kept = format!("{error} {:#}", world.last().await.document);
    let reversed: String = PASSWORD.chars().rev().collect();
    for shape in [
        PASSWORD,
        &reversed,
        &hex::encode(PASSWORD),
        "Correct-",
        "$2b$",
        "$2a$",
        "Q29ycmVjd",
    ] {
        assert!(!kept.contains(shape), "{shape} in {kept}");
    }
    assert!(error.contains("•••"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hash_is_bcrypt_of_the_password() {
    let world = World::one().await;
    world
        .program(
            EXISTING,
            "bindings: { \"kinde.auth\": {} }",
            "kinde.auth.denyAccess(event.context.auth.hashedPassword);",
        )
        .await;
    let hash = world
        .effects(typed_by("a@example.com"))
        .await
        .denied
        .unwrap();
    let hash = password::Hash::recognize(&hash).unwrap();
    assert_eq!(hash.scheme(), "bcrypt");
    assert!(hash.verify(PASSWORD));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_event_has_what_any_program_reads() {
    let world = World::one().await;
    world
        .program(
            EXISTING,
            "bindings: { \"kinde.auth\": {} }",
            "kinde.auth.denyAccess(JSON.stringify(event));",
        )
        .await;
    let event = world
        .effects(typed_by("a@example.com"))
        .await
        .denied
        .unwrap();
    let event: serde_json::Value = serde_json::from_str(&event).unwrap();
    let expected = json!({
        "request": {"ip": "203.0.113.9", "userAgent": "a browser"},
        "context": {
            "auth": {
                "providedEmail": "a@example.com", "providedUsername": "a@example.com", "password": PASSWORD,
                "hasUserRecordInKinde": false,
            },
            "domains": {"kindeDomain": world.cx.environment().base_url},
            "application": {"clientId": "c0ffee"},
            "workflow": {"trigger": EXISTING},
        },
    });
    assert_eq!(event, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_there_at_once_and_in_all_shapes() {
    let world = World::one().await;
    let former = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/form"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"access_token": "t"})))
        .mount(&former)
        .await;
    let body = "
        const atOnce = kinde.fetch('FORMER/form', { method: 'POST', headers: {}, body: new URLSearchParams({ a: 'b c' }) });
        console.log(atOnce.json.access_token, atOnce.data.access_token, atOnce.ok, atOnce.status);
        const { data } = await infrastructure.fetch('FORMER/form', {
          method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: { a: 1, b: undefined } });
        const text = await kinde.fetch('FORMER/form', { method: 'POST', responseFormat: 'text', headers: {}, body: { a: 1 } });
        console.log(data.access_token, text.text, text.json);
        const lost = await fetch('FORMER/lost', { method: 'POST', responseFormat: 'json' });
        console.log(lost.ok, lost.status, lost.json);";
    let body = body.replace("FORMER", &former.uri());
    world
        .program(
            EXISTING,
            "bindings: { \"kinde.fetch\": {}, url: {} }",
            &body,
        )
        .await;
    world.effects(typed_by("a@example.com")).await;
    assert_eq!(
        world.printed().await,
        [
            "t t true 200",
            "t {\"access_token\":\"t\"} undefined",
            "false 404 undefined"
        ]
    );
    let bodies: Vec<_> = former.received_requests().await.unwrap();
    let bodies: Vec<_> = bodies
        .iter()
        .map(|sent| String::from_utf8_lossy(&sent.body).into_owned())
        .collect();
    assert_eq!(bodies, ["a=b+c", "a=1", "{\"a\":1}", ""]);
}

#[tokio::test(flavor = "multi_thread")]
async fn our_own_api_answers_without_a_network_and_with_the_same_rights() {
    let world = World::one().await;
    let body = "
        const domain = event.context.domains.kindeDomain;
        const refused = kinde.fetch(`${domain}/api/v1/users`, { method: 'GET', headers: { authorization: 'Bearer x' } });
        console.log(refused.status, refused.json.errors[0].code);
        try { kinde.fetch(`${domain}/login`, { method: 'GET' }); } catch (error) { console.log(error.name); }
        const api = await infrastructure.createKindeAPI(event);
        const object = await api.get({ endpoint: 'users', params: { page_size: '1' } });
        const positional = await api.get('/api/v1/users', { page_size: 1 });
        console.log(object.data.code, positional.data.users.length);
        await infrastructure.createKindeAPI(event);";
    world.credentials().await;
    world
        .program(
            EXISTING,
            "bindings: { \"kinde.fetch\": {}, \"kinde.env\": {} }",
            body,
        )
        .await;
    world.effects(typed_by("a@example.com")).await;
    assert_eq!(
        world.printed().await,
        ["403 INVALID_TOKEN", "FetchError", "OK 0"]
    );
    let run = world.last().await;
    let calls = run.document["calls"].as_array().unwrap();
    let tokens = calls
        .iter()
        .filter(|call| text(&call["url"]).ends_with("/oauth2/token"));
    assert_eq!(tokens.count(), 1, "the token is kept: {calls:?}");
    assert!(calls.iter().all(|call| call["is_local"] == true));
}

/// A package in the shape of the published one: what it reads synchronously, and what it spreads.
const PUBLISHED: &str = "
export const WorkflowTrigger = { ExistingPasswordProvided: 'user:existing_password_provided' };
const getEnvironmentVariable = (key) => { if (!kinde.env) throw new Error('env'); return kinde.env.get(key); };
async function getM2MToken(name, { domain, audience, clientId, clientSecret }) {
  return kinde.cache.jwtToken(name, {
    validation: { key: `${domain}/.well-known/jwks.json` },
    onMissingOrExpired: () => {
      const result = kinde.fetch(`${domain}/oauth2/token`, {
        method: 'POST', responseFormat: 'json', headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
        body: new URLSearchParams({ audience, grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope: '' }),
      });
      return JSON.stringify(result.json.access_token).replace(/\"/g, '');
    },
  });
}
export async function createKindeAPI(event) {
  if (!kinde.fetch) throw new Error('fetch binding not available');
  const domain = event.context.domains.kindeDomain;
  const token = await getM2MToken('internal_m2m_access_token', {
    domain, audience: [`${domain}/api`],
    clientId: getEnvironmentVariable('KINDE_WF_M2M_CLIENT_ID').value,
    clientSecret: getEnvironmentVariable('KINDE_WF_M2M_CLIENT_SECRET').value,
  });
  const call = async ({ method, endpoint, params }) => {
    const result = await kinde.fetch(`${domain}/api/v1/${endpoint}`, {
      method, responseFormat: 'json', headers: { authorization: `Bearer ${token}`, 'Content-Type': 'application/json', accept: 'application/json' },
      body: method === 'GET' ? new URLSearchParams(params) : params,
    });
    return { data: result?.json };
  };
  return { get: async (params) => call({ method: 'GET', ...params }), post: async (params) => call({ method: 'POST', ...params }) };
}
";

#[tokio::test(flavor = "multi_thread")]
async fn the_published_package_works_in_place_of_ours() {
    let world = World::one().await;
    world.credentials().await;
    let text = program(
        EXISTING,
        "bindings: { \"kinde.fetch\": {}, \"kinde.env\": {}, url: {} }",
        "const api = await infrastructure.createKindeAPI(event);
         const made = await api.post({ endpoint: 'user', params: { identities: [{ type: 'username', details: { username: 'mara' } }] } });
         const { data } = await api.get({ endpoint: 'users', params: { page_size: '1' } });
         console.log(made.data.created, data.users.length, typeof infrastructure.denyAccess);",
    );
    let package = "{ \"name\": \"@kinde/infrastructure\", \"version\": \"0.11.1\", \"type\": \"module\", \"main\": \"index.js\" }";
    world
        .deploy(&[
            ("Workflow.ts", &text),
            ("node_modules/@kinde/infrastructure/package.json", package),
            ("node_modules/@kinde/infrastructure/index.js", PUBLISHED),
        ])
        .await
        .unwrap();
    world.effects(typed_by("a@example.com")).await;
    assert_eq!(
        world.printed().await,
        ["true 1 undefined"],
        "{:#}",
        world.last().await.document
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_name_of_the_package_means_the_same() {
    let world = World::one().await;
    let text = program(
        EXISTING,
        "",
        "console.log(infrastructure.version.length > 0, infrastructure.getKindeCSRF());",
    )
    .replace("@kinde/", "@kinde-oss/");
    world.deploy(&[("Workflow.ts", &text)]).await.unwrap();
    world.effects(typed_by("a@example.com")).await;
    assert_eq!(
        world.printed().await,
        ["true @0c654432670c4d0292c3a0bc3c533247@"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_counted_and_slow_ones_given_up() {
    let world = World::one().await;
    let former = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(200).set_body_string("x".repeat(1024)))
        .mount(&former)
        .await;
    let body = format!(
        "for (let n = 0; n < 30; n++) kinde.fetch('{}', {{ method: 'GET' }});",
        former.uri()
    );
    world
        .program(EXISTING, "bindings: { \"kinde.fetch\": {} }", &body)
        .await;
    let error = world
        .fire(typed_by("a@example.com"))
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains("a run makes 20 calls at most"), "{error}");
    assert_eq!(former.received_requests().await.unwrap().len(), 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_computes_for_ever_is_stopped_and_holds_up_nobody() {
    let world = World::one().await;
    world
        .program(
            EXISTING,
            "",
            "if (event.context.auth.providedEmail === 'loop@example.com') for (;;) {}",
        )
        .await;
    let began = Instant::now();
    let (looping, quick) = tokio::join!(world.fire(typed_by("loop@example.com")), async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let began = Instant::now();
        world.effects(typed_by("a@example.com")).await;
        began.elapsed()
    });
    assert!(quick < Duration::from_millis(1_500), "{quick:?}");
    assert!(
        looping
            .unwrap_err()
            .to_string()
            .contains("computed for longer")
    );
    assert!(began.elapsed() < Duration::from_secs(8));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workflow_may_fire_another_one_and_that_one_no_more() {
    let world = World::one().await;
    world.credentials().await;
    let client = crate::applications::ensure_management_client(&world.cx, false)
        .await
        .unwrap();
    // Fired by its own call of the token endpoint, for an API that isn't the management API: without an end it would go on for ever.
    let again = format!(
        "const found = kinde.fetch(`${{event.context.domains.kindeDomain}}/oauth2/token`, {{ method: 'POST', headers: {{}},
           body: new URLSearchParams({{ grant_type: 'client_credentials', client_id: '{}', client_secret: '{}', audience: 'https://orders.example.com' }}) }});
         if (!found.ok) throw new Error('inner ' + found.text);",
        client.id,
        client.secret.reveal()
    );
    let mut tx = world.cx.db().begin().await.unwrap();
    let new = crate::apis::NewApi {
        name: "Orders".to_owned(),
        audience: "https://orders.example.com".to_owned(),
    };
    let api = crate::apis::create(&world.cx, &mut tx, new).await.unwrap();
    crate::apis::authorize(&world.cx, &mut tx, (&api.id, &client.id))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let machine =
        program("m2m:token_generation", "", &again).replace("id: \"w\"", "id: \"machine\"");
    let person = program(EXISTING, "", &again);
    world
        .deploy(&[("aWorkflow.ts", &machine), ("bWorkflow.ts", &person)])
        .await
        .unwrap();
    let error = world
        .fire(typed_by("a@example.com"))
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains("inner"), "{error}");
}
