//! The stories of organizations and their members, on both engines.

use super::*;
use crate::context::Context;
use crate::id::UserId;
use crate::paging::{Order, Wanted};
use crate::roles::{self, NewRole, permissions};
use crate::testing::Installation;
use crate::users::{self, NewIdentity, NewUser, Source};

async fn organization(cx: &Context, tx: &mut db::Tx, name: &str) -> Organization {
    let new = NewOrganization {
        name: name.into(),
        ..NewOrganization::default()
    };
    create(cx, tx, new).await.unwrap()
}

async fn person(cx: &Context, tx: &mut db::Tx, name: &str) -> UserId {
    let email = users::EmailAddress::parse(&format!("{name}@example.com")).unwrap();
    let new = NewUser {
        given_name: Some(name.into()),
        identities: vec![NewIdentity::new(users::Identifier::Email(email), true)],
        ..NewUser::from(Source::Api)
    };
    users::create_many(cx, tx, vec![new])
        .await
        .unwrap()
        .remove(0)
}

fn with_roles(keys: &[&str]) -> Rights {
    Rights {
        roles: Some(keys.iter().map(ToString::to_string).collect()),
        permissions: None,
    }
}

#[tokio::test]
async fn there_is_one_default_organization() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let first = ensure_default(&cx).await.unwrap();
        assert_eq!(ensure_default(&cx).await.unwrap(), first);
        assert!(first.is_default && first.is_auto_membership_enabled);
        let mut tx = cx.db().begin().await.unwrap();
        let suspend = Changes {
            is_suspended: Some(true),
            ..Changes::default()
        };
        let refused = update(&cx, &mut tx, &first.id, suspend).await.unwrap_err();
        assert_eq!(
            refused.code(),
            Code::DEFAULT_ORGANIZATION_CANNOT_BE_SUSPENDED
        );
        let refused = delete(&cx, &mut tx, &first.id).await.unwrap_err();
        assert_eq!(refused.code(), Code::DEFAULT_ORGANIZATION_CANNOT_BE_DELETED);
        let rename = Changes {
            name: Some("Everyone".into()),
            ..Changes::default()
        };
        update(&cx, &mut tx, &first.id, rename).await.unwrap();
        assert_eq!(
            default(&cx, &mut tx).await.unwrap().unwrap().name,
            "Everyone"
        );
        let elsewhere = installation
            .app
            .at(installation.environments.team.clone(), cx.actor().clone());
        assert_eq!(default(&elsewhere, &mut tx).await.unwrap(), None);
        assert_eq!(find(&elsewhere, &mut tx, &first.id).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_handle_and_an_external_id_belong_to_one_organization() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        let new = |name: &str, handle: &str, external_id: &str| NewOrganization {
            name: name.into(),
            handle: Some(handle.into()),
            external_id: Some(external_id.into()),
            is_auto_membership_enabled: false,
        };
        let acme = create(&cx, &mut tx, new("Acme", "Acme", "7"))
            .await
            .unwrap();
        // Without handle or external id there may be many.
        create(&cx, &mut tx, new("Beta", "", "")).await.unwrap();
        create(&cx, &mut tx, new("Beta", "", "")).await.unwrap();
        tx.commit().await.unwrap();
        for (handle, external_id, code) in [
            ("acme", "8", Code::HANDLE_TAKEN),
            ("other", "7", Code::EXTERNAL_ID_TAKEN),
            ("a b", "9", Code::INVALID_REQUEST),
        ] {
            let mut tx = cx.db().begin().await.unwrap();
            let refused = create(&cx, &mut tx, new("Eve", handle, external_id)).await;
            assert_eq!(refused.unwrap_err().code(), code);
        }
        let mut tx = cx.db().begin().await.unwrap();
        let found = find_by_external_id(&cx, &mut tx, "7").await.unwrap();
        assert_eq!(found.as_ref(), Some(&acme));
        assert_eq!(find_by_handle(&cx, &mut tx, "ACME").await.unwrap(), found);
        let many = find_many_by_external_ids(&cx, &mut tx, &["7", "8"])
            .await
            .unwrap();
        assert_eq!(many, [("7".to_owned(), acme.id.clone())]);
        let clear = Changes {
            handle: Some(String::new()),
            ..Changes::default()
        };
        update(&cx, &mut tx, &acme.id, clear).await.unwrap();
        let acme = find(&cx, &mut tx, &acme.id).await.unwrap().unwrap();
        assert_eq!(
            (acme.handle, acme.external_id.as_deref()),
            (None, Some("7"))
        );
    }
}

