use super::*;
use crate::applications::{self, Kind, NewApplication};
use crate::testing::Installation;

async fn orders(cx: &Context, tx: &mut Tx) -> Api {
    let new = NewApi {
        name: "Orders".into(),
        audience: "https://orders.example.com".into(),
    };
    create(cx, tx, new).await.unwrap()
}

async fn scope(cx: &Context, tx: &mut Tx, api: &Api, key: &str) -> Scope {
    let new = NewScope {
        key: key.into(),
        description: None,
    };
    add_scope(cx, tx, &api.id, new).await.unwrap()
}

async fn machine(cx: &Context, tx: &mut Tx) -> ApplicationId {
    let new = NewApplication {
        name: "Nightly job".into(),
        kind: Kind::MachineToMachine,
    };
    applications::create(cx, tx, new).await.unwrap().0.id
}

#[tokio::test]
async fn an_api_that_was_registered_is_found_and_listed() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        let api = orders(&cx, &mut tx).await;
        assert_eq!(find(&cx, &mut tx, &api.id).await.unwrap(), api);
        assert_eq!(list(&cx, &mut tx).await.unwrap(), [api]);
    }
}

#[tokio::test]
async fn an_api_of_another_environment_is_not_found() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let team = installation.app.at(
            installation.environments.team.clone(),
            crate::context::Actor::System,
        );
        let mut tx = cx.db().begin().await.unwrap();
        let api = orders(&cx, &mut tx).await;
        let application = machine(&team, &mut tx).await;
        assert!(matches!(
            find(&team, &mut tx, &api.id).await,
            Err(FindError::NotFound(_))
        ));
        assert!(matches!(
            authorize(&cx, &mut tx, (&api.id, &application)).await,
            Err(AuthorizeError::Application(_))
        ));
        assert!(list(&team, &mut tx).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn an_audience_belongs_to_one_api() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        let first = orders(&cx, &mut tx).await;
        let again = NewApi {
            name: "Others".into(),
            audience: first.audience,
        };
        let error = create(&cx, &mut tx, again).await.unwrap_err();
        assert_eq!(Coded::code(&error), Code::AUDIENCE_TAKEN);
    }
}

#[tokio::test]
async fn names_and_audiences_have_their_bounds() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        let long = "x".repeat(65);
        for (name, audience) in [
            ("", "a"),
            ("  ", "a"),
            (&long, "a"),
            ("a", ""),
            ("a", "two words"),
            ("a", &long),
        ] {
            let new = NewApi {
                name: name.into(),
                audience: audience.into(),
            };
            let error = create(&cx, &mut tx, new).await.unwrap_err();
            assert_eq!(
                Coded::code(&error),
                Code::INVALID_REQUEST,
                "{name} {audience}"
            );
        }
    }
}

#[tokio::test]
async fn a_scope_is_added_described_and_deleted() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        let api = orders(&cx, &mut tx).await;
        let read = scope(&cx, &mut tx, &api, "read:orders").await;
        update_scope(&cx, &mut tx, (&api.id, &read.id), Some("Read orders"))
            .await
            .unwrap();
        let found = find_scope(&cx, &mut tx, (&api.id, &read.id)).await.unwrap();
        assert_eq!(found.description.as_deref(), Some("Read orders"));
        assert_eq!(
            scopes(&cx, &mut tx, &api.id).await.unwrap(),
            std::slice::from_ref(&found)
        );
        assert_eq!(scopes_of_all(&cx, &mut tx).await.unwrap(), [found]);
        delete_scope(&cx, &mut tx, (&api.id, &read.id))
            .await
            .unwrap();
        assert!(scopes(&cx, &mut tx, &api.id).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_scopes_key_has_no_spaces_and_no_meaning_of_its_own() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        let api = orders(&cx, &mut tx).await;
        for key in ["", "two words", "openid", "offline_access", &"x".repeat(65)] {
            let new = NewScope {
                key: key.into(),
                description: None,
            };
            let error = add_scope(&cx, &mut tx, &api.id, new).await.unwrap_err();
            assert_eq!(error.code(), Code::INVALID_REQUEST, "{key}");
        }
    }
}

#[tokio::test]
async fn an_api_has_a_key_once() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        let api = orders(&cx, &mut tx).await;
        scope(&cx, &mut tx, &api, "read:orders").await;
        let again = NewScope {
            key: "read:orders".into(),
            description: None,
        };
        let error = add_scope(&cx, &mut tx, &api.id, again).await.unwrap_err();
        assert_eq!(error.code(), Code::SCOPE_KEY_TAKEN);
    }
}

#[tokio::test]
async fn an_application_gets_the_scopes_that_were_enabled_and_no_other() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        let api = orders(&cx, &mut tx).await;
        let read = scope(&cx, &mut tx, &api, "read:orders").await;
        let write = scope(&cx, &mut tx, &api, "create:orders").await;
        let application = machine(&cx, &mut tx).await;
        let pair = (&api.id, &application);

        assert!(authorize(&cx, &mut tx, pair).await.unwrap());
        assert!(!authorize(&cx, &mut tx, pair).await.unwrap());
        assert!(
            granted(&cx, &mut tx, &application).await.unwrap()[0]
                .scopes
                .is_empty()
        );

        set_scopes(&cx, &mut tx, pair, &[read.id.clone(), write.id.clone()])
            .await
            .unwrap();
        disable_scope(&cx, &mut tx, pair, &write.id).await.unwrap();
        let given = granted(&cx, &mut tx, &application).await.unwrap();
        assert_eq!(given[0].audience, api.audience);
        assert_eq!(given[0].scopes, ["read:orders"]);
        enable_scope(&cx, &mut tx, pair, &write.id).await.unwrap();
        let given = granted(&cx, &mut tx, &application).await.unwrap();
        assert_eq!(given[0].scopes, ["create:orders", "read:orders"]);
        assert_eq!(
            enabled_scopes(&cx, &mut tx, &api.id, &application)
                .await
                .unwrap(),
            [write.id, read.id]
        );
        assert_eq!(
            applications(&cx, &mut tx, &api.id).await.unwrap()[0].n_scopes,
            2
        );
    }
}

