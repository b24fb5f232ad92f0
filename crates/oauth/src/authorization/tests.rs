use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::parameters::tests::pairs;

const BASE: &str = "client_id=app&response_type=code&redirect_uri=https://app.example.com/cb";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"; // RFC 7636, Appendix B

fn parse(query: &str) -> Result<AuthorizationRequest, RequestError> {
    AuthorizationRequest::parse(&pairs(query))
}

/// A good request with these parameters added.
fn with(more: &str) -> AuthorizationRequest {
    parse(&format!("{BASE}&{more}")).unwrap_or_else(|error| panic!("{more}: {error}"))
}

/// The code with which a good request is refused once these parameters are added; always by redirect.
fn refused_with(more: &str) -> ErrorCode {
    match parse(&format!("{BASE}&state=s&{more}")) {
        Err(RequestError::Redirect(refusal)) => {
            assert_eq!(refusal.client_id, "app");
            assert_eq!(refusal.redirect_uri, "https://app.example.com/cb");
            assert_eq!(refusal.state.as_deref(), Some("s"));
            refusal.error.code()
        }
        other => panic!("{more}: {other:?}"),
    }
}

#[test]
fn a_request_of_an_sdk_is_read_whole() {
    let request = with(&format!(
        "scope=openid+profile+email+offline&state=abc&nonce=n1&code_challenge={CHALLENGE}&code_challenge_method=S256\
         &audience=https://api.example.com&audience=&login_hint=ada@example.com&supports_reauth=true&lang=en-AU\
         &org_code=org_1&org_name=&is_create_org=false&connection_id=conn_1&max_age=3600&plan_interest=pro\
         &has_success_page=true&workflow_deployment_id=wfd_1&pages_mode=preview&ui_locales=de+fr&utm_source=mail&gclid=7"
    ));
    assert_eq!(request.client_id, "app");
    assert_eq!(request.redirect_uri, "https://app.example.com/cb");
    assert_eq!(request.scopes.to_string(), "openid profile email offline");
    assert_eq!(request.state.as_deref(), Some("abc"));
    assert_eq!(request.nonce.as_deref(), Some("n1"));
    assert_eq!(request.require_challenge().unwrap().to_string(), CHALLENGE);
    assert_eq!(request.audiences, ["https://api.example.com"]);
    assert_eq!(
        request.login_hint,
        Some(LoginHint::Email("ada@example.com".to_owned()))
    );
    assert_eq!(request.lang.as_deref(), Some("en-AU"));
    assert_eq!(request.ui_locales, ["de", "fr"]);
    assert_eq!(request.org_code.as_deref(), Some("org_1"));
    assert_eq!(request.org_name, None);
    assert!(request.supports_reauth && !request.is_create_org);
    assert_eq!(request.connection_id.as_deref(), Some("conn_1"));
    assert_eq!(request.max_age, Some(3600));
    assert_eq!(request.success_page, Some(SuccessPage::Done));
    assert_eq!(request.plan_interest.as_deref(), Some("pro"));
    assert_eq!(request.workflow_deployment_id.as_deref(), Some("wfd_1"));
    assert_eq!(request.pages_mode.as_deref(), Some("preview"));
    assert_eq!(request.marketing.len(), 2);
    assert_eq!(request.screen(), Screen::SignIn);
}

#[test]
fn unknown_parameters_are_ignored_even_when_repeated() {
    let request = with(
        "post_login_redirect_url=/a&post_login_redirect_url=/b&redirect_url=https://evil.example&x=",
    );
    assert_eq!(request, with(""));
}

#[test]
fn a_request_that_does_not_say_who_asks_or_where_to_answer_never_redirects() {
    for query in [
        "response_type=code&redirect_uri=https://app.example.com/cb&state=s",
        "client_id=&response_type=code&redirect_uri=https://app.example.com/cb",
        "client_id=app&response_type=code",
        "client_id=app&response_type=code&redirect_uri=",
        &format!("{BASE}&client_id=app"),
        &format!("{BASE}&redirect_uri=https://evil.example"),
        &format!("{BASE}&client_id=app&prompt=nonsense"),
        "",
    ] {
        let error = parse(query).unwrap_err();
        assert!(matches!(&error, RequestError::Page(_)), "{query}");
        assert_eq!(error.error().code(), ErrorCode::InvalidRequest, "{query}");
    }
}

