//! The owner's one-time set-up link.
//!
//! Until the business has an owner, whoever starts the installation is told an address at which the owner's account is made:
//! no default password exists that somebody could forget to change. The link lives for 24 hours and is told again as long
//! as it can be used. Its token is kept as a digest, to find it, and sealed, to tell it again.

use std::time::Duration;

use crate::context::{Actor, App, Context};
use crate::credentials::password::{self, HashError, NewPassword, SetBy};
use crate::environments::Environments;
use crate::error::{Code, Coded};
use crate::id::UserId;
use crate::secret::{Secret, Unsealable};
use crate::users::{self, EmailAddress, Identifier, NewIdentity, NewUser};

use super::{Role, store};

/// How long a link can be used.
pub const LIFETIME: Duration = Duration::from_hours(24);

/// What the token is sealed for.
const PURPOSE: &str = "setup_link";

/// A link could not be made.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The stored token doesn't open.
    #[error(transparent)]
    Sealed(#[from] Unsealable),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// The address at which the owner sets up their account; none once they did. Said again, it is the same as long as it can be
/// used.
///
/// # Errors
/// [`LinkError::Sealed`] when a link was stored with another secret key; [`LinkError::Db`] when the database fails.
pub async fn link(app: &App, environments: &Environments) -> Result<Option<String>, LinkError> {
    let cx = app.at(environments.team.clone(), Actor::System);
    let business = &cx.environment().business_id;
    let mut tx = cx.db().begin().await?;
    if store::has_owner(&mut tx, business).await? {
        return Ok(None);
    }
    let known = store::newest_link(&mut tx, business, cx.now()).await?;
    let token = if let Some(link) = known {
        cx.sealer().open_text(PURPOSE, &link.sealed_token)?
    } else {
        let token = cx.random_token();
        let link = store::Link {
            token_hash: token.digest(),
            sealed_token: cx.seal(PURPOSE, token.reveal()),
            expires_at: cx.now() + LIFETIME,
        };
        store::insert_link(&mut tx, business, &link, cx.now()).await?;
        token
    };
    tx.commit().await?;
    let base = &cx.environment().base_url;
    Ok(Some(format!("{base}/setup?token={}", token.reveal())))
}

/// The owner to be.
#[derive(Debug, Clone)]
pub struct NewOwner {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// The address with which they will sign in. Holding the link is proof enough that it is theirs.
    pub email: EmailAddress,
    /// Their password.
    pub password: Secret,
}

/// Why the owner's account was not made.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// The link is unknown, used or expired.
    #[error(
        "this set-up link can't be used any more; `kith bootstrap` prints a new one while there is no owner"
    )]
    LinkInvalid,
    /// Somebody has the address already.
    #[error("another member of the team has the address {0}")]
    EmailTaken(String),
    /// The password can't be hashed now, or may not be one.
    #[error(transparent)]
    Password(#[from] HashError),
    /// The person could not be created.
    #[error(transparent)]
    Create(#[from] users::CreateError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for SetUpError {
    fn code(&self) -> Code {
        match self {
            Self::LinkInvalid => Code::SETUP_LINK_INVALID,
            Self::EmailTaken(_) => Code::IDENTITY_TAKEN,
            Self::Password(error) => error.code(),
            Self::Create(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }
}

/// Whether a link with this token can be used. `cx` is of the team's environment.
///
/// # Errors
/// When the database fails.
pub async fn is_usable(cx: &Context, token: &Secret) -> Result<bool, db::Error> {
    let business = &cx.environment().business_id;
    let mut tx = cx.db().read().await?;
    store::is_usable(&mut tx, business, &token.digest(), cx.now()).await
}

/// Makes the owner's account, which spends every link of the business. Of two who try at once, one succeeds.
///
/// Opens its own transactions around the hashing of the password.
///
/// # Errors
/// [`SetUpError`], one variant for each reason.
pub async fn complete(cx: &Context, token: &Secret, owner: NewOwner) -> Result<UserId, SetUpError> {
    if !is_usable(cx, token).await? {
        return Err(SetUpError::LinkInvalid);
    }
    let hash = password::hash(cx, &owner.password).await?;
    let business = &cx.environment().business_id;
    let mut tx = cx.db().begin().await?;
    // The rows are locked from here on: another transaction finds them used when it is its turn.
    let spent = store::spend_links(&mut tx, business, cx.now()).await?;
    if !spent.contains(&token.digest()) {
        return Err(SetUpError::LinkInvalid);
    }
    let email = owner.email.as_str().to_owned();
    let new = NewUser {
        given_name: Some(owner.first_name),
        family_name: Some(owner.last_name),
        identities: vec![NewIdentity::new(Identifier::Email(owner.email), true)],
        ..NewUser::from(users::Source::Setup)
    };
    let created = users::create(cx, &mut tx, new, None).await?;
    if !created.is_new {
        return Err(SetUpError::EmailTaken(email));
    }
    password::put(
        cx,
        &mut tx,
        &created.id,
        &hash,
        &NewPassword::set_by(SetBy::User),
    )
    .await?;
    store::insert_member(&mut tx, cx, &created.id, Role::Owner).await?;
    tx.commit().await?;
    Ok(created.id)
}
