//! The stories of roles and permissions, on both engines.

use super::permissions::{self, NewPermission};
use super::*;
use crate::context::Context;
use crate::id::{OrganizationId, PermissionId, UserId};
use crate::organizations::{self, NewMember, NewOrganization};
use crate::paging::{Order, Wanted};
use crate::testing::Installation;
use crate::users::{self, NewUser, Source};

async fn permission(cx: &Context, tx: &mut db::Tx, key: &str) -> PermissionId {
    let new = NewPermission {
        key: key.into(),
        ..NewPermission::default()
    };
    permissions::create(cx, tx, new).await.unwrap().id
}

async fn role(cx: &Context, tx: &mut db::Tx, key: &str) -> RoleId {
    let new = NewRole {
        key: key.into(),
        ..NewRole::default()
    };
    create(cx, tx, new).await.unwrap().id
}

async fn member(cx: &Context, tx: &mut db::Tx) -> (OrganizationId, UserId) {
    let new = NewOrganization {
        name: "Acme".into(),
        ..NewOrganization::default()
    };
    let organization = organizations::create(cx, tx, new).await.unwrap().id;
    let user = users::create_many(cx, tx, vec![NewUser::from(Source::Api)])
        .await
        .unwrap()
        .remove(0);
    let member = NewMember {
        organization: organization.clone(),
        user: user.clone(),
        roles: Vec::new(),
        permissions: Vec::new(),
    };
    organizations::add_members_many(cx, tx, &[member])
        .await
        .unwrap();
    (organization, user)
}

#[tokio::test]
async fn a_member_may_do_what_roles_and_direct_permissions_add_up_to() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        let (organization, user) = member(&cx, &mut tx).await;
        let read = permission(&cx, &mut tx, "read:reports").await;
        let write = permission(&cx, &mut tx, "write:reports").await;
        let admin = role(&cx, &mut tx, "admin").await;
        let added = add_permissions(&cx, &mut tx, &admin, &[read.clone(), read.clone()])
            .await
            .unwrap();
        assert_eq!(added, std::slice::from_ref(&read));
        assign(&cx, &mut tx, &organization, &user, &admin)
            .await
            .unwrap();
        assign(&cx, &mut tx, &organization, &user, &admin)
            .await
            .unwrap();
        grant(&cx, &mut tx, &organization, &user, &write)
            .await
            .unwrap();
        grant(&cx, &mut tx, &organization, &user, &read)
            .await
            .unwrap();
        let keys = permissions_of_member(&mut tx, &organization, &user)
            .await
            .unwrap();
        assert_eq!(keys, ["read:reports", "write:reports"]);
        let held = held_by_member(&mut tx, &organization, &user).await.unwrap();
        let from: Vec<usize> = held.iter().map(|one| one.roles.len()).collect();
        assert_eq!(from, [1, 0]);
        revoke(&cx, &mut tx, &organization, &user, &write)
            .await
            .unwrap();
        unassign(&cx, &mut tx, &organization, &user, &admin)
            .await
            .unwrap();
        let keys = permissions_of_member(&mut tx, &organization, &user)
            .await
            .unwrap();
        assert_eq!(keys, ["read:reports"]);
    }
}

#[tokio::test]
async fn only_members_have_roles() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        let (organization, user) = member(&cx, &mut tx).await;
        let admin = role(&cx, &mut tx, "admin").await;
        let stranger = cx.new_id();
        let refused = assign(&cx, &mut tx, &organization, &stranger, &admin).await;
        assert!(matches!(refused, Err(AssignError::NotAMember)));
        let unknown = cx.new_id();
        let refused = assign(&cx, &mut tx, &organization, &user, &unknown).await;
        assert!(matches!(refused, Err(AssignError::NoRole(_))));
        assign(&cx, &mut tx, &organization, &user, &admin)
            .await
            .unwrap();
        organizations::remove_member(&cx, &mut tx, &organization, &user)
            .await
            .unwrap();
        assert!(
            of_member(&mut tx, &organization, &user)
                .await
                .unwrap()
                .is_empty()
        );
    }
}

#[tokio::test]
async fn setting_roles_takes_the_others() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        let (organization, user) = member(&cx, &mut tx).await;
        let (a, b, c) = (
            role(&cx, &mut tx, "a").await,
            role(&cx, &mut tx, "b").await,
            role(&cx, &mut tx, "c").await,
        );
        for (set, expected) in [
            (vec![a.clone(), b], vec!["a", "b"]),
            (vec![a, c], vec!["a", "c"]),
            (vec![], vec![]),
        ] {
            set_roles(&cx, &mut tx, &organization, &user, &set)
                .await
                .unwrap();
            let keys: Vec<String> = of_member(&mut tx, &organization, &user)
                .await
                .unwrap()
                .into_iter()
                .map(|role| role.key)
                .collect();
            assert_eq!(keys, expected);
        }
    }
}