#[tokio::test]
async fn a_suspension_remembers_since_when() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        let acme = organization(&cx, &mut tx, "Acme").await;
        let set = |is_suspended| Changes {
            is_suspended: Some(is_suspended),
            ..Changes::default()
        };
        update(&cx, &mut tx, &acme.id, set(true)).await.unwrap();
        let since = cx.now();
        installation.advance(std::time::Duration::from_mins(1));
        update(&cx, &mut tx, &acme.id, set(true)).await.unwrap();
        let suspended = find(&cx, &mut tx, &acme.id).await.unwrap().unwrap();
        assert_eq!(
            (suspended.is_suspended, suspended.suspended_at),
            (true, Some(since))
        );
        update(&cx, &mut tx, &acme.id, set(false)).await.unwrap();
        let free = find(&cx, &mut tx, &acme.id).await.unwrap().unwrap();
        assert_eq!((free.is_suspended, free.suspended_at), (false, None));
    }
}

#[tokio::test]
async fn adding_adds_and_setting_replaces() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        let acme = organization(&cx, &mut tx, "Acme").await;
        let ada = person(&cx, &mut tx, "ada").await;
        for key in ["admin", "reader"] {
            let new = NewRole {
                key: key.into(),
                ..NewRole::default()
            };
            roles::create(&cx, &mut tx, new).await.unwrap();
        }
        let added = add_member(&cx, &mut tx, &acme.id, &ada, &with_roles(&["reader"])).await;
        assert_eq!(added.unwrap(), UpsertOutcome::Added);
        let again = add_member(&cx, &mut tx, &acme.id, &ada, &with_roles(&["admin"])).await;
        assert_eq!(again.unwrap(), UpsertOutcome::Updated);
        assert_eq!(
            roles::of_member(&mut tx, &acme.id, &ada)
                .await
                .unwrap()
                .len(),
            2
        );
        set_member(&cx, &mut tx, &acme.id, &ada, &with_roles(&["admin"]))
            .await
            .unwrap();
        set_member(&cx, &mut tx, &acme.id, &ada, &Rights::default())
            .await
            .unwrap();
        let left = roles::of_member(&mut tx, &acme.id, &ada).await.unwrap();
        assert_eq!((left.len(), left[0].key.as_str()), (1, "admin"));
        let refused = add_member(&cx, &mut tx, &acme.id, &ada, &with_roles(&["Admin"])).await;
        assert_eq!(refused.unwrap_err().code(), Code::UNKNOWN_ROLE_KEY);
        let nobody = cx.new_id();
        let refused = add_member(&cx, &mut tx, &acme.id, &nobody, &Rights::default()).await;
        assert_eq!(refused.unwrap_err().code(), Code::USER_NOT_FOUND);
        remove_member(&cx, &mut tx, &acme.id, &ada).await.unwrap();
        let refused = remove_member(&cx, &mut tx, &acme.id, &ada).await;
        assert_eq!(refused.unwrap_err().code(), Code::USER_NOT_IN_ORGANIZATION);
    }
}

