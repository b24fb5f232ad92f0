//! An export as a stream of pieces.

use std::collections::VecDeque;

use db::Tx;
use futures::Stream;
use import::own::Definition;
use import::target::{Loss, Writer};

use super::{ExportError, Order, What, people};
use crate::context::Context;
use crate::events::{self, Event};
use crate::id::UserId;
use crate::organizations;
use crate::paging::{Page, Position, Wanted};
use crate::roles;
use crate::users::{self, Filter};

/// How many people or organizations are in memory at a time.
const AT_A_TIME: u32 = 500;

/// A piece of an export.
#[derive(Debug, Default)]
pub struct Piece {
    /// Its text.
    pub text: String,
    /// How many people are in it.
    pub n_people: u64,
    /// How many organizations, roles and permissions are in it.
    pub n_definitions: u64,
    /// What the format could not say, and of whom.
    pub losses: Vec<(UserId, Vec<Loss>)>,
    /// What whoever imports the file has to say there about its passwords; only in the last piece.
    pub options: Option<String>,
}

/// What comes next.
enum Part {
    Permissions,
    Roles,
    Organizations(Option<Position>),
    People(Option<Position>),
    End,
}

/// Begins an export, and gives it piece by piece. All of it is the database of now. An event tells that somebody has asked for
/// it, before anything leaves.
///
/// # Errors
/// [`ExportError::UsersOnly`], and when the database fails; each piece may fail with [`ExportError`], and is the last one then.
pub async fn export(
    cx: &Context,
    order: &Order,
) -> Result<impl Stream<Item = Result<Piece, ExportError>> + Send + use<>, ExportError> {
    if order.what == What::Organizations && !order.target.takes_definitions() {
        return Err(ExportError::UsersOnly(order.target.label));
    }
    let mut tx = cx.db().begin().await?;
    let event = Event::Exported {
        what: order.what.as_str().to_owned(),
        format: order.target.name.to_owned(),
        with_passwords: order.with_secrets,
    };
    events::record(cx, &mut tx, &event).await?;
    tx.commit().await?;
    let export = Export {
        cx: cx.clone(),
        tx: cx.db().snapshot().await?,
        writer: order.target.writer(),
        with_secrets: order.with_secrets,
        parts: parts(order),
    };
    Ok(futures::stream::try_unfold(export, async |mut export| {
        let piece = export.next().await?;
        Ok(piece.map(|piece| (piece, export)))
    }))
}

fn parts(order: &Order) -> VecDeque<Part> {
    let takes_definitions = order.target.takes_definitions();
    let mut parts = VecDeque::new();
    if order.what == What::All && takes_definitions {
        parts.extend([Part::Permissions, Part::Roles]);
    }
    if order.what != What::Users && takes_definitions {
        parts.push_back(Part::Organizations(None));
    }
    if order.what != What::Organizations {
        parts.push_back(Part::People(None));
    }
    parts.push_back(Part::End);
    parts
}

struct Export {
    cx: Context,
    tx: Tx,
    writer: Writer,
    with_secrets: bool,
    parts: VecDeque<Part>,
}

impl Export {
    async fn next(&mut self) -> Result<Option<Piece>, ExportError> {
        let Some(part) = self.parts.pop_front() else {
            return Ok(None);
        };
        let mut piece = Piece::default();
        match part {
            Part::Permissions => {
                for permission in roles::all_permissions(&self.cx, &mut self.tx).await? {
                    self.define(&Definition::Permission(permission), &mut piece);
                }
            }
            Part::Roles => {
                for role in roles::all_roles(&self.cx, &mut self.tx).await? {
                    self.define(&Definition::Role(role), &mut piece);
                }
            }
            Part::Organizations(after) => {
                let wanted = wanted(after);
                let page = organizations::list(&self.cx, &mut self.tx, &wanted).await?;
                self.goes_on(&page, Part::Organizations);
                for organization in page.items {
                    let whole = organizations::whole(&organization);
                    self.define(&Definition::Organization(whole), &mut piece);
                }
            }
            Part::People(after) => {
                let wanted = wanted(after);
                let filter = Filter::default();
                let page = users::list(&self.cx, &mut self.tx, &filter, &wanted).await?;
                self.goes_on(&page, Part::People);
                self.add_people(page.items, &mut piece).await?;
            }
            Part::End => {
                piece.options = self.writer.options().map(str::to_owned);
                self.writer.end(&mut piece.text);
            }
        }
        Ok(Some(piece))
    }

    /// Puts the rest of a list in front of what comes next.
    fn goes_on<T>(&mut self, page: &Page<T>, part: fn(Option<Position>) -> Part) {
        if let Some(next) = &page.next {
            self.parts.push_front(part(Some(next.clone())));
        }
    }

    fn define(&mut self, definition: &Definition, piece: &mut Piece) {
        self.writer.definition(definition, &mut piece.text);
        piece.n_definitions += 1;
    }

    async fn add_people(
        &mut self,
        found: Vec<users::User>,
        piece: &mut Piece,
    ) -> Result<(), ExportError> {
        let records = people::records(&self.cx, &mut self.tx, found, self.with_secrets).await?;
        for (user, record) in records {
            let losses = self.writer.record(&record, &mut piece.text);
            let is_left_out = losses.iter().any(|loss| loss.field == Loss::PERSON);
            piece.n_people += u64::from(!is_left_out);
            if !losses.is_empty() {
                piece.losses.push((user, losses));
            }
        }
        Ok(())
    }
}

fn wanted(after: Option<Position>) -> Wanted {
    Wanted::after(after, crate::paging::Order::OLDEST_FIRST, AT_A_TIME)
}
