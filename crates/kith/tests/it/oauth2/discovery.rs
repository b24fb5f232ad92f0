//! `/.well-known/*`

use base64::Engine as _;

use super::world::{claims, header, read};
use crate::harness::Kith;

#[tokio::test]
async fn both_documents_tell_the_same_and_every_address_in_them_answers() {
    Kith::each(async |kith| {
        let read_at = async |path: &str| read(kith.client().get(kith.url(path))).await;
        let answer = read_at("/.well-known/openid-configuration").await;
        assert_eq!(header(&answer, "access-control-allow-origin"), "*");
        let document = answer.expect(200);
        let same = read_at("/.well-known/oauth-authorization-server")
            .await
            .expect(200);
        assert_eq!(document, same);
        assert_eq!(document["issuer"], kith.url(""));
        assert_eq!(
            document["authorization_response_iss_parameter_supported"],
            true
        );
        for (name, address) in document.as_object().unwrap() {
            if name.ends_with("_endpoint") || name == "jwks_uri" {
                let status = read(kith.client().get(address.as_str().unwrap()))
                    .await
                    .status;
                assert_ne!(status, 404, "{name}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn the_public_keys_are_at_every_address_that_clients_ask() {
    Kith::each(async |kith| {
        let mut all = Vec::new();
        for path in [
            "/.well-known/jwks",
            "/.well-known/jwks.json",
            "//.well-known/jwks.json",
        ] {
            let answer = read(kith.client().get(kith.url(path))).await;
            assert_eq!(
                header(&answer, "access-control-allow-origin"),
                "*",
                "{path}"
            );
            all.push(answer.expect(200));
        }
        assert!(all.iter().all(|keys| *keys == all[0]));
        let key = &all[0]["keys"][0];
        assert_eq!(
            (&key["kty"], &key["use"], &key["alg"]),
            (&"RSA".into(), &"sig".into(), &"RS256".into())
        );
        let token = kith.management_token().await;
        assert!(claims(&token.clone().into())["iss"].is_string());
        let head = base64::engine::general_purpose::STANDARD_NO_PAD
            .decode(token.split('.').next().unwrap())
            .unwrap();
        let head: serde_json::Value = serde_json::from_slice(&head).unwrap();
        assert_eq!(head["kid"], key["kid"]);
    })
    .await;
}
