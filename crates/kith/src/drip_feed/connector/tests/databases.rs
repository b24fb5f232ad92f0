//! One's own table, in databases that run.

use super::*;

/// A table in the database of a test, which the connector is pointed at.
async fn table(url: &str) {
    use sqlx::Connection as _;
    let mut connection = sqlx::postgres::PgConnection::connect(url).await.unwrap();
    // MD5 of the password with a salt after it, as a home-made system might have it.
    sqlx::raw_sql(
        "create table old_users (id bigint, email text, password_hash text, scheme text, params text, is_suspended boolean);
         insert into old_users values
             (1, 'ada@example.com', '$2b$04$5rmThM2ix6sgjmKGsxfRSuH6mT7tAWMABXt1vu85vLzHZ6Jsd32bO', null, null, false),
             (2, 'bea@example.com', md5('Correct-Horse_42'), 'md5', null, false),
             (3, 'cyd@example.com', md5('Correct-Horse_42'), 'md5', null, true),
             (4, 'dan@example.com', md5('Correct-Horse_42'), null, null, false),
             (5, 'eve@example.com', null, null, null, false)",
    )
    .execute(&mut connection)
    .await
    .unwrap();
}

#[tokio::test]
async fn ones_own_table_is_asked_where_postgresql_runs() {
    let app = app().await;
    for installation in Installation::all().await {
        let url = installation.database_url().to_owned();
        if !url.starts_with("postgres") {
            continue;
        }
        table(&url).await;
        let query = "select id, email, password_hash, scheme, is_suspended from old_users where lower(email) = lower($1);";
        let ask = async |identifier| {
            let fields = [("database_url", url.as_str()), ("query", query)];
            self::ask(&app, "sql", &fields, identifier)
                .await
                .map(|person| person.provided_id)
        };
        assert_eq!(ask("BEA@example.com").await, Ok(Some("2".to_owned())));
        assert_eq!(ask("ada@example.com").await, Err(NotRight::Wrong));
        assert_eq!(ask("cyd@example.com").await, Err(NotRight::Locked));
        assert!(matches!(
            ask("dan@example.com").await,
            Err(NotRight::Unclear(_))
        ));
        assert_eq!(ask("eve@example.com").await, Err(NotRight::Wrong));
        assert_eq!(ask("nobody@example.com").await, Err(NotRight::Wrong));
        assert_eq!(ask("x' or '1'='1").await, Err(NotRight::Wrong));
        let look_up = async |identifier| {
            let fields = [("database_url", url.as_str()), ("query", query)];
            let found = self::look_up(&app, "sql", &fields, identifier).await;
            found.map(|found| found.and_then(|person| person.provided_id))
        };
        assert_eq!(look_up("EVE@example.com").await, Ok(Some("5".to_owned())));
        assert_eq!(look_up("cyd@example.com").await, Err(NotRight::Locked));
        assert_eq!(look_up("nobody@example.com").await, Ok(None));
        // Nothing that the query says is written.
        let fields = [
            ("database_url", url.as_str()),
            (
                "query",
                "delete from old_users where email = $1 returning email",
            ),
        ];
        let written = self::ask(&app, "sql", &fields, "bea@example.com").await;
        assert!(matches!(written, Err(NotRight::Unclear(_))), "{written:?}");
        assert_eq!(ask("bea@example.com").await, Ok(Some("2".to_owned())));
    }
}

/// The setting that names a database of a MySQL or MariaDB server; `cargo xtask test` starts one and sets it.
const MYSQL: &str = "KITH_TEST_MYSQL_URL";

