//! The SQL of passwords, codes and lockouts.

pub(super) mod proofs;
pub(super) mod weak;

use db::{Error, FromRow, Row, Tx, Value, in_list, placeholders, rows, sql};

use super::former::Kind;
use super::lockout::Subject;
use super::proofs::Cohort;
use crate::context::Context;
use crate::id::{EnvironmentId, OneTimeCodeId, UserId};
use crate::time::Timestamp;

/// A password as it is stored.
#[derive(Clone)]
pub(super) struct StoredPassword {
    pub(super) scheme: String,
    pub(super) encoded: String,
    pub(super) params: Option<String>,
    pub(super) is_temporary: bool,
    pub(super) is_proved: bool,
    pub(super) imported_digest: Option<String>,
    pub(super) set_by: String,
    pub(super) cohort: Option<Cohort>,
    pub(super) updated_at: Timestamp,
    /// The environment of the person, while the hash is weak and waits to be wrapped.
    pub(super) weak_in: Option<EnvironmentId>,
}

impl FromRow for StoredPassword {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            scheme: row.get("scheme")?,
            encoded: row.get("encoded")?,
            params: row.get("params")?,
            is_temporary: row.get("is_temporary")?,
            is_proved: row.get("is_proved")?,
            imported_digest: row.get("imported_digest")?,
            set_by: row.get("set_by")?,
            cohort: row.get("cohort")?,
            updated_at: row.get("updated_at")?,
            weak_in: row.get("weak_in")?,
        })
    }
}

pub(super) async fn find_password(
    tx: &mut Tx,
    user: &UserId,
) -> Result<Option<StoredPassword>, Error> {
    sql("
        select scheme, encoded, params, is_temporary, is_proved, imported_digest, set_by, cohort, updated_at, weak_in
          from passwords
         where user_id = $1")
    .bind(user)
    .fetch_optional(tx)
    .await
}

/// The passwords of those of these people who have one.
pub(super) async fn find_passwords(
    tx: &mut Tx,
    users: &[&UserId],
) -> Result<Vec<(UserId, StoredPassword)>, Error> {
    let rows: Vec<OfUser> = sql(format!(
        "
        select user_id, scheme, encoded, params, is_temporary, is_proved, imported_digest, set_by, cohort, updated_at, weak_in
          from passwords
         where user_id in ({})",
        in_list(1, users.len())
    ))
    .bind_all(users.iter().map(|user| Value::from(*user)))
    .fetch_all(tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.user, row.password))
        .collect())
}

/// A password and whose it is.
struct OfUser {
    user: UserId,
    password: StoredPassword,
}

impl FromRow for OfUser {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            user: row.get("user_id")?,
            password: StoredPassword::from_row(row)?,
        })
    }
}

const PASSWORDS: &[&str] = &[
    "user_id",
    "scheme",
    "encoded",
    "params",
    "is_temporary",
    "is_proved",
    "imported_digest",
    "set_by",
    "cohort",
    "created_at",
    "updated_at",
    "weak_in",
];

/// Writes passwords, each over the person's former one.
pub(super) async fn put_passwords(
    tx: &mut Tx,
    passwords: Vec<(UserId, StoredPassword)>,
) -> Result<(), Error> {
    let mut all = rows("passwords", PASSWORDS);
    for (user, password) in passwords {
        all.push([
            user.into(),
            password.scheme.into(),
            password.encoded.into(),
            password.params.into(),
            password.is_temporary.into(),
            password.is_proved.into(),
            password.imported_digest.into(),
            password.set_by.into(),
            password.cohort.into(),
            password.updated_at.into(),
            password.updated_at.into(),
            password.weak_in.into(),
        ]);
    }
    all.upsert(
        tx,
        "on conflict (user_id) do update set
             scheme = excluded.scheme, encoded = excluded.encoded, params = excluded.params,
             is_temporary = excluded.is_temporary, is_proved = excluded.is_proved,
             imported_digest = excluded.imported_digest, set_by = excluded.set_by, cohort = excluded.cohort,
             updated_at = excluded.updated_at, weak_in = excluded.weak_in",
    )
    .await
}

