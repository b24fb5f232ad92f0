//! Writing a batch: people, passwords, memberships, notes and the run's new position, in one transaction.
//!
//! People are made by the use cases that everybody uses, many at a time. Changes to people who are here come after all who are
//! new, each in the order of its row.

use std::collections::HashSet;

use db::{Error, Tx};
use import::own::{Own, OwnIdentity};
use import::plan::Changes;
use import::source::Row;
use import::{Passkey, Problem, RecoveryCode, Totp, UserRecord};
use password::Hash;

use super::batch::{find_people, repeated, with_policy};
use super::former::Former;
use super::fresh::Fresh;
use super::journal::{Before, keep_made};
use super::known::{Known, Target};
use super::planning::{Planned, plan_rows};
use super::resolve::Directory;
use super::{Options, Run, cohorts, definitions, store};
use crate::context::Context;
use crate::credentials::former::{self, Former as Credential};
use crate::credentials::moved::{self, Moved};
use crate::credentials::password as passwords;
use crate::id::{IdentityId, ImportRunId, UserId};
use crate::organizations::{self, NewMember, Organization, Standing};
use crate::time::Timestamp;
use crate::users::{
    self, AddIdentityError, CreateError, Kept, KeptIdentity, NewIdentity, NewUser, Source,
    TakenIds, UpdateError,
};

/// A batch was not written.
#[derive(Debug, thiserror::Error)]
pub(super) enum WriteError {
    /// Somebody took an address or an id, or deleted a role, between our looking and our writing.
    #[error("somebody else was faster")]
    Overtaken,
    /// Somebody else works on the run by now.
    #[error("somebody else goes on with the run")]
    TakenOver,
    /// The database failed.
    #[error(transparent)]
    Db(Error),
}

impl From<Error> for WriteError {
    fn from(error: Error) -> Self {
        match error {
            Error::UniqueViolation { .. } | Error::ForeignKeyViolation | Error::Busy(_) => {
                Self::Overtaken
            }
            error => Self::Db(error),
        }
    }
}

impl From<CreateError> for WriteError {
    fn from(error: CreateError) -> Self {
        match error {
            CreateError::IdentityTaken
            | CreateError::ProvidedIdTaken
            | CreateError::Join(organizations::JoinError::NoOrganization(_)) => Self::Overtaken,
            CreateError::Db(error) | CreateError::Join(organizations::JoinError::Db(error)) => {
                error.into()
            }
        }
    }
}

impl From<UpdateError> for WriteError {
    fn from(error: UpdateError) -> Self {
        match error {
            UpdateError::NotFound(_) | UpdateError::ProvidedIdTaken => Self::Overtaken,
            UpdateError::Db(error) => error.into(),
        }
    }
}

impl From<AddIdentityError> for WriteError {
    fn from(error: AddIdentityError) -> Self {
        match error {
            AddIdentityError::NotFound(_) | AddIdentityError::Taken => Self::Overtaken,
            AddIdentityError::Db(error) => error.into(),
        }
    }
}

/// A transaction that writes batches.
pub(super) struct Writing<'a> {
    cx: &'a Context,
    options: &'a Options,
    fresh: &'a mut Fresh,
    /// The default organization, looked up once: each statement would wait for the rows that are being inserted.
    default: Option<Organization>,
    pub(super) tx: Tx,
    /// The run as the transaction leaves it.
    pub(super) run: Run,
}

