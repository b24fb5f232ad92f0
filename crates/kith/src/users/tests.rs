//! The stories of people, on both engines.

use std::time::Duration;

use super::*;
use crate::context::Context;
use crate::organizations::{self, NewOrganization};
use crate::paging::{Order, Wanted};
use crate::roles::{self, NewRole};
use crate::testing::Installation;

/// An e-mail address of somebody.
pub(crate) fn email(text: &str) -> Identifier {
    Identifier::Email(EmailAddress::parse(text).unwrap())
}

/// A person with one verified address.
pub(crate) fn person(address: &str) -> NewUser {
    NewUser {
        identities: vec![NewIdentity::new(email(address), true)],
        ..NewUser::from(Source::Api)
    }
}

async fn create_one(cx: &Context, new: NewUser) -> UserId {
    let mut tx = cx.db().begin().await.unwrap();
    let created = create(cx, &mut tx, new, None).await.unwrap();
    tx.commit().await.unwrap();
    created.id
}

async fn found(cx: &Context, id: &UserId) -> User {
    let mut tx = cx.db().read().await.unwrap();
    find(cx, &mut tx, id).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_person_is_found_by_whatever_they_are_known_by() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let new = NewUser {
            provided_id: Some("legacy|1".into()),
            given_name: Some("Ada".into()),
            family_name: Some("Ång".into()),
            identities: vec![
                NewIdentity::new(email("Ada@Example.com"), true),
                NewIdentity::new(
                    Identifier::Phone(PhoneNumber::parse("+46701234567").unwrap()),
                    false,
                ),
                NewIdentity::new(
                    Identifier::Username(Username::parse("Ada_L").unwrap()),
                    false,
                ),
            ],
            ..NewUser::from(Source::Api)
        };
        let id = create_one(&cx, new).await;
        let user = found(&cx, &id).await;
        assert_eq!(user.primary_email(), Some("Ada@Example.com"));
        assert!(user.is_email_verified && !user.is_phone_verified);
        assert_eq!(user.display_name(), "Ada Ång");
        assert_eq!(user.source, "api");
        let mut tx = cx.db().read().await.unwrap();
        for typed in ["ada@EXAMPLE.com", "+46701234567", "ADA_L"] {
            let (user, _) = find_by_any_identifier(&cx, &mut tx, typed)
                .await
                .unwrap()
                .unwrap();
            assert_eq!(user.id, id, "{typed}");
        }
        let by_provided_id = find_by_provided_id(&cx, &mut tx, "legacy|1").await.unwrap();
        assert_eq!(by_provided_id.unwrap().id, id);
        let nobody = find_by_any_identifier(&cx, &mut tx, "bob@example.com").await;
        assert_eq!(nobody.unwrap(), None);
    }
}

#[tokio::test]
async fn people_of_another_environment_are_nobody_here() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let id = create_one(&cx, person("ada@example.com")).await;
        let elsewhere = installation
            .app
            .at(installation.environments.team.clone(), cx.actor().clone());
        let mut tx = cx.db().begin().await.unwrap();
        assert_eq!(find(&elsewhere, &mut tx, &id).await.unwrap(), None);
        assert!(!delete(&elsewhere, &mut tx, &id).await.unwrap());
        assert!(!suspend(&elsewhere, &mut tx, &id).await.unwrap());
        let identity = identities(&mut tx, &id).await.unwrap().remove(0);
        assert!(
            !remove_identity(&elsewhere, &mut tx, &identity.id)
                .await
                .unwrap()
        );
        // The same address is free there.
        let created = create(&elsewhere, &mut tx, person("ada@example.com"), None).await;
        assert!(created.unwrap().is_new);
    }
}