/// Replaces a hash by another of the same password, unless something took its place meanwhile. Tells whether it did. What was
/// proved stays so.
///
/// The parameters are compared as well: an import may give the same digest again with its salt on the other side.
pub(super) async fn replace_hash(
    tx: &mut Tx,
    user: &UserId,
    old: &StoredPassword,
    new: &StoredPassword,
) -> Result<bool, Error> {
    let n_replaced = sql("
        update passwords
           set scheme = $4, encoded = $5, params = $6, is_proved = is_proved or $7, weak_in = $8
         where user_id = $1 and encoded = $2 and coalesce(params, '') = $3")
    .bind(user)
    .bind(&old.encoded)
    .bind(old.params.clone().unwrap_or_default())
    .bind(&new.scheme)
    .bind(&new.encoded)
    .bind(new.params.clone())
    .bind(new.is_proved)
    .bind(new.weak_in.clone())
    .execute(tx)
    .await?;
    Ok(n_replaced > 0)
}

/// Remembers that a sign-in has succeeded with the password that was set then.
pub(super) async fn mark_proved(
    tx: &mut Tx,
    user: &UserId,
    set_at: Timestamp,
) -> Result<(), Error> {
    sql("
        update passwords
           set is_proved = $3
         where user_id = $1 and updated_at = $2 and not is_proved")
    .bind(user)
    .bind(set_at)
    .bind(true)
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn delete_password(tx: &mut Tx, user: &UserId) -> Result<(), Error> {
    sql("delete from passwords where user_id = $1")
        .bind(user)
        .execute(tx)
        .await?;
    Ok(())
}

/// What somebody had in the former system, as it is stored.
pub(super) struct StoredFormer {
    pub(super) user: UserId,
    pub(super) kind: Kind,
    pub(super) number: i64,
    pub(super) content: String,
}

impl FromRow for StoredFormer {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            user: row.get("user_id")?,
            kind: row.get("kind")?,
            number: row.get("number")?,
            content: row.get("content")?,
        })
    }
}

pub(super) async fn insert_former(
    tx: &mut Tx,
    cx: &Context,
    rows: Vec<StoredFormer>,
) -> Result<(), Error> {
    for rows in rows.chunks(cx.db().rows_per_insert(5)) {
        sql(format!(
            "
            insert into former_credentials (user_id, kind, number, content, created_at)
            values {}
            on conflict do nothing",
            placeholders(rows.len(), 5)
        ))
        .bind_all(rows.iter().flat_map(|row| {
            [
                Value::from(&row.user),
                Value::from(row.kind.as_str()),
                Value::from(row.number),
                Value::from(row.content.as_str()),
                Value::from(cx.now()),
            ]
        }))
        .execute(tx)
        .await?;
    }
    Ok(())
}

pub(super) async fn former_of_people(
    tx: &mut Tx,
    people: &[&UserId],
) -> Result<Vec<StoredFormer>, Error> {
    let mut found = Vec::new();
    for some in people.chunks(500) {
        let mut rows = sql(format!(
            "
            select user_id, kind, number, content
              from former_credentials
             where user_id in ({})
             order by user_id, kind, number",
            in_list(1, some.len())
        ))
        .bind_all(some.iter().map(|user| Value::from(*user)))
        .fetch_all(tx)
        .await?;
        found.append(&mut rows);
    }
    Ok(found)
}

struct Attempts {
    failures: i64,
    locked_until: Option<Timestamp>,
}

impl FromRow for Attempts {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            failures: row.get("failures")?,
            locked_until: row.get("locked_until")?,
        })
    }
}

