//! Settings > Attack protection: lockout, and what a stranger may learn.

use axum::response::Response;

use crate::http::{Form, Result};
use crate::pages::{Message, Notice, Problems};
use crate::settings::view::AttackProtectionSettings;
use crate::settings::{self, AttackProtection};
use crate::team::Member;

/// The most failures, and the most minutes, that may be set: beyond them there is no protection left, or no way back in.
const MAX_FAILURES: u32 = 100;
const MAX_MINUTES: u32 = 24 * 60;

pub(super) async fn show(member: Member) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let stored: AttackProtection = settings::get(&mut tx, &member.cx.environment().id).await?;
    Ok(member.show(&page(
        &member,
        (
            stored.max_failures.to_string(),
            stored.lock_minutes.to_string(),
        ),
        stored.enumeration_protection,
        Problems::none(),
    )))
}

pub(super) async fn save(member: Member, form: Form) -> Result<Response> {
    member.check(&form)?;
    let number = |field: &str, most: u32| {
        form.get(field)
            .parse()
            .ok()
            .filter(|number| (1..=most).contains(number))
    };
    let max_failures = number("max_failures", MAX_FAILURES);
    let lock_minutes = number("lock_minutes", MAX_MINUTES);
    let enumeration_protection = form.has("enumeration_protection");
    let (Some(max_failures), Some(lock_minutes)) = (max_failures, lock_minutes) else {
        let mut problems = Problems::none();
        if max_failures.is_none() {
            let message = Message::new("protection-error-number").with("most", MAX_FAILURES);
            problems = problems.and("max_failures", message);
        }
        if lock_minutes.is_none() {
            let message = Message::new("protection-error-number").with("most", MAX_MINUTES);
            problems = problems.and("lock_minutes", message);
        }
        let typed = (
            form.get("max_failures").to_owned(),
            form.get("lock_minutes").to_owned(),
        );
        return Ok(member.show_again(&page(&member, typed, enumeration_protection, problems)));
    };
    let mut tx = member.cx.db().begin().await?;
    let group = AttackProtection {
        max_failures,
        lock_minutes,
        enumeration_protection,
    };
    settings::put(&member.cx, &mut tx, &group).await?;
    tx.commit().await?;
    let said = Notice::good(Message::new("settings-saved-notice"));
    Ok(member.done("/settings/attack-protection", &said))
}

fn page(
    member: &Member,
    (max_failures, lock_minutes): (String, String),
    enumeration_protection: bool,
    problems: Problems,
) -> AttackProtectionSettings {
    AttackProtectionSettings {
        settings_url: member.url("/settings"),
        action: member.url("/settings/attack-protection"),
        max_failures,
        lock_minutes,
        enumeration_protection,
        problems,
    }
}
