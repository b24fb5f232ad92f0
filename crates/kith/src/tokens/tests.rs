//! The life of a grant, on both engines.

use std::time::Duration;

use oauth::claims::{AccessToken, IdToken};
use oauth::pkce::Verifier;
use oauth::{ErrorCode, Scopes};

use super::*;
use crate::applications::{self, Kind};
use crate::secret::Secret;
use crate::{apis, organizations, sessions, users};
use world::{CALLBACK, VERIFIER, World, refusal};

pub(crate) mod world;

#[tokio::test]
async fn a_code_becomes_tokens_that_tell_who_signed_in() {
    for world in World::all(Kind::BackEnd).await {
        let tokens = world.signed_in().await;
        let access: AccessToken =
            serde_json::from_value(world.claims(&tokens.access_token).await.into()).unwrap();
        let base_url = &world.cx.environment().base_url;
        assert_eq!(&access.iss, base_url);
        assert_eq!(access.sub, world.user.as_str());
        assert_eq!(access.azp, world.application.id.as_str());
        assert_eq!(
            access.org_code.as_deref(),
            Some(world.organization.as_str())
        );
        assert_eq!(access.scp, ["openid", "profile", "email", "offline"]);
        assert!(access.aud.is_empty());
        assert_eq!(access.exp - access.iat, 86_400);
        assert_eq!(tokens.expires_in, 86_400);

        let id = tokens.id_token.as_ref().unwrap();
        let id: IdToken = serde_json::from_value(world.claims(id).await.into()).unwrap();
        assert_eq!(id.aud, [base_url.as_str(), world.application.id.as_str()]);
        assert_eq!(id.nonce.as_deref(), Some("n0nce"));
        assert_eq!(id.org_codes, [world.organization.as_str()]);
        assert_eq!(id.person.email.as_deref(), Some("ada@example.com"));
        assert_eq!(id.person.email_verified, Some(true));
        assert_eq!(id.person.name.as_deref(), Some("Ada Example"));
        assert_eq!(
            id.at_hash,
            Some(oauth::claims::at_hash(tokens.access_token.reveal()))
        );
    }
}

#[tokio::test]
async fn scopes_decide_what_comes() {
    for world in World::all(Kind::BackEnd).await {
        let code = world.code("&scope=openid+offline_access+read:users").await;
        let tokens = world.redeem(&code).await.unwrap();
        assert_eq!(tokens.scopes.to_string(), "openid");
        assert!(tokens.refresh_token.is_none());
        let id = world.claims(tokens.id_token.as_ref().unwrap()).await;
        assert!(!id.contains_key("email") && !id.contains_key("name"));

        let code = world.code("&scope=profile+offline").await;
        let tokens = world.redeem(&code).await.unwrap();
        assert!(tokens.id_token.is_none());
        assert!(tokens.refresh_token.is_some());
    }
}

#[tokio::test]
async fn a_code_works_once_and_its_replay_revokes_what_it_gave() {
    for world in World::all(Kind::BackEnd).await {
        let code = world.code("&scope=openid+offline").await;
        let tokens = world.redeem(&code).await.unwrap();
        assert!(world.is_good(&tokens).await);
        // RFC 6749 §4.1.2.
        assert_eq!(refusal(world.redeem(&code).await), ErrorCode::InvalidGrant);
        assert!(!world.is_good(&tokens).await);
        assert_eq!(
            refusal(world.refresh(&tokens).await),
            ErrorCode::InvalidGrant
        );
    }
}

#[tokio::test]
async fn of_two_redemptions_at_once_one_at_most_succeeds() {
    for world in World::all(Kind::BackEnd).await {
        let code = world.code("&scope=openid").await;
        let (one, other) = tokio::join!(world.redeem(&code), world.redeem(&code));
        assert_eq!(
            [one.is_ok(), other.is_ok()]
                .iter()
                .filter(|is| **is)
                .count(),
            1
        );
    }
}

#[tokio::test]
async fn a_code_expires_after_a_minute() {
    for world in World::all(Kind::BackEnd).await {
        let code = world.code("").await;
        world.installation.advance(CODE_LIFETIME);
        assert_eq!(refusal(world.redeem(&code).await), ErrorCode::InvalidGrant);
    }
}