#[tokio::test]
async fn whoever_has_the_address_already_is_named_and_left_alone() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let id = create_one(&cx, person("ada@example.com")).await;
        let mut tx = cx.db().begin().await.unwrap();
        let again = NewUser {
            given_name: Some("Mallory".into()),
            ..person("ADA@example.com")
        };
        let created = create(&cx, &mut tx, again, None).await.unwrap();
        assert_eq!(
            created,
            Created {
                id: id.clone(),
                is_new: false
            }
        );
        assert_eq!(count(&cx, &mut tx).await.unwrap(), 1);
        tx.commit().await.unwrap();
        assert_eq!(found(&cx, &id).await.given_name, None);
    }
}

#[tokio::test]
async fn a_provided_id_belongs_to_one_person() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let with_id = |address| NewUser {
            provided_id: Some("7".into()),
            ..person(address)
        };
        create_one(&cx, with_id("ada@example.com")).await;
        let bob = create_one(&cx, person("bob@example.com")).await;
        let mut tx = cx.db().begin().await.unwrap();
        let refused = create(&cx, &mut tx, with_id("eve@example.com"), None).await;
        assert!(matches!(refused, Err(CreateError::ProvidedIdTaken)));
        drop(tx);
        let mut tx = cx.db().begin().await.unwrap();
        let changes = Changes {
            provided_id: Some(Some("7".into())),
            ..Changes::default()
        };
        let refused = update(&cx, &mut tx, &bob, changes).await;
        assert!(matches!(refused, Err(UpdateError::ProvidedIdTaken)));
    }
}

#[tokio::test]
async fn a_new_person_joins_the_default_organization_with_the_default_roles() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let default = organizations::ensure_default(&cx).await.unwrap();
        let mut tx = cx.db().begin().await.unwrap();
        for (key, is_default_role) in [("reader", true), ("admin", false)] {
            let new = NewRole {
                key: key.into(),
                is_default_role,
                ..NewRole::default()
            };
            roles::create(&cx, &mut tx, new).await.unwrap();
        }
        let created = create(&cx, &mut tx, person("ada@example.com"), None)
            .await
            .unwrap();
        let memberships = organizations::of_user(&mut tx, &created.id).await.unwrap();
        assert_eq!(memberships.len(), 1);
        assert_eq!(memberships[0].organization.id, default.id);
        let roles = roles::of_member(&mut tx, &default.id, &created.id)
            .await
            .unwrap();
        assert_eq!(
            roles.iter().map(|role| &role.key).collect::<Vec<_>>(),
            ["reader"]
        );
    }
}

#[tokio::test]
async fn a_person_joins_the_organization_that_they_came_for_alone() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        organizations::ensure_default(&cx).await.unwrap();
        let mut tx = cx.db().begin().await.unwrap();
        let new = NewOrganization {
            name: "Acme".into(),
            ..NewOrganization::default()
        };
        let acme = organizations::create(&cx, &mut tx, new).await.unwrap();
        let created = create(&cx, &mut tx, person("ada@example.com"), Some(&acme.id))
            .await
            .unwrap();
        let memberships = organizations::of_user(&mut tx, &created.id).await.unwrap();
        assert_eq!(memberships.len(), 1);
        assert_eq!(memberships[0].organization.id, acme.id);
        let unknown = cx.new_id();
        let refused = create(&cx, &mut tx, person("bob@example.com"), Some(&unknown)).await;
        assert!(matches!(refused, Err(CreateError::Join(_))));
    }
}

#[tokio::test]
async fn each_kind_of_identity_has_one_primary_whatever_happens() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let id = create_one(&cx, person("a@example.com")).await;
        let mut tx = cx.db().begin().await.unwrap();
        let second = add_identity(
            &cx,
            &mut tx,
            &id,
            NewIdentity::new(email("b@example.com"), false),
        )
        .await
        .unwrap();
        assert!(!second.is_primary);
        assert!(make_primary(&cx, &mut tx, &second.id).await.unwrap());
        let user = find(&cx, &mut tx, &id).await.unwrap().unwrap();
        assert_eq!(user.primary_email(), Some("b@example.com"));
        assert!(!user.is_email_verified);
        assert!(verify_identity(&cx, &mut tx, &second.id).await.unwrap());
        assert!(
            find(&cx, &mut tx, &id)
                .await
                .unwrap()
                .unwrap()
                .is_email_verified
        );
        assert!(remove_identity(&cx, &mut tx, &second.id).await.unwrap());
        let left = identities(&mut tx, &id).await.unwrap();
        assert_eq!(left.len(), 1);
        assert!(left[0].is_primary && left[0].value == "a@example.com");
        assert!(!remove_identity(&cx, &mut tx, &second.id).await.unwrap());
        assert!(!make_primary(&cx, &mut tx, &second.id).await.unwrap());
    }
}

