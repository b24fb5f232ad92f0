//! How long an answer takes tells nobody who has an account, nor from where they came (`docs/decisions/a-sign-in-takes-alike-long.md`).
//!
//! Medians of interleaved samples, so that a busy machine slows all of them alike, with a tolerance that is wide beside noise and narrow beside
//! what a missing hash would save: bcrypt of cost 11 takes many times what everything else of a request does. A busy moment can still
//! spoil a measurement, and a leak is there each time, so a measurement may be repeated.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use kith::credentials::password::{self as passwords, NewPassword, SetBy};
use kith::settings::{self, AttackProtection};
use kith::users;
use password::{Hash, Params, Workspace};
use wiremock::ResponseTemplate;

use super::drip_feed_workflow::{PROGRAMS, deploy, old_system};
use super::{PASSWORD, arrive, person};
use crate::harness::{Browser, Kith, Page};

/// How many samples of each kind of person a measurement takes.
const ROUNDS: usize = 9;

/// How often a measurement is repeated.
const TRIES: usize = 3;

/// Somebody, or nobody, whose password is about to be guessed.
struct Door {
    kind: &'static str,
    browser: Browser,
    form: Page,
    knocks: AtomicUsize,
}

/// The MD5 of `Correct-Horse_42`.
const MD5: &str = "a3c68e193330b110c76ba1a5098cc64c";

const BCRYPT_11: &str = "$2b$11$abcdefghijklmnopqrstuusdRCN/1WmgUHC4msDXrQGy7cAU8.Va.";

/// One person of each kind that there is.
async fn doors(kith: &Kith) -> Vec<Door> {
    let md5 = || Hash::parse("md5", MD5, &Params::default()).unwrap();
    let wrapped = md5().wrap(&[7; 16], &mut Workspace::new()).unwrap();
    let stored = [
        ("nopwd", None),
        ("weak0", Some(md5())),
        ("wrapp", Some(wrapped)),
        ("slow0", Some(Hash::recognize(BCRYPT_11).unwrap())),
    ];
    let cx = kith.cx();
    for (kind, hash) in stored {
        let user = person(&cx, &address(kind), "").await;
        if let Some(hash) = hash {
            let mut tx = cx.db().begin().await.unwrap();
            let new = NewPassword::set_by(SetBy::Import);
            passwords::put(&cx, &mut tx, &user, &hash, &new)
                .await
                .unwrap();
            tx.commit().await.unwrap();
        }
    }
    person(&cx, &address("nativ"), PASSWORD).await;
    let suspended = person(&cx, &address("suspd"), PASSWORD).await;
    let mut tx = cx.db().begin().await.unwrap();
    users::suspend(&cx, &mut tx, &suspended).await.unwrap();
    tx.commit().await.unwrap();
    let mut doors = Vec::new();
    for kind in [
        "nobod", "nopwd", "weak0", "wrapp", "slow0", "nativ", "suspd",
    ] {
        doors.push(Door::of(kith, kind).await);
    }
    doors
}

fn address(kind: &str) -> String {
    format!("{kind}@example.com")
}

async fn tolerate_failures(kith: &Kith) {
    let cx = kith.cx();
    let mut tx = cx.db().begin().await.unwrap();
    let tolerant = AttackProtection {
        max_failures: 1_000,
        ..AttackProtection::default()
    };
    settings::put(&cx, &mut tx, &tolerant).await.unwrap();
    tx.commit().await.unwrap();
}

impl Door {
    async fn of(kith: &Kith, kind: &'static str) -> Self {
        let (browser, page) = arrive(kith, "").await;
        let form = browser
            .submit(&page, &[("identifier", &address(kind))])
            .await;
        assert_eq!(form.status, 200, "{}", form.html);
        Self {
            kind,
            browser,
            form,
            knocks: AtomicUsize::new(0),
        }
    }

    /// How long the refusal of a wrong password takes, and its status.
    async fn knock(&self) -> (Duration, u16) {
        let began = Instant::now();
        // Each time another one, for the answer to the same would be remembered.
        let password = format!("wrong {}", self.knocks.fetch_add(1, Ordering::Relaxed));
        let page = self
            .browser
            .submit(&self.form, &[("password", &password)])
            .await;
        (began.elapsed(), page.status)
    }
}

/// The median of each kind, in the order of the doors. Each answer has this status.
async fn medians(doors: &[Door], status: u16) -> Vec<(&'static str, Duration)> {
    let mut samples = vec![Vec::with_capacity(ROUNDS); doors.len()];
    for _ in 0..ROUNDS {
        for (door, samples) in doors.iter().zip(&mut samples) {
            let (took, answered) = door.knock().await;
            assert_eq!(answered, status, "{}", door.kind);
            samples.push(took);
        }
    }
    let median = |(door, mut samples): (&Door, Vec<Duration>)| {
        samples.sort_unstable();
        (door.kind, samples[ROUNDS / 2])
    };
    doors.iter().zip(samples).map(median).collect()
}

/// Measures until the medians are alike.
async fn assert_alike(doors: &[Door], status: u16, is_alike: impl Fn(Duration, Duration) -> bool) {
    let mut seen = Vec::new();
    for _ in 0..TRIES {
        let medians = medians(doors, status).await;
        let all = || medians.iter().map(|(_, median)| *median);
        if is_alike(all().min().unwrap(), all().max().unwrap()) {
            return;
        }
        seen.push(medians);
    }
    panic!("the time of an answer tells people apart: {seen:#?}");
}

#[tokio::test]
async fn a_wrong_password_takes_alike_long_whatever_is_stored() {
    Kith::each(async |kith| {
        tolerate_failures(&kith).await;
        let doors = doors(&kith).await;
        // The first slow hash teaches how long the others wait.
        medians(&doors, 422).await;
        assert_alike(&doors, 422, |least, most| most < least.mul_f64(1.5)).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_takes_alike_long_whether_or_not_a_workflow_asks_elsewhere() {
    Kith::each(async |kith| {
        tolerate_failures(&kith).await;
        let slow = ResponseTemplate::new(401).set_delay(Duration::from_millis(250));
        let server = old_system(slow).await;
        deploy(&kith, &PROGRAMS[1], &server.uri()).await;
        let cx = kith.cx();
        person(&cx, &address("moved"), PASSWORD).await;
        person(&cx, &address("there"), "").await;
        let mut doors = Vec::new();
        for kind in ["moved", "there", "nobod"] {
            doors.push(Door::of(&kith, kind).await);
        }
        // The first no teaches how long the others take.
        medians(&doors, 422).await;
        assert_alike(&doors, 422, |least, most| {
            least > Duration::from_millis(250) && most < least.mul_f64(1.5)
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn whoever_is_locked_out_is_told_so_alike_soon() {
    Kith::each(async |kith| {
        let doors = doors(&kith).await;
        for door in &doors {
            let mut status = 0;
            for _ in 0..6 {
                status = door.knock().await.1;
            }
            assert_eq!(status, 429, "{}", door.kind);
        }
        // Nothing is hashed for anybody: less than a tenth of a second, which bcrypt alone would take, lies between them.
        let tolerance = Duration::from_millis(60);
        assert_alike(&doors, 429, |least, most| most < least + tolerance).await;
    })
    .await;
}