#[tokio::test]
async fn a_code_is_bound_to_its_application_address_and_verifier() {
    for world in World::all(Kind::FrontEnd).await {
        let verifier = Verifier::parse(VERIFIER).unwrap();
        let wrong = Verifier::parse(&"a".repeat(43)).unwrap();
        let challenge = format!(
            "&scope=openid&code_challenge={}&code_challenge_method=S256",
            verifier.challenge()
        );
        let code = world.code(&challenge).await;
        let client = world.client().await;
        let mut other = world.client().await;
        other.id = world.cx.new_id();
        let at = |redirect_uri, verifier| Redemption {
            code: &code,
            redirect_uri,
            verifier,
        };
        let cx = &world.cx;
        for (client, shown) in [
            (&other, at(CALLBACK, Some(&verifier))),
            (&client, at("https://evil.example.com", Some(&verifier))),
            (&client, at(CALLBACK, Some(&wrong))),
            (&client, at(CALLBACK, None)),
        ] {
            let refused = redeem_code(cx, client, shown).await;
            assert_eq!(refusal(refused), ErrorCode::InvalidGrant);
        }
        // A widespread SDK sends the address with a slash here that it removed before.
        let shown = at("https://app.example.com/callback/", Some(&verifier));
        assert!(redeem_code(cx, &client, shown).await.is_ok());
    }
}

#[tokio::test]
async fn a_verifier_without_a_challenge_is_refused() {
    for world in World::all(Kind::BackEnd).await {
        let code = world.code("").await;
        let verifier = Verifier::parse(VERIFIER).unwrap();
        let shown = Redemption {
            code: &code,
            redirect_uri: CALLBACK,
            verifier: Some(&verifier),
        };
        let refused = redeem_code(&world.cx, &world.client().await, shown).await;
        assert_eq!(refusal(refused), ErrorCode::InvalidGrant);
    }
}

#[tokio::test]
async fn refreshing_gives_a_new_token_of_each_kind() {
    for world in World::all(Kind::FrontEnd).await {
        let first = world.signed_in().await;
        world.installation.advance(Duration::from_hours(1));
        let second = world.refresh(&first).await.unwrap();
        assert_ne!(first.refresh_token, second.refresh_token);
        assert_ne!(first.access_token, second.access_token);
        assert!(second.id_token.is_some());
        assert!(world.is_good(&first).await && world.is_good(&second).await);
    }
}

#[tokio::test]
async fn a_used_refresh_token_answers_again_for_a_moment_and_then_ends_the_grant() {
    for world in World::all(Kind::FrontEnd).await {
        let first = world.signed_in().await;
        let second = world.refresh(&first).await.unwrap();
        world.installation.advance(GRACE);
        let parallel = world.refresh(&first).await.unwrap();
        assert!(world.refresh(&second).await.is_ok());
        assert!(world.refresh(&parallel).await.is_ok());

        world.installation.advance(Duration::from_secs(1));
        assert_eq!(
            refusal(world.refresh(&first).await),
            ErrorCode::InvalidGrant
        );
        // RFC 9700 §4.14.2: the whole family falls.
        assert!(!world.is_good(&second).await);
        assert_eq!(
            refusal(world.refresh(&parallel).await),
            ErrorCode::InvalidGrant
        );
    }
}

#[tokio::test]
async fn a_refresh_token_expires_unused_and_its_grant_in_any_case() {
    for world in World::all(Kind::FrontEnd).await {
        let lifetime = world.application.lifetimes.refresh_token;
        let mut tokens = world.signed_in().await;
        let unused = world.signed_in().await;
        world.installation.advance(lifetime);
        assert_eq!(
            refusal(world.refresh(&unused).await),
            ErrorCode::InvalidGrant
        );

        tokens = match world.refresh(&tokens).await {
            Err(_) => world.signed_in().await,
            Ok(_) => panic!("not expired"),
        };
        let began = world.cx.now();
        while world.cx.now().since(began) + lifetime < GRANT_LIFETIME {
            world
                .installation
                .advance(lifetime.saturating_sub(Duration::from_secs(1)));
            tokens = world.refresh(&tokens).await.unwrap();
        }
        world
            .installation
            .advance(Duration::from_secs(tokens.refresh_expires_in));
        assert_eq!(
            refusal(world.refresh(&tokens).await),
            ErrorCode::InvalidGrant
        );
        assert_eq!(world.cx.now().since(began), GRANT_LIFETIME);
    }
}

