use super::*;
use crate::testing::Installation;

/// The `kid`s that clients see.
async fn shown(cx: &Context) -> Vec<String> {
    let set = jwks(cx).await.unwrap();
    set.keys.iter().map(|key| key.kid.clone()).collect()
}

#[tokio::test]
async fn the_first_key_signs_at_once_and_stays() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        assert!(matches!(current(&cx).await, Err(KeysError::None)));
        ensure(&cx).await.unwrap();
        let kid = current(&cx).await.unwrap().kid().to_owned();
        ensure(&cx).await.unwrap();
        assert_eq!(current(&cx).await.unwrap().kid(), kid);
        assert_eq!(shown(&cx).await, [kid]);
    }
}

#[tokio::test]
async fn environments_have_keys_of_their_own() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let team = installation.app.at(
            installation.environments.team.clone(),
            crate::context::Actor::System,
        );
        ensure(&cx).await.unwrap();
        assert!(matches!(current(&team).await, Err(KeysError::None)));
        ensure(&team).await.unwrap();
        assert_ne!(shown(&cx).await, shown(&team).await);
    }
}

#[tokio::test]
async fn a_new_key_is_shown_before_it_signs_and_the_old_one_after() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        ensure(&cx).await.unwrap();
        let old = current(&cx).await.unwrap().kid().to_owned();
        let new = rotate(&cx).await.unwrap();
        let signs_at = cx.now() + NOTICE;
        assert_eq!(
            new.state,
            State::Waiting {
                signs_at: Some(signs_at)
            }
        );
        assert_eq!(current(&cx).await.unwrap().kid(), old);
        assert_eq!(shown(&cx).await, [old.clone(), new.kid.clone()]);

        installation.advance(NOTICE);
        assert_eq!(current(&cx).await.unwrap().kid(), new.kid);
        assert_eq!(shown(&cx).await, [old, new.kid]);
    }
}

#[tokio::test]
async fn an_old_key_verifies_until_its_last_token_has_expired() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        ensure(&cx).await.unwrap();
        let new = rotate(&cx).await.unwrap();
        installation.advance(NOTICE + Duration::from_hours(24));
        assert_eq!(shown(&cx).await.len(), 2);
        installation.advance(Duration::from_secs(601));
        assert_eq!(shown(&cx).await, [new.kid]);
    }
}

#[tokio::test]
async fn a_token_verifies_on_both_sides_of_a_rotation() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        ensure(&cx).await.unwrap();
        let claims = serde_json::json!({"exp": cx.now().seconds() + 3600});
        let before = current(&cx).await.unwrap().sign(&claims).unwrap();
        rotate(&cx).await.unwrap();
        installation.advance(NOTICE);
        let after = current(&cx).await.unwrap().sign(&claims).unwrap();
        let keys = verifying(&cx).await.unwrap();
        for token in [before, after] {
            oauth::jwt::verify(&token, &keys, cx.now().seconds(), 0).unwrap();
        }
    }
}

/// Another node has a cache of its own, which no rotation here clears.
#[tokio::test]
async fn another_node_shows_the_new_key_before_anyone_signs_with_it() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        ensure(&cx).await.unwrap();
        let other = Cache::default();
        other.ring(&cx).await.unwrap();
        let new = rotate(&cx).await.unwrap();
        assert_eq!(other.ring(&cx).await.unwrap().jwks().keys.len(), 1);
        installation.advance(REMEMBERED);
        let seen = other.ring(&cx).await.unwrap();
        assert_eq!(seen.jwks().keys.len(), 2);
        assert_ne!(seen.current(cx.now()).unwrap().kid(), new.kid);
        installation.advance(NOTICE);
        assert_eq!(seen.current(cx.now()).unwrap().kid(), new.kid);
    }
}

#[tokio::test]
async fn a_second_rotation_waits_for_the_first() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        ensure(&cx).await.unwrap();
        rotate(&cx).await.unwrap();
        installation.advance(Duration::from_secs(5));
        rotate(&cx).await.unwrap();
        let states: Vec<_> = list(&cx)
            .await
            .unwrap()
            .into_iter()
            .map(|key| key.state)
            .collect();
        let first = cx.now() + Duration::from_secs(55);
        assert_eq!(
            states,
            [
                State::Signing { until: Some(first) },
                State::Waiting {
                    signs_at: Some(first)
                },
                State::Waiting {
                    signs_at: Some(cx.now() + NOTICE)
                },
            ]
        );
    }
}

#[tokio::test]
async fn the_private_key_is_stored_sealed() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        ensure(&cx).await.unwrap();
        let mut tx = cx.db().read().await.unwrap();
        let stored = store::unexpired(&mut tx, &cx.environment().id, cx.now())
            .await
            .unwrap();
        assert!(
            cx.sealer()
                .open("client_secret", &stored[0].private_key)
                .is_err()
        );
        let der = cx
            .sealer()
            .open(ring::PURPOSE, &stored[0].private_key)
            .unwrap();
        assert_eq!(SigningKey::from_pkcs8(&der).unwrap().kid(), stored[0].kid);
    }
}
