//! Weak hashes on both engines: wrapped without their owners, who notice nothing.

use db::Tx;
use password::{Hash, Params};

use super::*;
use crate::credentials::lockout::Subject;
use crate::credentials::password::{
    NewPassword, SetBy, Verified, check, put, put_imported, status,
};
use crate::credentials::proofs::Cohort;
use crate::secret::Secret;
use crate::testing::Installation;
use crate::users::{self, NewUser, Source};

const PASSWORD: &str = "Correct-Horse_42";
const MD5: &str = "a3c68e193330b110c76ba1a5098cc64c";
/// MD5 of `s4lty` and the password, and of the password and `s4lty`.
const PREFIXED: &str = "641667a22c9dec5d6159b514a0d9c702";
const SUFFIXED: &str = "f9931767020d314ca953df2899b6017e";

fn salted(encoded: &str, position: &str) -> Hash {
    let params = Params {
        salt: Some("s4lty".to_owned()),
        salt_position: Some(position.to_owned()),
        ..Params::default()
    };
    Hash::parse("md5", encoded, &params).unwrap()
}

async fn person(cx: &Context, tx: &mut Tx) -> UserId {
    let mut made = users::create_many(cx, tx, vec![NewUser::from(Source::Api)])
        .await
        .unwrap();
    made.remove(0)
}

/// People with these imported hashes.
async fn imported(cx: &Context, hashes: Vec<Hash>) -> Vec<UserId> {
    let mut tx = cx.db().begin().await.unwrap();
    let mut passwords = Vec::new();
    for hash in hashes {
        passwords.push((person(cx, &mut tx).await, hash, Cohort::new(1)));
    }
    let people = passwords.iter().map(|(user, ..)| user.clone()).collect();
    put_imported(cx, &mut tx, passwords).await.unwrap();
    tx.commit().await.unwrap();
    people
}

async fn scheme_of(cx: &Context, user: &UserId) -> String {
    let mut tx = cx.db().read().await.unwrap();
    status(&mut tx, user).await.unwrap().unwrap().scheme
}

async fn sign_in(cx: &Context, user: &UserId) -> bool {
    let subject = Subject::user(user);
    let outcome = check(cx, Some(user), &subject, &Secret::new(PASSWORD)).await;
    matches!(outcome, Ok(Verified { .. }))
}

#[tokio::test]
async fn imported_weak_hashes_are_wrapped_and_their_owners_notice_nothing() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let bcrypt = "$2a$10$N9qo8uLOickgx2ZMRZoMye523wyQDvdvMv.I4a2/IIf55jokMUeVG";
        let hashes = vec![
            Hash::parse("md5", MD5, &Params::default()).unwrap(),
            salted(PREFIXED, "prefix"),
            Hash::recognize("{SHA}JRpFXYfCg/HkHZKLY/pog/qAO34=").unwrap(),
            Hash::recognize(bcrypt).unwrap(),
        ];
        let people = imported(&cx, hashes).await;
        assert_eq!(count(&cx).await.unwrap(), 3);
        let digest = |status: Option<crate::credentials::password::Status>| {
            status.unwrap().imported_digest.unwrap()
        };
        let mut tx = cx.db().read().await.unwrap();
        let before = digest(status(&mut tx, &people[0]).await.unwrap());
        drop(tx);

        wrap_all(&cx).await.unwrap();

        assert_eq!(count(&cx).await.unwrap(), 0);
        for user in &people[..3] {
            assert_eq!(scheme_of(&cx, user).await, "wrapped");
        }
        assert_eq!(scheme_of(&cx, &people[3]).await, "bcrypt");
        let mut tx = cx.db().read().await.unwrap();
        let stored = store::find_password(&mut tx, &people[0])
            .await
            .unwrap()
            .unwrap();
        assert!(!stored.encoded.contains(MD5));
        assert_eq!(stored.imported_digest.as_deref(), Some(before.as_str()));
        drop(tx);
        for user in &people[..3] {
            assert!(sign_in(&cx, user).await);
            assert_eq!(scheme_of(&cx, user).await, "argon2id");
        }
    }
}