impl<'a> Writing<'a> {
    /// Begins a transaction.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn begin(
        cx: &'a Context,
        run: &Run,
        options: &'a Options,
        fresh: &'a mut Fresh,
    ) -> Result<Self, Error> {
        let mut tx = cx.db().begin().await?.in_bulk();
        Ok(Self {
            default: organizations::default(cx, &mut tx).await?,
            cx,
            options,
            fresh,
            tx,
            run: run.clone(),
        })
    }

    /// Writes the rows of a batch, which are of one file. The last of them may still be on their way when this answers, so that the
    /// next batch is planned meanwhile; what they fail with is answered later.
    ///
    /// # Errors
    /// [`WriteError`]; nothing of the transaction can be kept then.
    pub(super) async fn rows(
        &mut self,
        file: i64,
        mut rows: Vec<Result<Row, Problem>>,
    ) -> Result<(), WriteError> {
        let Self {
            cx,
            options,
            fresh,
            default,
            tx,
            run,
        } = self;
        let defined = definitions::write(cx, tx, &mut rows).await?;
        if !defined.is_empty() {
            *default = organizations::default(cx, tx).await?;
        }
        let records = || rows.iter().flatten().map(|row| &row.record);
        let directory = Directory::load_beside(cx, tx, default.clone(), records()).await?;
        let doubtful = fresh.doubtful(records());
        let mut known = Known::here(find_people(cx, tx, Some(&run.id), &doubtful).await?);
        fresh.add(records());
        let repeated = repeated(&rows);
        let mut planned = with_policy(cx, options, |policy| {
            plan_rows(rows, &mut known, &repeated, &directory, policy)
        });
        planned.add_definitions(defined);
        run.tally += planned.tally;
        let mix = run.summary.mix.clone();
        planned.add_to(&mut run.summary);
        cohorts::remember(tx, &run.id, &mix, &run.summary.mix).await?;
        let Planned {
            new,
            changed,
            notes,
            ..
        } = planned;
        tx.caught_up().await?;
        let mut load = Load::default();
        let are_own: Vec<bool> = new.iter().map(|record| record.own.is_some()).collect();
        let source = Source::Import {
            source: import::source::find(&run.source).map_or("import", |source| source.name),
            run: run.id.clone(),
        };
        let ids = load.create(cx, tx, &source, &directory, new).await?;
        let own = ids.iter().zip(are_own).filter(|(_, is_own)| *is_own);
        let own: Vec<UserId> = own.map(|(user, _)| user.clone()).collect();
        let here = changed.iter().filter_map(|(target, _)| match target {
            Target::Here(user) => Some(user.clone()),
            Target::New(_) => None,
        });
        let before = Before::read(tx, here.collect()).await?;
        for (target, changes) in changed {
            let user = match target {
                Target::Here(user) => user,
                Target::New(index) => ids[index].clone(),
            };
            load.change(cx, tx, &directory, user, changes).await?;
        }
        load.write_passwords(cx, tx, &run.id).await?;
        load.write(cx, tx).await?;
        before.keep(cx, tx, run).await?;
        keep_made(cx, tx, run, &own).await?;
        store::refusals::insert_many(tx, &run.id, file, &notes).await?;
        Ok(())
    }
}

/// What is written for many people at once.
#[derive(Default)]
pub(super) struct Load {
    pub(super) passwords: Vec<(UserId, Hash)>,
    /// Of people from another installation of ours, who are new here.
    moved: Vec<(UserId, Moved)>,
    standings: Vec<Standing>,
    members: Vec<NewMember>,
    former_ids: Vec<(UserId, String)>,
    credentials: Vec<(UserId, Credential)>,
}

impl Load {
    /// Makes people and returns their ids in the same order.
    pub(super) async fn create(
        &mut self,
        cx: &Context,
        tx: &mut Tx,
        source: &Source,
        directory: &Directory,
        mut records: Vec<UserRecord>,
    ) -> Result<Vec<UserId>, WriteError> {
        let taken = taken_ids(tx, &records).await?;
        let new = records
            .iter_mut()
            .map(|record| new_user(record, source.clone(), cx.now(), &taken))
            .collect();
        let ids = users::create_many(cx, tx, new).await?;
        for (user, mut record) in ids.iter().zip(records) {
            if let Some(own) = record.own.take() {
                self.keep(directory, user, *own, &mut record);
            } else {
                self.members
                    .append(&mut directory.members(user, &record.organizations));
            }
            self.passwords
                .extend(record.password.map(|hash| (user.clone(), hash)));
            let former = record.alternate_ids.into_iter();
            self.former_ids.extend(former.map(|id| (user.clone(), id)));
            let factors = credentials(record.totp, record.recovery_codes, record.passkeys);
            self.credentials
                .extend(factors.map(|factor| (user.clone(), factor)));
        }
        Ok(ids)
    }

