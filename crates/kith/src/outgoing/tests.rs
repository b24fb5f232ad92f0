use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;

fn get(url: &str) -> Request {
    Request {
        method: Method::GET,
        url: url.parse().unwrap(),
        headers: HeaderMap::new(),
        body: Vec::new(),
        timeout: Duration::from_secs(2),
        max_bytes: 1_000,
    }
}

async fn server() -> MockServer {
    let server = MockServer::start().await;
    let answers = [
        ("/", ResponseTemplate::new(200).set_body_string("hello")),
        (
            "/there",
            ResponseTemplate::new(302).insert_header("location", "/"),
        ),
        (
            "/large",
            ResponseTemplate::new(200).set_body_bytes(vec![b'x'; 1_001]),
        ),
        (
            "/slow",
            ResponseTemplate::new(200).set_delay(Duration::from_secs(20)),
        ),
    ];
    for (at, answer) in answers {
        Mock::given(method("GET"))
            .and(path(at))
            .respond_with(answer)
            .mount(&server)
            .await;
    }
    server
}

#[tokio::test]
async fn an_answer_comes_back_whatever_its_status() {
    let server = server().await;
    let outgoing = Outgoing::new(true);
    let answer = outgoing.send(get(&server.uri())).await.unwrap();
    assert_eq!(
        (answer.status.as_u16(), &*answer.body),
        (200, &b"hello"[..])
    );
    let missing = outgoing
        .send(get(&format!("{}/none", server.uri())))
        .await
        .unwrap();
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    // A redirect is an answer like others.
    let elsewhere = outgoing
        .send(get(&format!("{}/there", server.uri())))
        .await
        .unwrap();
    assert_eq!(elsewhere.status, StatusCode::FOUND);
}

#[tokio::test]
async fn an_address_of_our_own_is_not_called_under_any_name() {
    let server = server().await;
    let port = server.address().port();
    let outgoing = Outgoing::new(false);
    for host in [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "0x7f.1",
        "2130706433",
        "[::ffff:127.0.0.1]",
        "169.254.169.254",
    ] {
        let refused = outgoing
            .send(get(&format!("http://{host}:{port}/")))
            .await
            .unwrap_err();
        assert!(
            matches!(refused, OutgoingError::Private(_)),
            "{host}: {refused:?}"
        );
    }
    assert_eq!(server.received_requests().await.unwrap().len(), 0);
    let refused = outgoing.addresses("localhost", port).await.unwrap_err();
    assert!(matches!(refused, OutgoingError::Private(_)));
}

#[tokio::test]
async fn only_web_addresses_without_names_in_them_are_called() {
    for url in [
        "file:///etc/passwd",
        "ftp://example.com/",
        "https://ada:hush@example.com/?token=hush",
    ] {
        let refused = Outgoing::new(true).send(get(url)).await.unwrap_err();
        assert!(matches!(refused, OutgoingError::Address(_)), "{refused:?}");
        assert!(!refused.to_string().contains("hush"), "{refused}");
    }
}

#[tokio::test]
async fn an_answer_has_a_size_and_a_time() {
    let server = server().await;
    let outgoing = Outgoing::new(true);
    let large = outgoing
        .send(get(&format!("{}/large", server.uri())))
        .await
        .unwrap_err();
    assert!(matches!(
        large,
        OutgoingError::TooLarge {
            max_bytes: 1_000,
            ..
        }
    ));
    let slow = Request {
        timeout: Duration::from_millis(50),
        ..get(&format!("{}/slow", server.uri()))
    };
    let slow = outgoing.send(slow).await.unwrap_err();
    assert!(matches!(slow, OutgoingError::TimedOut(_)), "{slow:?}");
}

#[tokio::test]
async fn nobody_there_is_said_so() {
    let nobody = Outgoing::new(true)
        .send(get("http://127.0.0.1:9/"))
        .await
        .unwrap_err();
    assert!(
        matches!(nobody, OutgoingError::Unreachable { .. }),
        "{nobody:?}"
    );
}