#[tokio::test]
async fn the_file_of_the_database_has_nothing_of_the_old_digest() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let Some(path) = installation.database_url().strip_prefix("sqlite://") else {
            continue;
        };
        let md5 = Hash::parse("md5", MD5, &Params::default()).unwrap();
        imported(&cx, vec![md5; 40]).await;
        wrap_all(&cx).await.unwrap();
        for file in [path.to_owned(), format!("{path}-wal")] {
            let bytes = std::fs::read(file).unwrap_or_default();
            let n_left = bytes
                .windows(MD5.len())
                .filter(|window| *window == MD5.as_bytes());
            assert_eq!(n_left.count(), 0);
        }
    }
}

#[tokio::test]
async fn whoever_signs_in_while_their_hash_is_wrapped_keeps_the_better_one() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let people = imported(&cx, vec![salted(PREFIXED, "prefix")]).await;
        let user = &people[0];
        let mut tx = cx.db().read().await.unwrap();
        let mut waiting = store::weak::still_waiting(&mut tx, &people).await.unwrap();
        drop(tx);
        let row = waiting.remove(0);
        let new = wrapped(&cx, &row, &mut Workspace::new());
        // The sign-in is quicker.
        assert!(sign_in(&cx, user).await);
        let mut tx = cx.db().begin().await.unwrap();
        let replaced = store::replace_hash(&mut tx, user, &row.stored, &new).await;
        assert!(!replaced.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(scheme_of(&cx, user).await, "argon2id");
        assert!(sign_in(&cx, user).await);
    }
}

#[tokio::test]
async fn a_hash_that_is_imported_again_with_another_salt_position_is_not_overwritten() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let people = imported(&cx, vec![salted(SUFFIXED, "prefix")]).await;
        let mut tx = cx.db().read().await.unwrap();
        let mut waiting = store::weak::still_waiting(&mut tx, &people).await.unwrap();
        drop(tx);
        let row = waiting.remove(0);
        let new = wrapped(&cx, &row, &mut Workspace::new());
        let mut tx = cx.db().begin().await.unwrap();
        let suffixed = salted(SUFFIXED, "suffix");
        let right = vec![(people[0].clone(), suffixed, Cohort::new(2))];
        put_imported(&cx, &mut tx, right).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = cx.db().begin().await.unwrap();
        let replaced = store::replace_hash(&mut tx, &people[0], &row.stored, &new).await;
        assert!(!replaced.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(count(&cx).await.unwrap(), 1);
        wrap_all(&cx).await.unwrap();
        assert!(sign_in(&cx, &people[0]).await);
    }
}

#[tokio::test]
async fn a_password_that_is_set_here_never_waits() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let people = imported(&cx, vec![salted(PREFIXED, "prefix")]).await;
        let password = Secret::new("another password");
        let hash = cx.hashing().hash(&password, [7; 16]).await.unwrap();
        let mut tx = cx.db().begin().await.unwrap();
        let new = NewPassword::set_by(SetBy::User);
        put(&cx, &mut tx, &people[0], &hash, &new).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(count(&cx).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn two_nodes_wrap_side_by_side_and_each_hash_is_wrapped_once() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let md5 = Hash::parse("md5", MD5, &Params::default()).unwrap();
        let people = imported(&cx, vec![md5; 80]).await;
        let other = installation.another_node().await;
        let (one, two) = tokio::join!(wrap_all(&cx), wrap_all(&other));
        one.unwrap();
        two.unwrap();
        assert_eq!(count(&cx).await.unwrap(), 0);
        for user in &people {
            assert_eq!(scheme_of(&cx, user).await, "wrapped");
        }
        assert!(sign_in(&cx, &people[79]).await);
    }
}
