use super::*;
use crate::testing::Installation;

fn campaign(per_minute: i64) -> Campaign {
    Campaign {
        id: "resets_01929904316d7b2c869f99dfea4ac394".parse().unwrap(),
        link: String::new(),
        per_minute,
        state: State::Running,
        n_written: 0,
        started_at: Timestamp::from_millis(0),
        ended_at: None,
        last_user_id: String::new(),
        next_at: Timestamp::from_millis(0),
    }
}

#[test]
fn no_minute_has_more_mails_than_wanted() {
    for per_minute in 1..=i64::from(QUICKEST) {
        let (at_once, pause) = campaign(per_minute).pace();
        let millis = i64::try_from(pause.as_millis()).unwrap();
        assert!(at_once * 60_000 <= per_minute * millis, "{per_minute}");
        assert!(at_once >= 1 && millis >= 100, "{per_minute}");
    }
    assert_eq!(campaign(60).pace(), (10, Duration::from_secs(10)));
    assert_eq!(campaign(1).pace(), (1, Duration::from_mins(1)));
}

#[tokio::test]
async fn one_campaign_runs_at_a_time_and_links_and_paces_are_looked_at() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let mut tx = cx.db().begin().await.unwrap();
        for link in [
            "",
            "example.com",
            "javascript:alert(1)",
            "mailto:a@example.com",
        ] {
            let refused = start(&cx, &mut tx, link, 60).await;
            assert!(matches!(refused, Err(StartError::Link)), "{link}");
        }
        for pace in [0, QUICKEST + 1] {
            let refused = start(&cx, &mut tx, "https://app.example.com", pace).await;
            assert!(matches!(refused, Err(StartError::Pace)), "{pace}");
        }
        let link = "https://app.example.com/login";
        start(&cx, &mut tx, link, 60).await.unwrap();
        let second = start(&cx, &mut tx, link, 60).await;
        assert!(matches!(second, Err(StartError::Running)));
        assert!(stop(&cx, &mut tx).await.unwrap());
        assert!(!stop(&cx, &mut tx).await.unwrap());
        start(&cx, &mut tx, link, 60).await.unwrap();
        tx.commit().await.unwrap();
    }
}