#[tokio::test]
async fn an_identity_belongs_to_one_person() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        create_one(&cx, person("ada@example.com")).await;
        let bob = create_one(&cx, person("bob@example.com")).await;
        let mut tx = cx.db().begin().await.unwrap();
        let taken = NewIdentity::new(email("ADA@example.com"), true);
        let refused = add_identity(&cx, &mut tx, &bob, taken.clone()).await;
        assert!(matches!(refused, Err(AddIdentityError::Taken)));
        drop(tx);
        let mut tx = cx.db().begin().await.unwrap();
        let nobody = cx.new_id();
        let refused = add_identity(&cx, &mut tx, &nobody, taken).await;
        assert!(matches!(refused, Err(AddIdentityError::NotFound(_))));
    }
}

#[tokio::test]
async fn only_what_is_said_changes() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let new = NewUser {
            given_name: Some("Ada".into()),
            family_name: Some("Lovelace".into()),
            ..person("ada@example.com")
        };
        let id = create_one(&cx, new).await;
        installation.advance(Duration::from_secs(1));
        let before = found(&cx, &id).await;
        let mut tx = cx.db().begin().await.unwrap();
        update(&cx, &mut tx, &id, Changes::default()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(found(&cx, &id).await, before);
        let changes = Changes {
            given_name: Some(Some("Augusta".into())),
            family_name: Some(None),
            ..Changes::default()
        };
        let mut tx = cx.db().begin().await.unwrap();
        update(&cx, &mut tx, &id, changes).await.unwrap();
        tx.commit().await.unwrap();
        let after = found(&cx, &id).await;
        assert_eq!(after.display_name(), "Augusta");
        assert_eq!(after.updated_at, cx.now());
        assert_eq!(after.email, before.email);
    }
}

#[tokio::test]
async fn what_happens_to_a_person_is_told_once() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let id = create_one(&cx, person("ada@example.com")).await;
        let mut tx = cx.db().begin().await.unwrap();
        assert!(suspend(&cx, &mut tx, &id).await.unwrap());
        assert!(suspend(&cx, &mut tx, &id).await.unwrap());
        assert!(find(&cx, &mut tx, &id).await.unwrap().unwrap().is_suspended);
        assert!(unsuspend(&cx, &mut tx, &id).await.unwrap());
        assert!(request_password_reset(&cx, &mut tx, &id).await.unwrap());
        assert!(clear_password_reset(&cx, &mut tx, &id).await.unwrap());
        assert!(delete(&cx, &mut tx, &id).await.unwrap());
        assert!(!delete(&cx, &mut tx, &id).await.unwrap());
        let wanted = Wanted::first(Order::OLDEST_FIRST, 10);
        let told = crate::events::of_user(&cx, &mut tx, &id, &wanted)
            .await
            .unwrap();
        let kinds: Vec<&str> = told.items.iter().map(|event| event.kind.as_str()).collect();
        assert_eq!(
            kinds,
            [
                "user_created",
                "user_suspended",
                "user_unsuspended",
                "user_updated",
                "user_updated",
                "user_deleted"
            ]
        );
    }
}