#[tokio::test]
async fn a_refresh_may_narrow_scopes_and_never_widen_them() {
    for world in World::all(Kind::FrontEnd).await {
        let code = world.code("&scope=openid+profile+offline").await;
        let tokens = world.redeem(&code).await.unwrap();
        let token = tokens.refresh_token.unwrap();
        let client = world.client().await;
        let with = |scope: &str| Scopes::parse(scope).unwrap();
        let (fewer, more) = (with("openid"), with("openid email"));
        let wider = refresh(&world.cx, &client, &token, Some(&more)).await;
        assert_eq!(refusal(wider), ErrorCode::InvalidScope);
        let narrower = refresh(&world.cx, &client, &token, Some(&fewer))
            .await
            .unwrap();
        assert_eq!(narrower.scopes.to_string(), "openid");
        // What was granted stays granted (RFC 6749 §6).
        assert_eq!(
            world.refresh(&narrower).await.unwrap().scopes.to_string(),
            "openid profile offline"
        );
    }
}

#[tokio::test]
async fn a_suspended_person_has_no_tokens() {
    for world in World::all(Kind::FrontEnd).await {
        let tokens = world.signed_in().await;
        let mut tx = world.cx.db().begin().await.unwrap();
        users::suspend(&world.cx, &mut tx, &world.user)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert!(!world.is_good(&tokens).await);
        assert_eq!(
            refusal(world.refresh(&tokens).await),
            ErrorCode::InvalidGrant
        );
    }
}

#[tokio::test]
async fn leaving_the_organization_ends_the_grant() {
    for world in World::all(Kind::FrontEnd).await {
        let tokens = world.signed_in().await;
        let mut tx = world.cx.db().begin().await.unwrap();
        organizations::remove_member(&world.cx, &mut tx, &world.organization, &world.user)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            refusal(world.refresh(&tokens).await),
            ErrorCode::InvalidGrant
        );
        assert!(!world.is_good(&tokens).await);
    }
}

#[tokio::test]
async fn what_a_session_gave_falls_with_it_and_outlives_its_mere_expiry() {
    for world in World::all(Kind::FrontEnd).await {
        let (here, elsewhere) = (world.signed_in().await, world.signed_in().await);
        let token = verify(&world.cx, here.access_token.reveal()).await.unwrap();
        let Verified::Person(token) = token else {
            panic!("not a person's token")
        };
        let mut tx = world.cx.db().begin().await.unwrap();
        sessions::end(&world.cx, &mut tx, &token.grant.session_id)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert!(!world.is_good(&here).await);
        assert_eq!(refusal(world.refresh(&here).await), ErrorCode::InvalidGrant);

        world.installation.advance(sessions::ABSOLUTE_LIFETIME / 3);
        sessions::forget_expired(&world.installation.app)
            .await
            .unwrap();
        let refreshed = world.refresh(&elsewhere).await.unwrap();

        let mut tx = world.cx.db().begin().await.unwrap();
        sessions::end_all(&world.cx, &mut tx, &world.user)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert!(!world.is_good(&refreshed).await);
    }
}

#[tokio::test]
async fn refreshing_counts_as_using_the_session() {
    for world in World::all(Kind::FrontEnd).await {
        let tokens = world.signed_in().await;
        let read = async || {
            let mut tx = world.cx.db().read().await.unwrap();
            let all = sessions::list(&world.cx, &mut tx, &world.user).await;
            all.unwrap().remove(0)
        };
        let before = read().await;
        world.installation.advance(sessions::IDLE_LIFETIME / 2);
        world.refresh(&tokens).await.unwrap();
        let after = read().await;
        assert_eq!(
            after.idle_expires_at,
            world.cx.now() + sessions::IDLE_LIFETIME
        );
        // The application's server is not the person's browser.
        assert_eq!(after.last_ip, before.last_ip);
    }
}

