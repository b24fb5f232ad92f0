use super::*;
use crate::apis;
use crate::secret::Secret;
use crate::testing::Installation;

async fn add(cx: &Context, tx: &mut Tx, kind: Kind) -> (Application, Option<Secret>) {
    let new = NewApplication {
        name: "Web shop".into(),
        kind,
    };
    create(cx, tx, new).await.unwrap()
}

fn texts(urls: &[&str]) -> Vec<String> {
    urls.iter().map(|url| (*url).to_owned()).collect()
}

#[tokio::test]
async fn an_application_that_was_added_is_found_and_listed() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        for kind in Kind::ALL {
            let (application, secret) = add(&cx, &mut tx, kind).await;
            assert_eq!(
                find(&cx, &mut tx, &application.id).await.unwrap(),
                application
            );
            assert_eq!(secret.is_some(), kind.has_secret());
            assert_eq!(
                reveal_secret(&cx, &mut tx, &application.id).await.unwrap(),
                secret
            );
        }
        assert_eq!(list(&cx, &mut tx).await.unwrap().len(), 4);
    }
}

#[tokio::test]
async fn an_application_of_another_environment_is_not_found() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let team = installation.app.at(
            installation.environments.team.clone(),
            crate::context::Actor::System,
        );
        let mut tx = cx.db().begin().await.unwrap();
        let (application, secret) = add(&cx, &mut tx, Kind::BackEnd).await;
        let id = &application.id;
        assert!(matches!(
            find(&team, &mut tx, id).await,
            Err(FindError::NotFound(_))
        ));
        assert!(matches!(
            delete(&team, &mut tx, id).await,
            Err(FindError::NotFound(_))
        ));
        assert!(matches!(
            authenticate(&team, &mut tx, id, secret.as_ref()).await,
            Err(AuthenticateError::Refused)
        ));
    }
}

#[tokio::test]
async fn a_secret_has_the_form_that_sdks_check_and_is_stored_sealed() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        let (application, secret) = add(&cx, &mut tx, Kind::BackEnd).await;
        let secret = secret.unwrap();
        assert_eq!(secret.reveal().len(), 52);
        assert!(secret.reveal().bytes().all(|c| c.is_ascii_alphanumeric()));
        let stored = store::secrets(&mut tx, &application.id).await.unwrap();
        assert!(!stored.current.unwrap().contains(secret.reveal()));
    }
}

#[tokio::test]
async fn who_has_the_secret_is_the_application() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        let (application, secret) = add(&cx, &mut tx, Kind::BackEnd).await;
        let client = authenticate(&cx, &mut tx, &application.id, secret.as_ref())
            .await
            .unwrap();
        assert_eq!(
            (client.kind, client.lifetimes),
            (Kind::BackEnd, application.lifetimes)
        );
        for wrong in [None, Some(&Secret::new("")), Some(&Secret::new("guess"))] {
            let outcome = authenticate(&cx, &mut tx, &application.id, wrong).await;
            assert!(matches!(outcome, Err(AuthenticateError::Refused)));
        }
    }
}

#[tokio::test]
async fn an_application_without_a_secret_sends_none() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        let (application, _) = add(&cx, &mut tx, Kind::FrontEnd).await;
        authenticate(&cx, &mut tx, &application.id, None)
            .await
            .unwrap();
        let some = Secret::new("anything");
        assert!(
            authenticate(&cx, &mut tx, &application.id, Some(&some))
                .await
                .is_err()
        );
    }
}

#[tokio::test]
async fn the_previous_secret_is_accepted_while_it_is_kept() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        let (application, first) = add(&cx, &mut tx, Kind::MachineToMachine).await;
        let id = &application.id;
        let second = rotate_secret(&cx, &mut tx, id, Rotation::KeepPrevious)
            .await
            .unwrap();
        for secret in [first.as_ref(), Some(&second)] {
            authenticate(&cx, &mut tx, id, secret).await.unwrap();
        }
        let third = rotate_secret(&cx, &mut tx, id, Rotation::KeepPrevious)
            .await
            .unwrap();
        assert!(
            authenticate(&cx, &mut tx, id, first.as_ref())
                .await
                .is_err()
        );
        forget_previous_secret(&cx, &mut tx, id).await.unwrap();
        assert!(authenticate(&cx, &mut tx, id, Some(&second)).await.is_err());
        authenticate(&cx, &mut tx, id, Some(&third)).await.unwrap();
    }
}

#[tokio::test]
async fn a_plain_rotation_refuses_the_old_secret() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        let (application, first) = add(&cx, &mut tx, Kind::BackEnd).await;
        rotate_secret(&cx, &mut tx, &application.id, Rotation::ForgetPrevious)
            .await
            .unwrap();
        assert!(
            authenticate(&cx, &mut tx, &application.id, first.as_ref())
                .await
                .is_err()
        );
        let (spa, _) = add(&cx, &mut tx, Kind::FrontEnd).await;
        let outcome = rotate_secret(&cx, &mut tx, &spa.id, Rotation::ForgetPrevious).await;
        assert!(matches!(outcome, Err(SecretError::None)));
    }
}