#[tokio::test]
async fn a_good_sign_in_ends_the_row_of_failures() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let id = create_one(&cx, person("ada@example.com")).await;
        let mut tx = cx.db().begin().await.unwrap();
        record_failed_sign_in(&cx, &mut tx, &id).await.unwrap();
        record_failed_sign_in(&cx, &mut tx, &id).await.unwrap();
        assert_eq!(
            find(&cx, &mut tx, &id)
                .await
                .unwrap()
                .unwrap()
                .failed_sign_ins,
            2
        );
        let identity = identities(&mut tx, &id).await.unwrap().remove(0);
        record_sign_in(&cx, &mut tx, &id, Some(&identity.id))
            .await
            .unwrap();
        let user = find(&cx, &mut tx, &id).await.unwrap().unwrap();
        assert_eq!((user.total_sign_ins, user.failed_sign_ins), (1, 0));
        assert_eq!(user.last_signed_in_at, Some(cx.now()));
        let identity = identities(&mut tx, &id).await.unwrap().remove(0);
        assert_eq!(identity.total_sign_ins, 1);
    }
}

#[tokio::test]
async fn many_people_go_in_at_once_or_not_at_all() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let many: Vec<NewUser> = (0..2_345)
            .map(|n| person(&format!("p{n}@example.com")))
            .collect();
        let mut tx = cx.db().begin().await.unwrap();
        let ids = create_many(&cx, &mut tx, many).await.unwrap();
        tx.commit().await.unwrap();
        assert!(ids.is_sorted());
        assert_eq!(
            found(&cx, &ids[2_344]).await.email.unwrap(),
            "p2344@example.com"
        );
        let mut tx = cx.db().begin().await.unwrap();
        let some_known = vec![person("new@example.com"), person("p7@example.com")];
        let refused = create_many(&cx, &mut tx, some_known).await;
        assert!(matches!(refused, Err(CreateError::IdentityTaken)));
        drop(tx);
        let mut tx = cx.db().read().await.unwrap();
        assert_eq!(count(&cx, &mut tx).await.unwrap(), 2_345);
    }
}

#[tokio::test]
async fn a_list_is_read_to_its_end_page_by_page() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        for name in ["Cid", "ada", "Bea", "bea"] {
            let new = NewUser {
                given_name: Some(name.into()),
                ..person(&format!("{name}{}@example.com", cx.new_id::<UserId>()))
            };
            create_one(&cx, new).await;
        }
        let mut tx = cx.db().read().await.unwrap();
        for order in ["name_asc", "name_desc", "email_asc", "id_desc", "id_asc"] {
            let order: Order = order.parse().unwrap();
            let whole = list(&cx, &mut tx, &Filter::default(), &Wanted::first(order, 10))
                .await
                .unwrap();
            assert_eq!((whole.items.len(), whole.next), (4, None));
            let mut collected = Vec::new();
            let mut position = None;
            loop {
                let wanted = Wanted::after(position, order, 1);
                let page = list(&cx, &mut tx, &Filter::default(), &wanted)
                    .await
                    .unwrap();
                collected.extend(page.items);
                position = page.next;
                if position.is_none() {
                    break;
                }
            }
            assert_eq!(collected, whole.items, "{order:?}");
        }
        let by_name = Wanted::first(Order::BY_NAME, 10);
        let page = list(&cx, &mut tx, &Filter::default(), &by_name)
            .await
            .unwrap();
        let names: Vec<String> = page
            .items
            .iter()
            .map(|user| user.display_name().to_lowercase())
            .collect();
        assert_eq!(names, ["ada", "bea", "bea", "cid"]);
    }
}