/// Counts one attempt in one statement, which is what makes it right under concurrency: a row that is locked stays as it is, one
/// whose lock is over begins anew, and the attempt that reaches the maximum locks. Returns the end of the lock when the attempt
/// was one too many.
pub(super) async fn count_attempt(
    tx: &mut Tx,
    cx: &Context,
    subject: &Subject,
    maximum: i64,
    lock_until: Timestamp,
) -> Result<Option<Timestamp>, Error> {
    let attempts: Attempts = sql("
        insert into lockouts (environment_id, subject, failures, locked_until, updated_at)
        values ($1, $2, 1, case when cast($4 as bigint) <= 1 then cast($5 as bigint) end, $3)
        on conflict (environment_id, subject) do update set
            failures = case
                when lockouts.locked_until > $3 then $4 + 1
                when lockouts.locked_until <= $3 then 1
                else lockouts.failures + 1 end,
            locked_until = case
                when lockouts.locked_until > $3 then lockouts.locked_until
                when lockouts.locked_until <= $3 then case when $4 <= 1 then $5 end
                when lockouts.failures + 1 >= $4 then $5 end,
            updated_at = $3
        returning failures, locked_until")
    .bind(&cx.environment().id)
    .bind(subject.as_str())
    .bind(cx.now())
    .bind(maximum)
    .bind(lock_until)
    .fetch_one(tx)
    .await?;
    Ok(attempts
        .locked_until
        .filter(|_| attempts.failures > maximum))
}

/// Undoes the last count, and the lock that came of it. Attempts that came during a lock are beyond `maximum`, and stay.
pub(super) async fn take_back_attempt(
    tx: &mut Tx,
    cx: &Context,
    subject: &Subject,
    maximum: i64,
) -> Result<(), Error> {
    sql("
        update lockouts
           set failures = failures - 1,
               locked_until = null
         where environment_id = $1
           and subject = $2
           and failures between 1 and $3")
    .bind(&cx.environment().id)
    .bind(subject.as_str())
    .bind(maximum)
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn locked_until(
    tx: &mut Tx,
    cx: &Context,
    subject: &Subject,
) -> Result<Option<Timestamp>, Error> {
    sql("select locked_until from lockouts where environment_id = $1 and subject = $2 and locked_until > $3")
        .bind(&cx.environment().id)
        .bind(subject.as_str())
        .bind(cx.now())
        .fetch_optional(tx)
        .await
}

pub(super) async fn forget_attempts(
    tx: &mut Tx,
    cx: &Context,
    subject: &Subject,
) -> Result<(), Error> {
    sql("delete from lockouts where environment_id = $1 and subject = $2")
        .bind(&cx.environment().id)
        .bind(subject.as_str())
        .execute(tx)
        .await?;
    Ok(())
}

/// A one-time code as it is stored.
pub(super) struct StoredCode {
    pub(super) code_hash: String,
    pub(super) attempts_left: i64,
    pub(super) expires_at: Timestamp,
}

impl FromRow for StoredCode {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            code_hash: row.get("code_hash")?,
            attempts_left: row.get("attempts_left")?,
            expires_at: row.get("expires_at")?,
        })
    }
}

/// Keeps a code; a former one for the same subject is worth nothing from then on.
pub(super) async fn put_code(
    tx: &mut Tx,
    cx: &Context,
    id: &OneTimeCodeId,
    subject: &str,
    code: &StoredCode,
) -> Result<(), Error> {
    sql("
        insert into one_time_codes (id, environment_id, subject, code_hash, attempts_left, expires_at, created_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (environment_id, subject) do update set
            id = excluded.id, code_hash = excluded.code_hash, attempts_left = excluded.attempts_left,
            expires_at = excluded.expires_at, created_at = excluded.created_at")
    .bind(id)
    .bind(&cx.environment().id)
    .bind(subject)
    .bind(&code.code_hash)
    .bind(code.attempts_left)
    .bind(code.expires_at)
    .bind(cx.now())
    .execute(tx)
    .await?;
    Ok(())
}

/// Takes one try from a code and returns the code, also where it had none left: it has fewer than zero then.
pub(super) async fn try_code(
    tx: &mut Tx,
    cx: &Context,
    subject: &str,
) -> Result<Option<StoredCode>, Error> {
    sql("
        update one_time_codes
           set attempts_left = attempts_left - 1
         where environment_id = $1 and subject = $2
        returning code_hash, attempts_left, expires_at")
    .bind(&cx.environment().id)
    .bind(subject)
    .fetch_optional(tx)
    .await
}

pub(super) async fn delete_code(tx: &mut Tx, cx: &Context, subject: &str) -> Result<(), Error> {
    sql("delete from one_time_codes where environment_id = $1 and subject = $2")
        .bind(&cx.environment().id)
        .bind(subject)
        .execute(tx)
        .await?;
    Ok(())
}

/// Deletes codes that expired before then, and counts of failures that have not changed since.
pub(super) async fn delete_expired(tx: &mut Tx, before: Timestamp) -> Result<(), Error> {
    sql("delete from one_time_codes where expires_at < $1")
        .bind(before)
        .execute(tx)
        .await?;
    sql("delete from lockouts where updated_at < $1")
        .bind(before)
        .execute(tx)
        .await?;
    Ok(())
}