#[tokio::test]
async fn a_key_is_used_once() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        role(&cx, &mut tx, "admin").await;
        let reader = role(&cx, &mut tx, "reader").await;
        permission(&cx, &mut tx, "read").await;
        tx.commit().await.unwrap();
        let mut tx = cx.db().begin().await.unwrap();
        let again = NewRole {
            key: " admin ".into(),
            ..NewRole::default()
        };
        let refused = create(&cx, &mut tx, again).await;
        assert!(matches!(refused, Err(CreateError::KeyTaken)));
        drop(tx);
        let mut tx = cx.db().begin().await.unwrap();
        let changes = Changes {
            key: Some("admin".into()),
            ..Changes::default()
        };
        let refused = update(&cx, &mut tx, &reader, changes).await;
        assert!(matches!(
            refused,
            Err(UpdateError::Refused(CreateError::KeyTaken))
        ));
        drop(tx);
        let mut tx = cx.db().begin().await.unwrap();
        let again = NewPermission {
            key: "read".into(),
            ..NewPermission::default()
        };
        let refused = permissions::create(&cx, &mut tx, again).await;
        assert!(matches!(refused, Err(permissions::WriteError::KeyTaken(_))));
    }
}

#[tokio::test]
async fn keys_with_gaps_are_refused() {
    for key in ["", "  ", "read reports", "a,b", "a\u{0}b", &"k".repeat(256)] {
        assert_eq!(parse_key(key), Err(InvalidText::Key), "{key:?}");
    }
    assert_eq!(parse_key(" read:reports "), Ok("read:reports".to_owned()));
}

#[tokio::test]
async fn deleting_a_permission_takes_it_everywhere() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        let (organization, user) = member(&cx, &mut tx).await;
        let read = permission(&cx, &mut tx, "read").await;
        let new = NewRole {
            key: "admin".into(),
            assignment: Assignment::Holders(read.clone()),
            ..NewRole::default()
        };
        let admin = create(&cx, &mut tx, new).await.unwrap().id;
        add_permissions(&cx, &mut tx, &admin, std::slice::from_ref(&read))
            .await
            .unwrap();
        assign(&cx, &mut tx, &organization, &user, &admin)
            .await
            .unwrap();
        assert!(permissions::delete(&cx, &mut tx, &read).await.unwrap());
        assert!(!permissions::delete(&cx, &mut tx, &read).await.unwrap());
        let keys = permissions_of_member(&mut tx, &organization, &user)
            .await
            .unwrap();
        assert!(keys.is_empty());
        let refused = remove_permission(&cx, &mut tx, &admin, &read).await;
        assert!(matches!(refused, Err(ContentsError::NoPermission(_))));
        assert!(delete(&cx, &mut tx, &admin).await.unwrap());
        assert!(
            of_member(&mut tx, &organization, &user)
                .await
                .unwrap()
                .is_empty()
        );
    }
}

#[tokio::test]
async fn a_role_is_changed_in_part() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        let id = role(&cx, &mut tx, "admin").await;
        let changes = Changes {
            name: Some("Administrators".into()),
            is_default_role: Some(true),
            ..Changes::default()
        };
        update(&cx, &mut tx, &id, changes).await.unwrap();
        let role = find(&cx, &mut tx, &id).await.unwrap().unwrap();
        assert_eq!(
            (role.key.as_str(), role.name.as_str()),
            ("admin", "Administrators")
        );
        assert_eq!(default_roles(&cx, &mut tx).await.unwrap(), [role]);
    }
}

#[tokio::test]
async fn roles_are_listed_by_name_or_age() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        for key in ["c", "a", "b"] {
            role(&cx, &mut tx, key).await;
        }
        for (order, expected) in [
            ("name_asc", ["a", "b", "c"]),
            ("name_desc", ["c", "b", "a"]),
            ("id_asc", ["c", "a", "b"]),
        ] {
            let mut keys = Vec::new();
            let mut position = None;
            loop {
                let order: Order = order.parse().unwrap();
                let page = list(&cx, &mut tx, &Wanted::after(position, order, 2))
                    .await
                    .unwrap();
                keys.extend(page.items.into_iter().map(|role| role.key));
                position = page.next;
                if position.is_none() {
                    break;
                }
            }
            assert_eq!(keys, expected, "{order}");
        }
    }
}