#[tokio::test]
async fn a_revoked_access_token_falls_alone_and_a_refresh_token_with_its_grant() {
    for world in World::all(Kind::BackEnd).await {
        let first = world.signed_in().await;
        let second = world.refresh(&first).await.unwrap();
        let client = world.client().await;
        let mut stranger = world.client().await;
        stranger.id = world.cx.new_id();
        for token in [&second.access_token, second.refresh_token.as_ref().unwrap()] {
            revoke(&world.cx, &stranger, token).await.unwrap();
        }
        assert!(world.is_good(&second).await);

        revoke(&world.cx, &client, &second.access_token)
            .await
            .unwrap();
        assert!(!world.is_good(&second).await);
        assert!(world.is_good(&first).await);
        revoke(&world.cx, &client, second.refresh_token.as_ref().unwrap())
            .await
            .unwrap();
        assert!(!world.is_good(&first).await);
        assert_eq!(
            refusal(world.refresh(&second).await),
            ErrorCode::InvalidGrant
        );

        for nonsense in ["", "nonsense", "a.b.c"] {
            revoke(&world.cx, &client, &Secret::new(nonsense))
                .await
                .unwrap();
        }
        let id_token = first.id_token.as_ref().unwrap();
        let refused = revoke(&world.cx, &client, id_token).await;
        assert!(matches!(refused, Err(RevokeError::IdToken)));
    }
}

#[tokio::test]
async fn an_id_token_opens_nothing() {
    for world in World::all(Kind::BackEnd).await {
        let tokens = world.signed_in().await;
        let id_token = tokens.id_token.as_ref().unwrap().reveal();
        let refused = verify(&world.cx, id_token).await;
        assert!(matches!(refused, Err(TokenError::NotAnAccessToken)));
        let refused = bearer::management(&world.cx, id_token).await;
        assert!(matches!(refused, Err(TokenError::NotAnAccessToken)));
        // Nor does a person's token open the management API.
        let refused = bearer::management(&world.cx, tokens.access_token.reveal()).await;
        assert!(matches!(refused, Err(TokenError::NotForManagement)));
    }
}

mod machines {
    use super::*;

    async fn authorized(kind: Kind) -> Vec<(World, String)> {
        let mut worlds = Vec::new();
        for world in World::all(kind).await {
            let cx = &world.cx;
            let mut tx = cx.db().begin().await.unwrap();
            let api = apis::management_api(cx, &mut tx).await.unwrap().unwrap();
            apis::authorize_wholly(cx, &mut tx, (&api.id, &world.application.id))
                .await
                .unwrap();
            tx.commit().await.unwrap();
            worlds.push((world, api.audience));
        }
        worlds
    }

    #[tokio::test]
    async fn a_machine_gets_all_its_scopes_or_those_it_wants() {
        for (world, audience) in authorized(Kind::MachineToMachine).await {
            let (cx, client) = (&world.cx, world.client().await);
            let all = for_machine(cx, &client, std::slice::from_ref(&audience), None)
                .await
                .unwrap();
            assert!(all.scopes.contains("read:users") && all.scopes.contains("create:users"));
            assert!(all.id_token.is_none() && all.refresh_token.is_none());

            let wanted = Scopes::parse("read:users").unwrap();
            let one = for_machine(cx, &client, &[format!("{audience}/v1")], Some(&wanted))
                .await
                .unwrap();
            let claims = world.claims(&one.access_token).await;
            assert_eq!(claims["aud"], serde_json::json!([audience]));
            assert_eq!(claims["scope"], "read:users");
            assert_eq!(claims["gty"], serde_json::json!(["client_credentials"]));
            assert!(!claims.contains_key("sub"));

            let bearer = bearer::management(cx, one.access_token.reveal())
                .await
                .unwrap();
            assert_eq!(bearer.application, world.application.id);
            assert!(bearer.scopes.iter().eq(["read:users"]));
        }
    }

    #[tokio::test]
    async fn what_a_machine_may_not_have_has_its_code() {
        for (world, audience) in authorized(Kind::MachineToMachine).await {
            let (cx, client) = (&world.cx, world.client().await);
            let known = [audience];
            let unknown = ["https://nobody.example.com".to_owned()];
            let foreign = Scopes::parse("fly:planes").unwrap();
            for (audiences, scopes, code) in [
                (&[][..], None, ErrorCode::InvalidRequest),
                (&unknown, None, ErrorCode::UnauthorizedClient),
                (&known, Some(&foreign), ErrorCode::InvalidScope),
            ] {
                let refused = for_machine(cx, &client, audiences, scopes).await;
                assert_eq!(refusal(refused), code);
            }
            let code = Secret::new("x");
            let shown = Redemption {
                code: &code,
                redirect_uri: CALLBACK,
                verifier: None,
            };
            assert_eq!(
                refusal(redeem_code(cx, &client, shown).await),
                ErrorCode::UnauthorizedClient
            );
        }
    }