#[test]
fn a_repeated_parameter_is_refused() {
    // RFC 6749 §3.1.
    for name in [
        "scope",
        "nonce",
        "prompt",
        "login_hint",
        "org_code",
        "lang",
        "code_challenge",
        "response_type",
        "reauth_state",
    ] {
        let code = refused_with(&format!("{name}=code&{name}=code"));
        assert_eq!(code, ErrorCode::InvalidRequest, "{name}");
    }
}

#[test]
fn a_repeated_state_is_refused_and_none_of_them_returned() {
    let Err(RequestError::Redirect(refusal)) = parse(&format!("{BASE}&state=a&state=b")) else {
        panic!("accepted")
    };
    assert_eq!(refusal.state, None);
    assert_eq!(refusal.error.code(), ErrorCode::InvalidRequest);
}

#[test]
fn campaign_tags_may_be_repeated() {
    assert_eq!(
        with("utm_source=a&utm_source=b").marketing["utm_source"],
        "a"
    );
}

#[test]
fn only_the_code_response_is_offered() {
    for response_type in ["token", "id_token", "code+id_token", "code+token", "CODE"] {
        let query = format!(
            "client_id=app&redirect_uri=https://app.example.com/cb&response_type={response_type}"
        );
        let error = parse(&query).unwrap_err();
        assert_eq!(
            error.error().code(),
            ErrorCode::UnsupportedResponseType,
            "{response_type}"
        );
    }
    let error = parse("client_id=app&redirect_uri=https://app.example.com/cb").unwrap_err();
    assert_eq!(error.error().code(), ErrorCode::InvalidRequest);
    assert!(matches!(error, RequestError::Redirect(_)));

    assert_eq!(with("response_mode=query"), with(""));
    assert_eq!(
        refused_with("response_mode=fragment"),
        ErrorCode::InvalidRequest
    );
    assert_eq!(
        refused_with("request=e30.e30."),
        ErrorCode::RequestNotSupported
    );
    assert_eq!(
        refused_with("request_uri=https://evil.example"),
        ErrorCode::RequestUriNotSupported
    );
}

#[test]
fn only_s256_challenges_are_accepted() {
    for more in [
        format!("code_challenge={CHALLENGE}"),
        format!("code_challenge={CHALLENGE}&code_challenge_method=plain"),
        format!("code_challenge={CHALLENGE}&code_challenge_method=s256"),
        "code_challenge=short&code_challenge_method=S256".to_owned(),
        "code_challenge_method=S256".to_owned(),
    ] {
        assert_eq!(refused_with(&more), ErrorCode::InvalidRequest, "{more}");
    }
    let error = with("").require_challenge().unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidRequest); // RFC 7636 §4.4.1
}

#[test]
fn malformed_values_are_refused() {
    for (more, code) in [
        ("scope=open%22id", ErrorCode::InvalidScope),
        ("max_age=-1", ErrorCode::InvalidRequest),
        ("max_age=soon", ErrorCode::InvalidRequest),
        ("prompt=none+login", ErrorCode::InvalidRequest),
        ("prompt=whatever", ErrorCode::InvalidRequest),
    ] {
        assert_eq!(refused_with(more), code, "{more}");
    }
}

#[test]
fn a_language_that_cannot_be_one_is_skipped() {
    assert_eq!(with("lang=%3Cscript%3E").lang, None);
    assert_eq!(with("ui_locales=de+..+fr_CA").ui_locales, ["de", "fr_CA"]);
}

#[test]
fn the_screen_follows_prompt_then_start_page_then_invitation() {
    for (more, screen) in [
        ("", Screen::SignIn),
        ("prompt=login", Screen::SignIn),
        ("prompt=create", Screen::SignUp),
        ("prompt=login+create", Screen::SignUp),
        ("prompt=none", Screen::None),
        ("prompt=none&start_page=registration", Screen::None),
        ("start_page=registration", Screen::SignUp),
        ("start_page=login", Screen::SignIn),
        ("start_page=elsewhere", Screen::SignIn),
        ("prompt=login&start_page=registration", Screen::SignIn),
        (
            "prompt=&start_page=registration&is_create_org=true",
            Screen::SignUp,
        ),
        ("invitation_code=inv_1&is_invitation=true", Screen::SignUp),
    ] {
        assert_eq!(with(more).screen(), screen, "{more}");
    }
}