#[tokio::test]
async fn who_is_not_authorized_gets_no_scope() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        let api = orders(&cx, &mut tx).await;
        let read = scope(&cx, &mut tx, &api, "read:orders").await;
        let application = machine(&cx, &mut tx).await;
        let pair = (&api.id, &application);
        assert!(matches!(
            enable_scope(&cx, &mut tx, pair, &read.id).await,
            Err(AuthorizeError::NotAuthorized)
        ));
        authorize_wholly(&cx, &mut tx, pair).await.unwrap();
        assert!(unauthorize(&cx, &mut tx, pair).await.unwrap());
        assert!(!unauthorize(&cx, &mut tx, pair).await.unwrap());
        authorize(&cx, &mut tx, pair).await.unwrap();
        assert!(
            granted(&cx, &mut tx, &application).await.unwrap()[0]
                .scopes
                .is_empty()
        );
    }
}

#[tokio::test]
async fn the_scope_of_another_api_can_not_be_enabled() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        ensure_management_api(&cx).await.unwrap();
        let mut tx = cx.db().begin().await.unwrap();
        let api = orders(&cx, &mut tx).await;
        let own = management_api(&cx, &mut tx).await.unwrap().unwrap();
        let foreign = scopes(&cx, &mut tx, &own.id).await.unwrap()[0].id.clone();
        let application = machine(&cx, &mut tx).await;
        let pair = (&api.id, &application);
        authorize(&cx, &mut tx, pair).await.unwrap();
        for outcome in [
            enable_scope(&cx, &mut tx, pair, &foreign).await,
            set_scopes(&cx, &mut tx, pair, std::slice::from_ref(&foreign)).await,
        ] {
            assert_eq!(outcome.unwrap_err().code(), Code::SCOPE_NOT_FOUND);
        }
    }
}

#[tokio::test]
async fn a_deleted_api_takes_its_authorizations_along() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        let api = orders(&cx, &mut tx).await;
        scope(&cx, &mut tx, &api, "read:orders").await;
        let application = machine(&cx, &mut tx).await;
        authorize_wholly(&cx, &mut tx, (&api.id, &application))
            .await
            .unwrap();
        delete(&cx, &mut tx, &api.id).await.unwrap();
        assert!(
            granted(&cx, &mut tx, &application)
                .await
                .unwrap()
                .is_empty()
        );
        assert!(matches!(
            delete(&cx, &mut tx, &api.id).await,
            Err(DeleteError::Find(_))
        ));
    }
}

#[tokio::test]
async fn the_management_api_is_made_once_with_every_scope() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        ensure_management_api(&cx).await.unwrap();
        ensure_management_api(&cx).await.unwrap();
        let mut tx = cx.db().read().await.unwrap();
        let apis = list(&cx, &mut tx).await.unwrap();
        assert_eq!(apis.len(), 1);
        assert_eq!(apis[0].name, MANAGEMENT_API_NAME);
        assert_eq!(
            apis[0].audience,
            format!("{}/api", cx.environment().base_url)
        );
        let scopes = scopes(&cx, &mut tx, &apis[0].id).await.unwrap();
        assert_eq!(scopes.len(), catalog::SCOPES.len());
    }
}

#[tokio::test]
async fn the_management_apis_audience_follows_the_address() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        ensure_management_api(&cx).await.unwrap();
        let mut tx = cx.db().begin().await.unwrap();
        let api = management_api(&cx, &mut tx).await.unwrap().unwrap();
        store::set_audience(&mut tx, &api.id, "https://former.example.com/api")
            .await
            .unwrap();
        tx.commit().await.unwrap();
        ensure_management_api(&cx).await.unwrap();
        let mut tx = cx.db().read().await.unwrap();
        assert_eq!(management_api(&cx, &mut tx).await.unwrap(), Some(api));
    }
}

#[tokio::test]
async fn the_management_api_says_so_when_its_audience_is_taken() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        let new = NewApi {
            name: "Mine".into(),
            audience: format!("{}/api", cx.environment().base_url),
        };
        create(&cx, &mut tx, new).await.unwrap();
        tx.commit().await.unwrap();
        let error = ensure_management_api(&cx).await.unwrap_err();
        assert_eq!(error.code(), Code::AUDIENCE_TAKEN);
    }
}

#[tokio::test]
async fn the_management_api_can_not_be_edited() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        ensure_management_api(&cx).await.unwrap();
        let mut tx = cx.db().begin().await.unwrap();
        let api = management_api(&cx, &mut tx).await.unwrap().unwrap();
        let first = scopes(&cx, &mut tx, &api.id).await.unwrap()[0].id.clone();
        assert!(matches!(
            delete(&cx, &mut tx, &api.id).await,
            Err(DeleteError::Builtin)
        ));
        let new = NewScope {
            key: "read:minds".into(),
            description: None,
        };
        assert!(matches!(
            add_scope(&cx, &mut tx, &api.id, new).await,
            Err(ScopeError::Builtin)
        ));
        let pair = (&api.id, &first);
        assert!(matches!(
            update_scope(&cx, &mut tx, pair, None).await,
            Err(ScopeError::Builtin)
        ));
        assert!(matches!(
            delete_scope(&cx, &mut tx, pair).await,
            Err(ScopeError::Builtin)
        ));
    }
}
