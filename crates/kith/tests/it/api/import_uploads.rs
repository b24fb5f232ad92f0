//! Files that come bit by bit.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::harness::{Api, Kith};

/// More than two pieces of the store.
fn table() -> Vec<u8> {
    let mut text = "id,email,email_verified\n".to_owned();
    for n in 0..2_000 {
        writeln!(text, "{n},p{n}@example.com,TRUE{:700}", "").unwrap();
    }
    assert!(text.len() > 1_200_000);
    text.into_bytes()
}

/// An import that waits for its files, and the path of its first.
async fn begin(api: &Api, bytes: usize) -> (String, String) {
    let begun = api.post("/api/v1/imports/uploads", json!({})).await;
    let begun = begun.expect(201);
    assert_eq!(begun["import"]["state"], "uploading");
    let import = format!(
        "/api/v1/imports/{}",
        begun["import"]["id"].as_str().unwrap()
    );
    let file = json!({"name": "people.csv", "bytes": bytes});
    let file = api.post(&format!("{import}/files"), file).await.expect(201);
    assert_eq!(
        (&file["file"]["number"], &file["file"]["received"]),
        (&json!(0), &json!(0))
    );
    (import.clone(), format!("{import}/files/0"))
}

fn received(answer: &Value) -> usize {
    let received = answer["file"]["received"].as_u64().unwrap();
    usize::try_from(received).unwrap()
}

#[tokio::test]
async fn a_file_comes_bit_by_bit_to_any_node_and_no_bit_counts_twice() {
    Kith::each(async |mut kith| {
        let node = kith.add_node().await;
        let here = kith.api().await;
        let there = here.at(&kith.nodes[node]);
        let bytes = table();
        let (import, file) = begin(&here, bytes.len()).await;
        let put = async |api: &Api, from: usize, to: usize| {
            let path = format!("{file}?offset={from}");
            api.put_bytes(&path, bytes[from..to].to_vec()).await
        };
        assert_eq!(received(&put(&here, 0, 700_000).await.expect(200)), 700_000);
        // Once more, since the answer was lost; then with an overlap; then too far on.
        assert_eq!(
            received(&put(&there, 0, 700_000).await.expect(200)),
            700_000
        );
        let answer = put(&there, 600_000, 800_000).await.expect(200);
        assert_eq!(received(&answer), 800_000);
        let answer = put(&here, 900_000, 1_000_000).await;
        assert_eq!((answer.status, answer.error()), (409, "IMPORT_OFFSET"));
        let early = there.post(&format!("{import}/complete"), json!({})).await;
        assert_eq!((early.status, early.error()), (409, "IMPORT_OFFSET"));
        let files = there.get(&format!("{import}/files")).await.expect(200);
        assert_eq!(files["files"][0]["received"], 800_000);
        // Two bring the rest at once.
        let (one, two) = tokio::join!(
            put(&here, 800_000, bytes.len()),
            put(&there, 800_000, bytes.len())
        );
        assert_eq!(received(&one.expect(200)), bytes.len());
        assert_eq!(received(&two.expect(200)), bytes.len());
        let begun = there.post(&format!("{import}/complete"), json!({})).await;
        assert_eq!(begun.expect(200)["import"]["state"], "running");
        let installation = &kith.installation;
        kith::imports::work(&installation.app, &installation.environments)
            .await
            .unwrap();
        let done = here.get(&import).await.expect(200);
        assert_eq!(done["import"]["state"], "finished");
        assert_eq!(done["import"]["bytes_read"], bytes.len());
        assert_eq!(done["import"]["counts"]["created"], 2_000);
        let late = put(&here, 0, 10).await;
        assert_eq!((late.status, late.error()), (404, "IMPORT_FILE_NOT_FOUND"));
    })
    .await;
}

#[tokio::test]
async fn files_that_cannot_be_imported_wait_for_another_word() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let content = b"id,email\n1,ada@example.com\n".to_vec();
        let (import, file) = begin(&api, content.len()).await;
        api.put_bytes(&format!("{file}?offset=0"), content)
            .await
            .expect(200);
        let complete = async |source: &str| {
            let path = format!("{import}/complete?dry_run=true&source={source}");
            api.post(&path, json!({})).await
        };
        let refused = complete("nobody").await;
        assert_eq!((refused.status, refused.error()), (400, "INVALID_REQUEST"));
        assert_eq!(
            complete("kinde-csv").await.expect(200)["import"]["state"],
            "checking"
        );
        let more = api
            .post(&format!("{import}/files"), json!({"name": "more.csv"}))
            .await;
        assert_eq!((more.status, more.error()), (409, "IMPORT_STATE"));
    })
    .await;
}

#[tokio::test]
async fn an_upload_that_is_called_off_leaves_nothing_of_its_files() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let (import, file) = begin(&api, 3).await;
        let path = format!("{file}?offset=0");
        api.put_bytes(&path, b"id,".to_vec()).await.expect(200);
        let gone = api.delete(&import).await.expect(200);
        assert_eq!(gone["import"]["state"], "cancelled");
        let installation = &kith.installation;
        kith::imports::work(&installation.app, &installation.environments)
            .await
            .unwrap();
        let files = api.get(&format!("{import}/files")).await.expect(200);
        assert_eq!(files["files"], json!([]));
        let answer = api.put_bytes(&path, b"id,".to_vec()).await;
        assert_eq!(answer.error(), "IMPORT_FILE_NOT_FOUND");
        let answer = api.get("/api/v1/imports/nothing/files").await;
        assert_eq!(answer.error(), "IMPORT_NOT_FOUND");
    })
    .await;
}