    #[tokio::test]
    async fn an_application_without_a_secret_cannot_act_for_itself() {
        for world in World::all(Kind::FrontEnd).await {
            let refused =
                for_machine(&world.cx, &world.client().await, &["x".to_owned()], None).await;
            assert_eq!(refusal(refused), ErrorCode::UnauthorizedClient);
        }
    }

    #[tokio::test]
    async fn a_machine_token_dies_when_revoked_expired_or_without_its_application() {
        for (world, audience) in authorized(Kind::MachineToMachine).await {
            let (cx, client) = (&world.cx, world.client().await);
            let audiences = [audience];
            let token = async || for_machine(cx, &client, &audiences, None).await.unwrap();
            let (revoked, expired, orphan) = (token().await, token().await, token().await);

            revoke(cx, &client, &revoked.access_token).await.unwrap();
            assert!(!world.is_good(&revoked).await && world.is_good(&orphan).await);

            let mut tx = cx.db().begin().await.unwrap();
            applications::delete(cx, &mut tx, &world.application.id)
                .await
                .unwrap();
            tx.commit().await.unwrap();
            assert!(!world.is_good(&orphan).await);

            world
                .installation
                .advance(Duration::from_secs(expired.expires_in));
            let refused = verify(cx, expired.access_token.reveal()).await;
            assert!(matches!(refused, Err(TokenError::Invalid(_))));
        }
    }
}

#[tokio::test]
async fn introspection_tells_of_good_tokens_to_those_whom_they_concern() {
    for world in World::all(Kind::BackEnd).await {
        let (cx, client) = (&world.cx, world.client().await);
        let mut stranger = world.client().await;
        stranger.id = cx.new_id();
        let tokens = world.signed_in().await;
        let refresh_token = tokens.refresh_token.as_ref().unwrap();
        for token in [&tokens.access_token, refresh_token] {
            let about = introspect(cx, token, &Asker::Client(&client))
                .await
                .unwrap()
                .unwrap();
            assert_eq!(about.sub.as_deref(), Some(world.user.as_str()));
            assert_eq!(about.client_id, world.application.id.as_str());
            assert_eq!(about.scope, "openid profile email offline");
            assert!(about.exp > cx.now().seconds());
            assert!(
                introspect(cx, token, &Asker::Management)
                    .await
                    .unwrap()
                    .is_some()
            );
            assert!(
                introspect(cx, token, &Asker::Client(&stranger))
                    .await
                    .unwrap()
                    .is_none()
            );
        }
        world.refresh(&tokens).await.unwrap();
        for token in [
            refresh_token,
            tokens.id_token.as_ref().unwrap(),
            &Secret::new("nonsense"),
        ] {
            assert_eq!(
                introspect(cx, token, &Asker::Management).await.unwrap(),
                None
            );
        }
    }
}

#[tokio::test]
async fn what_has_expired_is_deleted_and_what_lives_stays() {
    for world in World::all(Kind::FrontEnd).await {
        let tokens = world.signed_in().await;
        world.code("&scope=openid+offline").await;
        assert_eq!(n_grants(&world).await, 2);
        world.installation.advance(CODE_LIFETIME);
        forget_expired(&world.installation.app).await.unwrap();
        assert!(world.is_good(&tokens).await);
        assert_eq!(n_grants(&world).await, 1);

        world
            .installation
            .advance(Duration::from_secs(tokens.expires_in));
        forget_expired(&world.installation.app).await.unwrap();
        assert!(world.refresh(&tokens).await.is_ok());
        world.installation.advance(GRANT_LIFETIME);
        forget_expired(&world.installation.app).await.unwrap();
        assert_eq!(n_grants(&world).await, 0);
    }
}

async fn n_grants(world: &World) -> i64 {
    let mut tx = world.cx.db().read().await.unwrap();
    db::sql("select count(*) from grants")
        .fetch_one(&mut tx)
        .await
        .unwrap()
}