#[tokio::test]
async fn ones_own_table_is_asked_where_mysql_runs() {
    use sqlx::Connection as _;
    #[expect(clippy::disallowed_methods, reason = "which server a test may use")]
    let Ok(url) = std::env::var(MYSQL) else {
        return;
    };
    let app = app().await;
    let table = format!("old_users_{}", hex::encode(app.random_bytes::<8>()));
    let mut connection = sqlx::mysql::MySqlConnection::connect(&url).await.unwrap();
    let made = format!(
        "create table {table} (id bigint unsigned, email varchar(100), password_hash varchar(100) collate utf8mb4_bin,
                               scheme varchar(20), params json, is_suspended tinyint(1), email_verified int);
         insert into {table} values
             (1, 'ada@example.com', '$2b$04$5rmThM2ix6sgjmKGsxfRSuH6mT7tAWMABXt1vu85vLzHZ6Jsd32bO', null, null, 0, 1),
             (2, 'bea@example.com', md5('Correct-Horse_42'), 'md5', null, 0, 1),
             (3, 'cyd@example.com', md5('Correct-Horse_42'), 'md5', null, 1, 1),
             (4, 'dan@example.com', md5('Correct-Horse_42'), null, null, 0, 1),
             (5, 'eve@example.com', null, null, null, 0, 0),
             (6, 'fay@example.com', md5('saltCorrect-Horse_42'), 'md5', '{{\"salt\": \"salt\", \"salt_position\": \"prefix\"}}', 0, null)"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(made))
        .execute(&mut connection)
        .await
        .unwrap();
    let query = format!("select * from {table} where lower(email) = lower($1) or email = $1;");
    let fields = [("database_url", url.as_str()), ("query", query.as_str())];
    let ask = async |identifier| {
        let told = self::ask(&app, "sql", &fields, identifier).await;
        told.map(|person| (person.provided_id, person.identities[0].verified))
    };
    let two = (Some("2".to_owned()), Some(true));
    assert_eq!(ask("BEA@example.com").await, Ok(two.clone()));
    assert_eq!(ask("ada@example.com").await, Err(NotRight::Wrong));
    assert_eq!(ask("cyd@example.com").await, Err(NotRight::Locked));
    let unclear = ask("dan@example.com").await;
    assert!(matches!(unclear, Err(NotRight::Unclear(_))), "{unclear:?}");
    assert_eq!(ask("eve@example.com").await, Err(NotRight::Wrong));
    let six = (Some("6".to_owned()), None);
    assert_eq!(ask("fay@example.com").await, Ok(six));
    for nobody in ["nobody@example.com", "x' or '1'='1"] {
        assert_eq!(ask(nobody).await, Err(NotRight::Wrong));
    }
    let found = look_up(&app, "sql", &fields, "eve@example.com").await;
    let eve = found.unwrap().unwrap();
    assert_eq!(eve.identities[0].verified, Some(false));
    let found = look_up(&app, "sql", &fields, "nobody@example.com").await;
    assert_eq!(found, Ok(None));
    // Nothing that the query says is written.
    let query = format!("delete from {table} where email = $1 returning email");
    let writes = [("database_url", url.as_str()), ("query", query.as_str())];
    let written = self::ask(&app, "sql", &writes, "bea@example.com").await;
    assert!(matches!(written, Err(NotRight::Unclear(_))), "{written:?}");
    assert_eq!(ask("bea@example.com").await, Ok(two));
    let dropped = format!("drop table {table}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(dropped))
        .execute(&mut connection)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_database_that_is_not_there_or_is_none_is_told() {
    let app = app().await;
    for url in ["postgres://127.0.0.1:9/none", "mysql://127.0.0.1:9/none"] {
        let fields = [("database_url", url), ("query", "select 1")];
        let told = ask(&app, "sql", &fields, "ada").await;
        assert!(matches!(told, Err(NotRight::Down(_))), "{told:?}");
    }
    for url in ["", "sqlite://x", "127.0.0.1", "postgres"] {
        let fields = [("database_url", url), ("query", "select 1")];
        let told = ask(&app, "sql", &fields, "ada").await;
        assert!(matches!(told, Err(NotRight::Unclear(_))), "{url}: {told:?}");
    }
}

/// What TLS asks for when it begins (RFC 8446 §4.1.2, RFC 6066 §3): the name of the server, in the clear.
#[tokio::test]
async fn a_database_is_met_at_the_address_that_was_judged_and_called_by_its_name() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let app = app().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let url = format!("postgres://ada@localhost:{port}/old?sslmode=require");
    let fields = [("database_url", url.as_str()), ("query", "select 1")];
    let greeted = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 8];
        stream.read_exact(&mut request).await.unwrap();
        stream.write_all(b"S").await.unwrap();
        let mut hello = vec![0; 2048];
        let length = stream.read(&mut hello).await.unwrap();
        hello.truncate(length);
        hello
    };
    let (told, hello) = futures::join!(ask(&app, "sql", &fields, "ada"), greeted);
    assert!(matches!(told, Err(NotRight::Down(_))), "{told:?}");
    let names = |name: &[u8]| hello.windows(name.len()).any(|part| part == name);
    assert!(names(b"localhost"));
}
