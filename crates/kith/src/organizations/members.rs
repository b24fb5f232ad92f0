//! Who belongs to an organization.

mod error;
mod list;
mod rights;
mod write;

pub use error::{JoinError, MemberError};
pub use list::{Filter, Listed, Membership, count_members, is_member, members, of_user, of_users};
pub use rights::Rights;
pub use write::{
    NewMember, UpsertOutcome, add_member, add_members_many, join, record_sign_in, remove_member,
    set_member,
};