#[tokio::test]
async fn a_client_knows_its_apis() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        apis::ensure_management_api(&cx).await.unwrap();
        let client = ensure_management_client(&cx, false).await.unwrap();
        let mut tx = cx.db().begin().await.unwrap();
        let new = apis::NewApi {
            name: "Orders".into(),
            audience: "https://orders.example.com".into(),
        };
        let orders = apis::create(&cx, &mut tx, new).await.unwrap();
        apis::authorize(&cx, &mut tx, (&orders.id, &client.id))
            .await
            .unwrap();
        let known = authenticate(&cx, &mut tx, &client.id, Some(&client.secret))
            .await
            .unwrap();
        assert_eq!(
            known.apis,
            apis::granted(&cx, &mut tx, &client.id).await.unwrap()
        );
        assert_eq!(known.apis.len(), 2);
        let management =
            apis::select(&known.apis, &[format!("{}/api", cx.environment().base_url)]).unwrap();
        assert!(management[0].scopes.contains(&"read:users".to_owned()));
    }
}

#[tokio::test]
async fn addresses_are_added_replaced_and_removed() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        let (application, _) = add(&cx, &mut tx, Kind::BackEnd).await;
        let id = &application.id;
        let (a, b) = ("https://b.example.com/cb", "https://a.example.com/cb");
        let callbacks = (id, UrlKind::Callback);
        add_urls(&cx, &mut tx, callbacks, &texts(&[a]))
            .await
            .unwrap();
        add_urls(&cx, &mut tx, callbacks, &texts(&[b, a]))
            .await
            .unwrap();
        add_urls(&cx, &mut tx, (id, UrlKind::Logout), &texts(&[b]))
            .await
            .unwrap();
        let known = urls(&cx, &mut tx, id).await.unwrap();
        assert_eq!(
            (known.callback, known.logout),
            (texts(&[a, b]), texts(&[b]))
        );
        remove_urls(
            &cx,
            &mut tx,
            callbacks,
            &texts(&[a, "https://nobody.example.com"]),
        )
        .await
        .unwrap();
        assert_eq!(urls(&cx, &mut tx, id).await.unwrap().callback, texts(&[b]));
        replace_urls(&cx, &mut tx, callbacks, &texts(&[a]))
            .await
            .unwrap();
        let known = urls(&cx, &mut tx, id).await.unwrap();
        assert_eq!((known.callback, known.logout), (texts(&[a]), texts(&[b])));
    }
}

#[tokio::test]
async fn answers_go_to_registered_addresses_only() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        let (application, _) = add(&cx, &mut tx, Kind::BackEnd).await;
        let id = &application.id;
        let callbacks = texts(&[
            "https://app.example.com/cb",
            "https://*-preview.example.com/cb",
        ]);
        replace_urls(&cx, &mut tx, (id, UrlKind::Callback), &callbacks)
            .await
            .unwrap();
        let known = urls(&cx, &mut tx, id).await.unwrap();
        assert!(known.allows_redirect("https://app.example.com/cb"));
        assert!(known.allows_redirect("https://a1-preview.example.com/cb"));
        assert!(!known.allows_redirect("https://app.example.com/cb/more"));
        assert!(!known.allows_redirect("https://evil.example/cb"));
        assert!(!known.allows_logout("https://app.example.com/cb"));
        for (origin, is_allowed) in [
            ("https://app.example.com", true),
            ("https://b2-preview.example.com", true),
            ("https://evil.example", false),
            ("null", false),
        ] {
            assert_eq!(
                allows_origin(&cx, &mut tx, origin).await.unwrap(),
                is_allowed,
                "{origin}"
            );
        }
    }
}

#[tokio::test]
async fn an_address_that_can_not_be_registered_is_named_with_the_rule() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        let (application, _) = add(&cx, &mut tx, Kind::BackEnd).await;
        let pair = (&application.id, UrlKind::Callback);
        let wanted = texts(&["https://app.example.com/cb", "http://app.example.com/cb"]);
        let error = add_urls(&cx, &mut tx, pair, &wanted).await.unwrap_err();
        assert_eq!(error.code(), Code::INVALID_URL);
        let message = error.to_string();
        assert!(
            message.contains("http://app.example.com/cb") && message.contains("use https"),
            "{message}"
        );
        assert_eq!(
            urls(&cx, &mut tx, &application.id).await.unwrap(),
            Urls::default()
        );
    }
}

#[tokio::test]
async fn only_what_is_said_changes() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        let (before, _) = add(&cx, &mut tx, Kind::BackEnd).await;
        let changes = Changes {
            login_uri: Some("https://app.example.com/login".into()),
            logout_urls: Some(texts(&["https://app.example.com"])),
            ..Changes::default()
        };
        let after = update(&cx, &mut tx, &before.id, changes).await.unwrap();
        assert_eq!(after.name, before.name);
        assert_eq!(
            after.login_uri.as_deref(),
            Some("https://app.example.com/login")
        );
        assert_eq!(find(&cx, &mut tx, &before.id).await.unwrap(), after);
        let cleared = Changes {
            login_uri: Some(String::new()),
            ..Changes::default()
        };
        assert_eq!(
            update(&cx, &mut tx, &before.id, cleared).await.unwrap(),
            before
        );
    }
}

