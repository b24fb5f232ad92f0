//! Others come in while an import runs.

use super::*;
use crate::context::Actor;
use crate::users::{EmailAddress, Identifier, NewIdentity, NewUser, Source};

/// So many that several transactions take several batches each.
const PEOPLE: usize = 20_000;

/// Somebody signs up who is in a row that a transaction to come brings, in the middle of its batches.
#[tokio::test]
async fn whoever_signs_up_meanwhile_is_one_person() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        organizations::ensure_default(&cx).await.unwrap();
        let file = TempFile::new("users.csv", &people(0, PEOPLE));
        let (started, inputs) = start(&cx, new_run(&[&file])).await.unwrap();
        let mut is_there = false;
        let mut committed = 0;
        let done = run(&cx, started, &Options::default(), inputs, |progress| {
            // The last batch may be empty.
            assert!(progress.tally.records >= committed, "nothing is taken back");
            committed = progress.tally.records;
            if !std::mem::replace(&mut is_there, true) {
                sign_up(&installation, "p15000@example.com");
            }
        })
        .await
        .unwrap();
        assert_eq!(done.tally, tally(19_999, 1, 0, 0));
        let one = person(&cx, "p15000@example.com").await.unwrap();
        assert_eq!(one.source, "sign_up");
        assert_eq!(one.provided_id.as_deref(), Some("15000"));
        let mut tx = cx.db().read().await.unwrap();
        let n_people = users::count(&cx, &mut tx).await.unwrap();
        assert_eq!(n_people, i64::try_from(PEOPLE).unwrap());
    }
}

/// At another node, which waits for nobody here.
fn sign_up(installation: &Installation, email: &str) {
    let at_the_node = async {
        let node = installation.another_node().await;
        let cx = node.at(installation.environments.production.clone(), Actor::System);
        let address = EmailAddress::parse(email).unwrap();
        let identity = NewIdentity::new(Identifier::Email(address), true);
        let new = NewUser {
            identities: vec![identity],
            ..NewUser::from(Source::SignUp)
        };
        let mut tx = cx.db().begin().await.unwrap();
        users::create(&cx, &mut tx, new, None).await.unwrap();
        tx.commit().await.unwrap();
    };
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(at_the_node);
        });
        thread.join().unwrap();
    });
}
