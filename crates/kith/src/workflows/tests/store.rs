//! Deployments, versions, keys, variables, and what becomes of them on another node.

use std::time::Duration;

use super::{World, another_node, caller, program, typed_by};
use crate::paging::{Order, Wanted};
use crate::secret::Secret;
use crate::workflows::deploy::{Source, Start, deploy};
use crate::workflows::secure::Encoding;
use crate::workflows::trigger::Trigger;
use crate::workflows::variables::{self, Change, Sensitivity};
use crate::workflows::versions::{self, State};
use crate::workflows::{WorkflowsError, changed, encryption_keys, fire, is_live, runs};

const EXISTING: &str = "user:existing_password_provided";

fn saying(word: &str) -> String {
    program(
        EXISTING,
        "bindings: { \"kinde.auth\": {} }",
        &format!("kinde.auth.denyAccess('{word}');"),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_is_live_and_an_older_one_can_be_again() {
    for world in World::all().await {
        let said = async || {
            world
                .effects(typed_by("a@example.com"))
                .await
                .denied
                .unwrap()
        };
        world
            .deploy(&[("Workflow.ts", &saying("one"))])
            .await
            .unwrap();
        assert_eq!(said().await, "one");
        let second = world
            .deploy(&[("Workflow.ts", &saying("two"))])
            .await
            .unwrap();
        assert_eq!(
            (second.workflows[0].number, said().await.as_str()),
            (2, "two")
        );
        let mut tx = world.cx.db().begin().await.unwrap();
        let all = versions::versions(&world.cx, &mut tx, "w").await.unwrap();
        assert_eq!(
            all.iter().map(|version| version.state).collect::<Vec<_>>(),
            [State::Live, State::Deployed]
        );
        versions::activate(&world.cx, &mut tx, "w", all[1].id.as_str())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        changed(&world.cx).await;
        assert_eq!(said().await, "one");
        let mut tx = world.cx.db().begin().await.unwrap();
        versions::deactivate(&world.cx, &mut tx, "w").await.unwrap();
        assert!(matches!(
            versions::deactivate(&world.cx, &mut tx, "w").await,
            Err(WorkflowsError::State(_))
        ));
        tx.commit().await.unwrap();
        changed(&world.cx).await;
        assert_eq!(world.fire(typed_by("a@example.com")).await.unwrap(), None);
        let mut tx = world.cx.db().begin().await.unwrap();
        versions::delete(&world.cx, &mut tx, "w").await.unwrap();
        assert!(versions::list(&world.cx, &mut tx).await.unwrap().is_empty());
        tx.commit().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_that_waits_changes_nothing() {
    for world in World::all().await {
        world
            .deploy(&[("Workflow.ts", &saying("one"))])
            .await
            .unwrap();
        let files = script::Files::from_iter([("Workflow.ts", saying("two"))]);
        deploy(
            &world.cx,
            files,
            &Source::Folder("/srv/flows".to_owned()),
            Start::Waiting,
        )
        .await
        .unwrap();
        assert_eq!(
            world
                .effects(typed_by("a@example.com"))
                .await
                .denied
                .as_deref(),
            Some("one")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_with_a_fault_is_not_deployed_at_all() {
    for world in World::all().await {
        let broken = "export const workflowSettings = { id: 'x', trigger: 'user:sneezed' };\nexport default () => {};";
        let error = world
            .deploy(&[("aWorkflow.ts", &saying("one")), ("bWorkflow.ts", broken)])
            .await
            .unwrap_err();
        assert!(error.to_string().contains("bWorkflow.ts:1:"), "{error}");
        let mut tx = world.cx.db().read().await.unwrap();
        assert!(versions::list(&world.cx, &mut tx).await.unwrap().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trigger_has_one_live_workflow_and_two_may_exchange_theirs() {
    for world in World::all().await {
        let of = |id: &str, trigger: &str| {
            program(trigger, "", "").replace("id: \"w\"", &format!("id: \"{id}\""))
        };
        let (a, b) = (of("a", EXISTING), of("b", "user:pre_registration"));
        world
            .deploy(&[("aWorkflow.ts", &a), ("bWorkflow.ts", &b)])
            .await
            .unwrap();
        let (a, b) = (of("a", "user:pre_registration"), of("b", EXISTING));
        world
            .deploy(&[("aWorkflow.ts", &a), ("bWorkflow.ts", &b)])
            .await
            .unwrap();
        let error = world
            .deploy(&[("cWorkflow.ts", &of("c", EXISTING))])
            .await
            .unwrap_err();
        assert!(
            matches!(error, WorkflowsError::TriggerTaken { ref workflow, .. } if workflow == "b"),
            "{error}"
        );
        let mut tx = world.cx.db().read().await.unwrap();
        assert_eq!(versions::list(&world.cx, &mut tx).await.unwrap().len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_node_notices_within_a_second() {
    for world in World::all().await {
        let other = another_node(&world).await;
        let mut tx = other.db().read().await.unwrap();
        assert!(
            !is_live(&other, &mut tx, Trigger::ExistingPassword)
                .await
                .unwrap()
        );
        drop(tx);
        world
            .deploy(&[("Workflow.ts", &saying("one"))])
            .await
            .unwrap();
        assert_eq!(
            fire(&other, typed_by("a@example.com"), &caller())
                .await
                .unwrap(),
            None
        );
        world.installation.advance(Duration::from_secs(1));
        let effects = fire(&other, typed_by("a@example.com"), &caller())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(effects.denied.as_deref(), Some("one"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sensitive_value_is_sealed_and_never_changed() {
    for world in World::all().await {
        let mut tx = world.cx.db().begin().await.unwrap();
        let (cx, tx) = (&world.cx, &mut tx);
        let secret = variables::create(
            cx,
            tx,
            "KEY",
            &Secret::new("hush-hush"),
            Sensitivity::Sensitive,
        )
        .await
        .unwrap();
        assert_eq!(secret.shown(), None);
        assert!(
            !format!(
                "{:?}",
                variables::find(cx, tx, secret.id.as_str()).await.unwrap()
            )
            .contains("hush")
        );
        let change = Change {
            value: Some(Secret::new("other")),
            ..Change::default()
        };
        let error = variables::update(cx, tx, secret.id.as_str(), change)
            .await
            .unwrap_err();
        assert!(matches!(error, WorkflowsError::SecretVariable(_)));
        let plain = variables::create(cx, tx, "PLAIN", &Secret::new("a"), Sensitivity::Plain)
            .await
            .unwrap();
        let change = Change {
            key: Some("OTHER".to_owned()),
            is_secret: Some(true),
            ..Change::default()
        };
        let now = variables::update(cx, tx, plain.id.as_str(), change)
            .await
            .unwrap();
        assert!(now.is_secret && now.shown().is_none() && now.key == "OTHER");
        for wrong in ["", "a b", "ü"] {
            let made =
                variables::create(cx, tx, wrong, &Secret::new("x"), Sensitivity::Plain).await;
            assert!(matches!(made, Err(WorkflowsError::InvalidVariable(_))));
        }
        variables::delete(cx, tx, plain.id.as_str()).await.unwrap();
        assert!(matches!(
            variables::delete(cx, tx, plain.id.as_str()).await,
            Err(WorkflowsError::UnknownVariable(_))
        ));
        let again = variables::create(cx, tx, "KEY", &Secret::new("x"), Sensitivity::Plain).await;
        assert!(matches!(again, Err(WorkflowsError::VariableTaken(_))));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_key_is_active_and_it_cannot_be_deleted() {
    for world in World::all().await {
        world
            .deploy(&[("Workflow.ts", &saying("one"))])
            .await
            .unwrap();
        let mut tx = world.cx.db().begin().await.unwrap();
        let (cx, tx) = (&world.cx, &mut tx);
        let (first, text) = encryption_keys::add(cx, tx, "w", Encoding::Base64Url)
            .await
            .unwrap();
        assert_eq!(text.reveal().len(), 44);
        let (second, _) = encryption_keys::add(cx, tx, "w", Encoding::Base64)
            .await
            .unwrap();
        let active = async |tx: &mut db::Tx| {
            let keys = encryption_keys::list(cx, tx, "w").await.unwrap();
            keys.into_iter()
                .filter(|key| key.is_active)
                .map(|key| key.id)
                .collect::<Vec<_>>()
        };
        assert_eq!(active(tx).await, std::slice::from_ref(&first));
        assert!(
            encryption_keys::delete(cx, tx, "w", first.as_str())
                .await
                .is_err()
        );
        encryption_keys::activate(cx, tx, "w", second.as_str())
            .await
            .unwrap();
        assert_eq!(active(tx).await, std::slice::from_ref(&second));
        encryption_keys::delete(cx, tx, "w", first.as_str())
            .await
            .unwrap();
        encryption_keys::deactivate(cx, tx, "w", second.as_str())
            .await
            .unwrap();
        assert!(active(tx).await.is_empty());
        assert!(
            encryption_keys::deactivate(cx, tx, "w", second.as_str())
                .await
                .is_err()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_are_found_by_text_and_forgotten_in_time() {
    for world in World::all().await {
        let text = program(
            EXISTING,
            "",
            "console.log('Seen ' + event.context.auth.providedEmail);",
        );
        world.deploy(&[("Workflow.ts", &text)]).await.unwrap();
        world.effects(typed_by("first@example.com")).await;
        world.last().await;
        world.effects(typed_by("second@example.com")).await;
        let found = async |text: &str| {
            let filter = runs::Filter {
                text: Some(text.to_owned()),
                ..runs::Filter::default()
            };
            let wanted = Wanted::first(Order::NEWEST_FIRST, 10);
            runs::list(&world.cx, &filter, &wanted)
                .await
                .unwrap()
                .items
                .len()
        };
        for _ in 0..200 {
            if found("SEEN second").await == 1 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(
            (
                found("seen").await,
                found("SEEN second").await,
                found("100%").await
            ),
            (2, 1, 0)
        );
        world
            .installation
            .advance(runs::KEPT + Duration::from_hours(1));
        runs::forget_old(&world.cx).await.unwrap();
        assert_eq!(found("seen").await, 0);
    }
}