#[tokio::test]
async fn a_change_that_can_not_be_says_why() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        let (application, _) = add(&cx, &mut tx, Kind::BackEnd).await;
        for (changes, code) in [
            (
                Changes {
                    name: Some(" ".into()),
                    ..Changes::default()
                },
                Code::INVALID_REQUEST,
            ),
            (
                Changes {
                    login_uri: Some("javascript:alert(1)".into()),
                    ..Changes::default()
                },
                Code::INVALID_URL,
            ),
            (
                Changes {
                    homepage_uri: Some("/relative".into()),
                    ..Changes::default()
                },
                Code::INVALID_URL,
            ),
            (
                Changes {
                    callback_urls: Some(texts(&["https://*"])),
                    ..Changes::default()
                },
                Code::INVALID_URL,
            ),
        ] {
            let error = update(&cx, &mut tx, &application.id, changes)
                .await
                .unwrap_err();
            assert_eq!(error.code(), code);
        }
    }
}

#[tokio::test]
async fn lifetimes_change_within_their_bounds() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        let (application, _) = add(&cx, &mut tx, Kind::BackEnd).await;
        let id = &application.id;
        let changes = LifetimeChanges {
            access_token: Some(600),
            ..LifetimeChanges::default()
        };
        let after = update_lifetimes(&cx, &mut tx, id, changes).await.unwrap();
        assert_eq!(after.lifetimes.access_token, Duration::from_mins(10));
        assert_eq!(
            after.lifetimes.refresh_token,
            application.lifetimes.refresh_token
        );
        for wrong in [
            LifetimeChanges {
                id_token: Some(0),
                ..LifetimeChanges::default()
            },
            LifetimeChanges {
                id_token: Some(u64::MAX),
                ..LifetimeChanges::default()
            },
            LifetimeChanges {
                refresh_token: Some(600),
                ..LifetimeChanges::default()
            },
        ] {
            assert!(update_lifetimes(&cx, &mut tx, id, wrong).await.is_err());
        }
        assert_eq!(find(&cx, &mut tx, id).await.unwrap(), after);
    }
}

#[tokio::test]
async fn a_deleted_application_is_gone_with_its_addresses() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        let (application, _) = add(&cx, &mut tx, Kind::BackEnd).await;
        let pair = (&application.id, UrlKind::Callback);
        add_urls(&cx, &mut tx, pair, &texts(&["https://app.example.com/cb"]))
            .await
            .unwrap();
        delete(&cx, &mut tx, &application.id).await.unwrap();
        assert!(
            store::urls(&mut tx, &application.id)
                .await
                .unwrap()
                .is_empty()
        );
        assert!(find(&cx, &mut tx, &application.id).await.is_err());
    }
}

#[tokio::test]
async fn the_first_application_is_made_once_and_stays_deleted() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        ensure_defaults(&cx).await.unwrap();
        ensure_defaults(&cx).await.unwrap();
        let mut tx = cx.db().begin().await.unwrap();
        let applications = list(&cx, &mut tx).await.unwrap();
        assert_eq!(applications.len(), 1);
        assert_eq!(applications[0].kind, Kind::BackEnd);
        delete(&cx, &mut tx, &applications[0].id).await.unwrap();
        tx.commit().await.unwrap();
        ensure_defaults(&cx).await.unwrap();
        let mut tx = cx.db().read().await.unwrap();
        assert!(list(&cx, &mut tx).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn the_management_client_stays_the_same_until_it_is_rotated() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        assert!(matches!(
            ensure_management_client(&cx, false).await,
            Err(defaults::DefaultsError::NoManagementApi)
        ));
        apis::ensure_management_api(&cx).await.unwrap();
        let first = ensure_management_client(&cx, false).await.unwrap();
        assert_eq!(ensure_management_client(&cx, false).await.unwrap(), first);
        let rotated = ensure_management_client(&cx, true).await.unwrap();
        assert_eq!(rotated.id, first.id);
        assert_ne!(rotated.secret, first.secret);
    }
}

#[tokio::test]
async fn the_management_client_can_not_be_changed_or_deleted() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        apis::ensure_management_api(&cx).await.unwrap();
        let client = ensure_management_client(&cx, false).await.unwrap();
        let mut tx = cx.db().begin().await.unwrap();
        let codes = [
            delete(&cx, &mut tx, &client.id).await.unwrap_err().code(),
            update(&cx, &mut tx, &client.id, Changes::default())
                .await
                .unwrap_err()
                .code(),
            add_urls(&cx, &mut tx, (&client.id, UrlKind::Logout), &[])
                .await
                .unwrap_err()
                .code(),
        ];
        assert_eq!(codes, [Code::APPLICATION_BUILTIN; 3]);
    }
}