    /// Keeps what a new person has of another installation of ours.
    fn keep(&mut self, directory: &Directory, user: &UserId, own: Own, record: &mut UserRecord) {
        self.standings.append(&mut directory.standings(user, &own));
        self.members
            .append(&mut directory.members(user, &record.organizations));
        if let Some(password) = own.password
            && let Some(hash) = record.password.take()
        {
            let moved = Moved {
                hash,
                own: password,
            };
            self.moved.push((user.clone(), moved));
        }
    }

    /// Changes a person; what can be written for many at once waits for [`Load::write`].
    pub(super) async fn change(
        &mut self,
        cx: &Context,
        tx: &mut Tx,
        directory: &Directory,
        user: UserId,
        changes: Changes,
    ) -> Result<(), WriteError> {
        change_profile(cx, tx, &user, &changes).await?;
        for identity in &changes.identities {
            let new = NewIdentity {
                identifier: identity.identifier.clone(),
                is_verified: identity.is_verified(),
                is_primary: identity.primary,
                profile: identity.profile.as_ref().map(ToString::to_string),
            };
            users::add_identity(cx, tx, &user, new).await?;
        }
        if !changes.verify.is_empty() {
            for identity in users::identities(tx, &user).await? {
                let is_it =
                    |proven: &users::Identifier| proven.is(&identity.kind, &identity.folded);
                if changes.verify.iter().any(is_it) {
                    users::verify_identity(cx, tx, &identity.id).await?;
                }
            }
        }
        if changes.suspend {
            users::suspend(cx, tx, &user).await?;
        } else if let Some(until) = changes.suspended_until {
            users::suspend_until(cx, tx, &user, Timestamp::from_millis(until)).await?;
        }
        if changes.must_reset_password == Some(true) {
            users::request_password_reset(cx, tx, &user).await?;
        }
        let factors = credentials(changes.totp, changes.recovery_codes, changes.passkeys);
        self.credentials
            .extend(factors.map(|factor| (user.clone(), factor)));
        self.members
            .append(&mut directory.members(&user, &changes.memberships));
        let former = changes.alternate_ids.into_iter();
        self.former_ids.extend(former.map(|id| (user.clone(), id)));
        self.passwords
            .extend(changes.password.map(|hash| (user, hash)));
        Ok(())
    }

    /// Writes the passwords as those of an import, each with its cohort.
    async fn write_passwords(
        &mut self,
        cx: &Context,
        tx: &mut Tx,
        run: &ImportRunId,
    ) -> Result<(), Error> {
        let passwords = std::mem::take(&mut self.passwords);
        let passwords = passwords.into_iter().map(|(user, hash)| {
            let cohort = cohorts::of_hash(run, &hash);
            (user, hash, cohort)
        });
        passwords::put_imported(cx, tx, passwords.collect()).await
    }

    /// Writes everything but the passwords.
    pub(super) async fn write(self, cx: &Context, tx: &mut Tx) -> Result<(), Error> {
        moved::put_moved(cx, tx, self.moved).await?;
        organizations::add_standings(cx, tx, &self.standings).await?;
        organizations::add_members_many(cx, tx, &self.members).await?;
        store::former::insert_ids(tx, cx, &self.former_ids).await?;
        former::keep(cx, tx, &self.credentials).await
    }
}

/// What somebody proved themselves with beside a password.
fn credentials(
    totp: Vec<Totp>,
    recovery_codes: Vec<RecoveryCode>,
    passkeys: Vec<Passkey>,
) -> impl Iterator<Item = Credential> {
    let totp = totp.into_iter().map(Credential::Totp);
    let codes = recovery_codes.into_iter().map(Credential::RecoveryCode);
    let passkeys = passkeys.into_iter().map(Credential::Passkey);
    totp.chain(codes).chain(passkeys)
}

