use super::*;
use crate::secret::Secret;
use crate::testing::Installation;

#[tokio::test]
async fn what_nobody_set_has_its_default() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().read().await.unwrap();
        let protection: AttackProtection = get(&mut tx, &cx.environment().id).await.unwrap();
        assert_eq!((protection.max_failures, protection.lock_minutes), (5, 5));
        let policies: Policies = get(&mut tx, &cx.environment().id).await.unwrap();
        assert!(policies.allow_self_sign_up);
    }
}

#[tokio::test]
async fn what_is_put_is_got_and_the_other_environment_keeps_its_own() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        for otp_minutes in [10, 20] {
            let policies = Policies {
                otp_minutes,
                ..Policies::default()
            };
            put(&cx, &mut tx, &policies).await.unwrap();
            let stored: Policies = get(&mut tx, &cx.environment().id).await.unwrap();
            assert_eq!(stored, policies);
        }
        let team = &installation.environments.team.id;
        assert_eq!(
            get::<Policies>(&mut tx, team).await.unwrap(),
            Policies::default()
        );
    }
}

#[tokio::test]
async fn only_the_first_hears_that_it_was_first() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        assert!(put_first(&cx, &mut tx, &Policies::default()).await.unwrap());
        let other = Policies {
            otp_minutes: 1,
            ..Policies::default()
        };
        assert!(!put_first(&cx, &mut tx, &other).await.unwrap());
        let stored: Policies = get(&mut tx, &cx.environment().id).await.unwrap();
        assert_eq!(stored, Policies::default());
    }
}

#[tokio::test]
async fn a_document_of_another_version_reads() {
    let policies: Policies =
        serde_json::from_str(r#"{"from_the_future": 1, "otp_minutes": 7}"#).unwrap();
    assert_eq!(policies.otp_minutes, 7);
    assert!(policies.allow_self_sign_up);
}

#[tokio::test]
async fn the_mail_servers_password_is_stored_sealed() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut sender = EmailSender::default();
        sender.set_password(&cx, Some(&Secret::new("hush")));
        let mut tx = cx.db().begin().await.unwrap();
        put(&cx, &mut tx, &sender).await.unwrap();
        let document = store::find(&mut tx, &cx.environment().id, EmailSender::NAME)
            .await
            .unwrap()
            .unwrap();
        assert!(!document.contains("hush"));
        let stored: EmailSender = get(&mut tx, &cx.environment().id).await.unwrap();
        assert_eq!(stored.password(&cx).unwrap(), Some(Secret::new("hush")));
        sender.set_password(&cx, None);
        assert!(!sender.has_password());
    }
}