#[tokio::test]
async fn filters_narrow_a_list() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let ada = create_one(&cx, person("ada@example.com")).await;
        let bob = create_one(&cx, person("bob@example.com")).await;
        organizations::ensure_default(&cx).await.unwrap();
        let eve = create_one(&cx, person("eve@example.com")).await;
        let mut tx = cx.db().begin().await.unwrap();
        record_sign_in(&cx, &mut tx, &bob, None).await.unwrap();
        suspend(&cx, &mut tx, &ada).await.unwrap();
        let emails = |emails: &[&str]| Some(emails.iter().map(ToString::to_string).collect());
        let all = Filter::default();
        for (filter, expected) in [
            (
                Filter {
                    emails: emails(&["eve@example.com", "ada@example.com"]),
                    ..all.clone()
                },
                vec![&ada, &eve],
            ),
            (
                Filter {
                    emails: emails(&[]),
                    ..all.clone()
                },
                vec![],
            ),
            (
                Filter {
                    ids: Some(vec![bob.clone()]),
                    ..all.clone()
                },
                vec![&bob],
            ),
            (
                Filter {
                    usernames: emails(&["ada"]),
                    ..all.clone()
                },
                vec![],
            ),
            (
                Filter {
                    has_organization: Some(true),
                    ..all.clone()
                },
                vec![&eve],
            ),
            (
                Filter {
                    has_organization: Some(false),
                    ..all.clone()
                },
                vec![&ada, &bob],
            ),
            (
                Filter {
                    active_since: Some(cx.now()),
                    ..all.clone()
                },
                vec![&bob],
            ),
            (
                Filter {
                    is_suspended: Some(true),
                    ..all.clone()
                },
                vec![&ada],
            ),
        ] {
            let page = list(
                &cx,
                &mut tx,
                &filter,
                &Wanted::first(Order::OLDEST_FIRST, 10),
            )
            .await
            .unwrap();
            let found: Vec<&UserId> = page.items.iter().map(|user| &user.id).collect();
            assert_eq!(found, expected, "{filter:?}");
        }
    }
}

#[tokio::test]
async fn a_search_knows_names_identities_and_ids() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let new = NewUser {
            given_name: Some("Åsa".into()),
            family_name: Some("100%_Real".into()),
            provided_id: Some("auth0|9".into()),
            ..person("Asa.Lind@Example.com")
        };
        let asa = create_one(&cx, new).await;
        create_one(&cx, person("bob@example.com")).await;
        let mut tx = cx.db().read().await.unwrap();
        let wanted = Wanted::first(Order::NEWEST_FIRST, 10);
        for (text, n_found) in [
            ("asa.l", 1),
            ("ASA.LIND@EXAMPLE.COM", 1),
            ("åSA", 1),
            ("real", 1),
            ("0%_r", 1),
            ("auth0|9", 1),
            (asa.as_str(), 1),
            ("lind", 0),
            ("auth0", 0),
            ("%", 1),
            ("_sa", 0),
            ("@", 0),
        ] {
            let page = search(&cx, &mut tx, text, &wanted).await.unwrap();
            assert_eq!(page.items.len(), n_found, "{text}");
        }
    }
}

#[tokio::test]
async fn a_batch_is_matched_by_any_of_its_keys() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let with_id = NewUser {
            provided_id: Some("7".into()),
            ..person("ada@example.com")
        };
        let ada = create_one(&cx, with_id).await;
        let bob = create_one(&cx, person("bob@example.com")).await;
        create_one(&cx, person("eve@example.com")).await;
        let addresses: Vec<String> = (0..1_200).map(|n| format!("p{n}@example.com")).collect();
        let mut keys = Keys {
            provided_ids: vec!["7", "8"],
            identities: vec![
                (IdentityKind::Email, "ada@example.com"),
                (IdentityKind::Email, "bob@example.com"),
                (IdentityKind::Username, "eve"),
            ],
            ..Keys::default()
        };
        keys.identities.extend(
            addresses
                .iter()
                .map(|address| (IdentityKind::Email, address.as_str())),
        );
        let mut tx = cx.db().read().await.unwrap();
        let matched = match_many(&cx, &mut tx, &keys).await.unwrap();
        let mut ids: Vec<&UserId> = matched.iter().map(|one| &one.user.id).collect();
        ids.sort_unstable();
        assert_eq!(ids, [&ada, &bob]);
        assert!(matched.iter().all(|one| one.identities.len() == 1));
    }
}
