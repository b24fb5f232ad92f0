//! An organization's details.

use axum::extract::Path;
use axum::response::Response;

use super::{find, head, problems, url};
use crate::http::{Form, Result};
use crate::organizations::view::OrganizationDetails;
use crate::organizations::{self, Changes, Organization, UpdateError};
use crate::pages::{Message, Notice, Problems};
use crate::team::Member;

pub(super) async fn show(member: Member, Path(id): Path<String>) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let organization = find(&member, &mut tx, &id).await?;
    let shown = (
        organization.name.clone(),
        organization.external_id.clone().unwrap_or_default(),
    );
    Ok(member.show(&page(&member, &organization, shown, Problems::none())))
}

pub(super) async fn save(member: Member, Path(id): Path<String>, form: Form) -> Result<Response> {
    member.check(&form)?;
    let typed = (
        form.get("name").to_owned(),
        form.get("external_id").to_owned(),
    );
    let changes = Changes {
        name: Some(typed.0.clone()),
        external_id: Some(typed.1.clone()),
        ..Changes::default()
    };
    let mut tx = member.cx.db().begin().await?;
    let organization = find(&member, &mut tx, &id).await?;
    match organizations::update(&member.cx, &mut tx, &organization.id, changes).await {
        Ok(()) => {
            tx.commit().await?;
            let said = Message::new("organization-saved-notice").with("name", typed.0);
            let path = format!("/organizations/{}", organization.id);
            Ok(member.done(&path, &Notice::good(said)))
        }
        Err(UpdateError::Refused(error)) => {
            let problems = problems(error)?;
            Ok(member.show_again(&page(&member, &organization, typed, problems)))
        }
        Err(error) => Err(error.into()),
    }
}

fn page(
    member: &Member,
    organization: &Organization,
    (name, external_id): (String, String),
    problems: Problems,
) -> OrganizationDetails {
    let url = url(member, organization);
    OrganizationDetails {
        head: head(member, organization, ""),
        name,
        external_id,
        created_at: organization.created_at.millis(),
        delete_url: (!organization.is_default).then(|| format!("{url}/delete")),
        action: url,
        problems,
    }
}