/// The person that a record makes. What is not theirs to hold stays in the record.
fn new_user(record: &mut UserRecord, source: Source, now: Timestamp, taken: &TakenIds) -> NewUser {
    let former = Former::of(record);
    let suspended_until = record.suspended_until.map(Timestamp::from_millis);
    let is_suspended = record.suspended.unwrap_or(false);
    NewUser {
        kept: record.own.as_ref().map(|own| Box::new(kept(own, taken))),
        provided_id: record.provided_id.take(),
        given_name: record.given_name.take(),
        family_name: record.family_name.take(),
        picture: record.picture.take(),
        identities: std::mem::take(&mut record.identities)
            .into_iter()
            .map(|identity| NewIdentity {
                is_verified: identity.is_verified(),
                is_primary: identity.primary,
                profile: identity.profile.map(|profile| profile.to_string()),
                identifier: identity.identifier,
            })
            .collect(),
        locale: record.locale.take().map(|locale| locale.to_string()),
        is_suspended: is_suspended || suspended_until.is_some_and(|until| now < until),
        suspended_until: suspended_until.filter(|_| !is_suspended),
        is_password_reset_requested: record.must_reset_password.unwrap_or(false),
        properties: former.to_text(),
        last_signed_in_at: record.last_sign_in_at.map(Timestamp::from_millis),
        ..NewUser::from(source)
    }
}

/// What a person keeps of another installation of ours; a new id takes the place of one that somebody has.
fn kept(own: &Own, taken: &TakenIds) -> Kept {
    let id: Option<UserId> = own.id.parse().ok();
    let identity = |own: &OwnIdentity| {
        let id: Option<IdentityId> = own.id.parse().ok();
        KeptIdentity {
            id: id.filter(|id| !taken.identities.contains(id)),
            total_sign_ins: own.total_sign_ins,
            last_signed_in_at: own.last_sign_in_at.map(Timestamp::from_millis),
            created_at: Timestamp::from_millis(own.created_at),
        }
    };
    Kept {
        id: id.filter(|id| !taken.users.contains(id)),
        source: own.source.clone(),
        total_sign_ins: own.total_sign_ins,
        failed_sign_ins: own.failed_sign_ins,
        created_at: Timestamp::from_millis(own.created_at),
        updated_at: Timestamp::from_millis(own.updated_at),
        identities: own.identities.iter().map(identity).collect(),
    }
}

/// Which of the ids that these people had elsewhere are taken here; two of them may not have the same either.
async fn taken_ids(tx: &mut Tx, records: &[UserRecord]) -> Result<TakenIds, Error> {
    let (mut users, mut identities) = (HashSet::new(), HashSet::new());
    let mut twice = TakenIds::default();
    for own in records.iter().filter_map(|record| record.own.as_ref()) {
        if let Ok(id) = own.id.parse::<UserId>()
            && !users.insert(id.clone())
        {
            twice.users.insert(id);
        }
        for identity in &own.identities {
            if let Ok(id) = identity.id.parse::<IdentityId>()
                && !identities.insert(id.clone())
            {
                twice.identities.insert(id);
            }
        }
    }
    if users.is_empty() {
        return Ok(twice);
    }
    let users: Vec<&UserId> = users.iter().collect();
    let identities: Vec<&IdentityId> = identities.iter().collect();
    let mut taken = users::taken_ids(tx, &users, &identities).await?;
    taken.users.extend(twice.users);
    taken.identities.extend(twice.identities);
    Ok(taken)
}

async fn change_profile(
    cx: &Context,
    tx: &mut Tx,
    user: &UserId,
    changes: &Changes,
) -> Result<(), WriteError> {
    let changes_properties = !(changes.properties.is_empty()
        && changes.private_properties.is_empty()
        && changes.feature_flags.is_empty());
    let properties = if changes_properties {
        let before = users::find(cx, tx, user).await?;
        let before = before.and_then(|user| user.properties);
        let mut former = Former::parse(before.as_deref());
        former.apply(changes);
        Some(former.to_text())
    } else {
        None
    };
    let profile = users::Changes {
        given_name: changes.given_name.clone().map(Some),
        family_name: changes.family_name.clone().map(Some),
        picture: changes.picture.clone().map(Some),
        locale: changes
            .locale
            .as_ref()
            .map(|locale| Some(locale.to_string())),
        provided_id: changes.provided_id.clone().map(Some),
        properties,
    };
    if profile != users::Changes::default() {
        users::update(cx, tx, user, profile).await?;
    }
    Ok(())
}