#[test]
fn a_session_serves_unless_the_request_wants_a_fresh_proof() {
    for (more, expected) in [
        ("", true),
        ("prompt=none", true),
        ("prompt=consent", true),
        ("prompt=login", false),
        ("prompt=create", false),
        ("prompt=select_account", false),
        ("max_age=100", true),
        ("max_age=99", false),
        ("max_age=0", false),
        ("prompt=none&max_age=99", false),
    ] {
        assert_eq!(
            with(more).accepts_session_of(1000, 1100),
            expected,
            "{more}"
        );
    }
    assert!(
        with("max_age=0").accepts_session_of(1000, 999),
        "clocks of two nodes may differ"
    );
}

#[test]
fn the_reauth_state_is_plain_base64_of_the_lasting_parameters() {
    use base64::{Engine, engine::general_purpose::STANDARD};

    let request = with(&format!(
        "scope=openid&state=s&nonce=n&code_challenge={CHALLENGE}&code_challenge_method=S256&prompt=create\
         &org_code=org_1&is_create_org=true&audience=a&audience=b&login_hint=username:ada&utm_source=mail"
    ));
    let json: serde_json::Value =
        serde_json::from_slice(&STANDARD.decode(request.reauth_state()).unwrap()).unwrap();
    let expected = json!({
        "scope": "openid", "prompt": "create", "org_code": "org_1", "is_create_org": "true", "audience": "a b",
        "login_hint": "username:ada", "utm_source": "mail",
    });
    assert_eq!(json, expected);
}

#[test]
fn a_reauth_state_that_is_sent_back_fills_in_what_the_new_request_leaves_out() {
    let before = with(
        "scope=openid&org_code=org_1&prompt=create&utm_source=mail&max_age=60&lang=de&has_success_page=1",
    );
    let query = serde_json::to_value([("reauth_state", before.reauth_state())]).unwrap();
    let encoded: String =
        url::form_urlencoded::byte_serialize(query[0][1].as_str().unwrap().as_bytes()).collect();

    assert_eq!(with(&format!("reauth_state={encoded}")), before);
    assert_eq!(
        with(&format!("reauth_state={encoded}&org_code=org_2"))
            .org_code
            .as_deref(),
        Some("org_2")
    );
}

#[test]
fn a_forged_reauth_state_can_say_nothing_that_belongs_to_one_request() {
    use base64::{Engine, engine::general_purpose::URL_SAFE};

    let forged = json!({"state": "x", "nonce": "x", "redirect_uri": "https://evil.example", "client_id": "x", "scope": 7});
    let encoded = URL_SAFE.encode(forged.to_string());
    assert_eq!(with(&format!("reauth_state={encoded}")), with(""));
    assert_eq!(with("reauth_state=not-base64!"), with(""));
}

#[test]
fn a_request_is_stored_and_read_back() {
    let request = with(&format!(
        "scope=openid&code_challenge={CHALLENGE}&code_challenge_method=S256&prompt=login+select_account\
         &login_hint=phone:%2B61400000000:au&start_page=registration&is_use_auth_success_page=true&utm_source=mail"
    ));
    let stored = serde_json::to_string(&request).unwrap();
    assert_eq!(
        serde_json::from_str::<AuthorizationRequest>(&stored).unwrap(),
        request
    );
}

#[test]
fn a_hinted_token_is_neither_stored_nor_shown() {
    let request = with("id_token_hint=t0ken");
    assert_eq!(request.id_token_hint, Some(Secret::new("t0ken")));
    assert!(!serde_json::to_string(&request).unwrap().contains("t0ken"));
    assert!(!format!("{request:?}").contains("t0ken"));
}

#[test]
fn every_prompt_is_written_as_it_is_read() {
    for prompt in Prompt::ALL {
        assert_eq!(Prompt::parse(prompt.as_str()).unwrap(), [*prompt].into());
        assert_eq!(serde_json::to_value(prompt).unwrap(), prompt.as_str());
    }
}

proptest! {
    #[test]
    fn parsing_never_panics(query in "([a-z_]{0,14}=[^&]{0,20}&){0,8}") {
        let _ = parse(&query);
        let _ = parse(&format!("{BASE}&{query}"));
    }
}