#[tokio::test]
async fn members_are_listed_sorted_and_filtered() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        let acme = organization(&cx, &mut tx, "Acme").await;
        let new = NewRole {
            key: "admin".into(),
            ..NewRole::default()
        };
        let admin = roles::create(&cx, &mut tx, new).await.unwrap();
        let new = permissions::NewPermission {
            key: "read".into(),
            ..permissions::NewPermission::default()
        };
        let read = permissions::create(&cx, &mut tx, new).await.unwrap();
        roles::add_permissions(&cx, &mut tx, &admin.id, std::slice::from_ref(&read.id))
            .await
            .unwrap();
        let everyone = [
            (
                person(&cx, &mut tx, "Cid").await,
                vec![admin.id.clone()],
                vec![],
            ),
            (
                person(&cx, &mut tx, "ada").await,
                vec![],
                vec![read.id.clone()],
            ),
            (person(&cx, &mut tx, "Bea").await, vec![], vec![]),
        ];
        let new: Vec<NewMember> = everyone
            .into_iter()
            .map(|(user, roles, permissions)| NewMember {
                organization: acme.id.clone(),
                user,
                roles,
                permissions,
            })
            .collect();
        add_members_many(&cx, &mut tx, &new).await.unwrap();
        // A second time changes nothing.
        add_members_many(&cx, &mut tx, &new).await.unwrap();
        assert_eq!(count_members(&mut tx, &acme.id).await.unwrap(), 3);
        let keys = |keys: &[&str]| keys.iter().map(ToString::to_string).collect::<Vec<_>>();
        for (sort, role_keys, permission_keys, expected) in [
            ("name_asc", &[][..], &[][..], &["ada", "Bea", "Cid"][..]),
            ("name_desc", &[], &[], &["Cid", "Bea", "ada"]),
            ("email_asc", &[], &[], &["ada", "Bea", "Cid"]),
            ("id_asc", &[], &[], &["Cid", "ada", "Bea"]),
            ("name_asc", &["admin"], &[], &["Cid"]),
            ("name_asc", &[], &["read"], &["ada", "Cid"]),
            ("name_asc", &["admin"], &["read"], &["Cid"]),
            ("name_asc", &["admin", "other"], &[], &[]),
        ] {
            let filter = Filter {
                roles: keys(role_keys),
                permissions: keys(permission_keys),
            };
            let mut names = Vec::new();
            let mut position = None;
            loop {
                let wanted = Wanted::after(position, sort.parse::<Order>().unwrap(), 2);
                let page = members(&mut tx, &acme.id, &filter, &wanted).await.unwrap();
                names.extend(
                    page.items
                        .iter()
                        .filter_map(|member| member.given_name.clone()),
                );
                position = page.next;
                if position.is_none() {
                    break;
                }
            }
            assert_eq!(names, expected, "{sort} {filter:?}");
        }
        let wanted = Wanted::first(Order::OLDEST_FIRST, 1);
        let cid = &members(&mut tx, &acme.id, &Filter::default(), &wanted)
            .await
            .unwrap()
            .items[0];
        assert_eq!(
            (cid.email.as_deref(), &cid.roles),
            (Some("Cid@example.com"), &keys(&["admin"]))
        );
    }
}

#[tokio::test]
async fn people_stay_when_their_organization_goes() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        let acme = organization(&cx, &mut tx, "Acme").await;
        let ada = person(&cx, &mut tx, "ada").await;
        add_member(&cx, &mut tx, &acme.id, &ada, &Rights::default())
            .await
            .unwrap();
        assert!(is_member(&cx, &mut tx, &acme.id, &ada).await.unwrap());
        record_sign_in(&cx, &mut tx, &acme.id, &ada).await.unwrap();
        let memberships = of_user(&mut tx, &ada).await.unwrap();
        assert_eq!(memberships[0].last_signed_in_at, Some(cx.now()));
        let of_users = of_users(&mut tx, &[&ada]).await.unwrap();
        assert_eq!(of_users, [(ada.clone(), acme.id.clone(), Some(cx.now()))]);
        delete(&cx, &mut tx, &acme.id).await.unwrap();
        assert!(of_user(&mut tx, &ada).await.unwrap().is_empty());
        assert!(users::find(&cx, &mut tx, &ada).await.unwrap().is_some());
        assert_eq!(count(&cx, &mut tx).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn nobody_joins_by_themselves_where_the_default_organization_keeps_its_door_shut() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let default = ensure_default(&cx).await.unwrap();
        let mut tx = cx.db().begin().await.unwrap();
        let ada = person(&cx, &mut tx, "ada").await;
        assert_eq!(
            join(&cx, &mut tx, &ada, None).await.unwrap(),
            Some(default.id.clone())
        );
        let shut = Changes {
            is_auto_membership_enabled: Some(false),
            ..Changes::default()
        };
        update(&cx, &mut tx, &default.id, shut).await.unwrap();
        let bea = person(&cx, &mut tx, "bea").await;
        assert_eq!(join(&cx, &mut tx, &bea, None).await.unwrap(), None);
    }
}
