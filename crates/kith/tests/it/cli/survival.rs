//! What `kill -9` leaves of an import: nothing lost, nothing twice, and in the end the same as if nobody had killed it.
//!
//! The same for a server's node, whose work another node takes over, and for imports that meet one another.
//!
//! Nothing here depends on how fast the machine is. Moments are drawn at random (the seed is printed; `KITH_TEST_SEED` repeats
//! them), and whether a kill comes before the first row, amid a batch or after the last one, the story ends alike.

mod home;
mod node;

use std::time::{Duration, Instant};

use home::{Home, Moments, State};

/// As many as the promise speaks of.
const PEOPLE: usize = 100_000;
const KILLS: usize = 50;

#[tokio::test]
async fn a_killed_import_goes_on_where_it_was_and_has_everybody_once() {
    let mut moments = Moments::new();
    let rows = home::people(0..PEOPLE);
    let (expected, mut longest) = undisturbed(Home::sqlite().await, &rows).await;
    let mut kills = 0;
    while kills < KILLS {
        let home = Home::sqlite().await;
        home.write("users.csv", &rows);
        kills += import_under_fire(&home, KILLS - kills, longest, &mut moments);
        assert_eq!(home.state().await, expected);
        // Where the machine got faster meanwhile, the next import is hit earlier.
        longest /= 2;
    }
}

#[tokio::test]
async fn a_killed_import_into_postgresql_ends_as_if_it_had_not_been() {
    let Some(home) = Home::postgres().await else {
        return;
    };
    let mut moments = Moments::new();
    let rows = home::people(0..20_000);
    let reference = Home::postgres().await.expect("there is a server");
    let (expected, longest) = undisturbed(reference, &rows).await;
    home.write("users.csv", &rows);
    import_under_fire(&home, 10, longest, &mut moments);
    assert_eq!(home.state().await, expected);
}

#[tokio::test]
async fn another_node_takes_an_import_over_from_one_that_was_killed() {
    let Some(home) = Home::postgres().await else {
        return;
    };
    let mut moments = Moments::new();
    let rows = home::people(0..20_000);
    let reference = Home::postgres().await.expect("there is a server");
    let (expected, _) = undisturbed(reference, &rows).await;
    let one = home.node().await;
    let import = one.upload(rows).await;
    one.wait_until(&import, |run| run["counts"]["created"] != 0)
        .await;
    let other = home.node().await;
    std::thread::sleep(moments.within(Duration::from_millis(500)));
    drop(one);
    other
        .wait_until(&import, |run| run["state"] == "finished")
        .await;
    assert_eq!(home.state().await, expected);
}

#[tokio::test]
async fn two_imports_at_once_have_everybody_once() {
    let homes = [Some(Home::sqlite().await), Home::postgres().await];
    let references = [Some(Home::sqlite().await), Home::postgres().await];
    for (home, reference) in homes.into_iter().zip(references) {
        let (Some(home), Some(reference)) = (home, reference) else {
            continue;
        };
        reference.write("users.csv", &home::strangers(0..9_000));
        reference.kith(&["import", "kinde-csv", "users.csv"]);
        home.kith(&["bootstrap"]);
        // The first two are the same; the third one begins amid them and goes on beyond.
        home.write("one.csv", &home::strangers(0..6_000));
        home.write("two.csv", &home::strangers(0..6_000));
        home.write("three.csv", &home::strangers(3_000..9_000));
        let files = ["one.csv", "two.csv", "three.csv"];
        let imports = files.map(|file| home.spawn(&["import", "kinde-csv", file]));
        for mut import in imports {
            assert_eq!(import.wait().unwrap().code(), Some(0));
        }
        assert_eq!(home.people().await, reference.people().await);
    }
}

/// What an import of these rows leaves when nothing happens to it, and the longest to wait for a kill so that about [`KILLS`]
/// of them hit an import.
async fn undisturbed(home: Home, rows: &str) -> (State, Duration) {
    home.write("users.csv", rows);
    let started = Instant::now();
    home.kith(&["import", "list"]);
    let start_up = started.elapsed();
    let started = Instant::now();
    let said = home.kith(&["import", "kinde-csv", "users.csv"]);
    assert_eq!(said.code, 3, "{said:?}");
    let each = started.elapsed() / u32::try_from(KILLS).unwrap();
    (home.state().await, (start_up + each) * 2)
}

/// Begins an import, kills it at most so many times, each time at another moment, and goes on until it is finished. Returns
/// how many processes were killed.
fn import_under_fire(home: &Home, most: usize, longest: Duration, moments: &mut Moments) -> usize {
    let begin = ["import", "kinde-csv", "users.csv"];
    let mut kills = 0;
    let mut run = None;
    while kills < most && run.is_none() {
        kills += usize::from(home.is_killed_after(&begin, moments.within(longest)));
        run = home.last_run();
    }
    let run = run.unwrap_or_else(|| {
        home.kith(&begin);
        home.last_run().expect("an import is recorded")
    });
    let id = run["id"].as_str().unwrap().to_owned();
    let resume = ["import", "kinde-csv", "users.csv", "--resume", &id];
    while kills < most && home.is_killed_after(&resume, moments.within(longest)) {
        kills += 1;
    }
    // It may have been killed after its last batch, or be done.
    if home.last_run().unwrap()["state"] == "running" {
        let said = home.kith(&resume);
        assert_eq!(said.code, 3, "{said:?}");
    }
    kills
}
