//! Choosing a source.

use axum::response::Response;
use import::FileError;
use import::source::{SOURCES, Source};
use serde::Deserialize;

use crate::error::Code;
use crate::http::{Failure, Query, Result};
use crate::imports::view::{ChooseSource, SourceCard, SourceGroup};
use crate::imports::{self, StartError};
use crate::pages::Message;
use crate::paging::{Order, Wanted};
use crate::team::Member;

/// What is chosen: a source, or that Kith tells it from the files.
#[derive(Clone, Copy)]
pub(super) enum Choice {
    Auto,
    Source(&'static Source),
}

/// The names of guides, where ours differ.
const ALSO_CALLED: &[(&str, &str)] = &[("ndjson", "kinde-ndjson")];

/// What to bring, for each source: its name, and its phrase.
const TEXTS: &[(&str, &str)] = &[
    ("auth0", "import-source-auth0-text"),
    ("clerk", "import-source-clerk-text"),
    ("kinde-csv", "import-source-csv-text"),
    ("kinde-ndjson", "import-source-ndjson-text"),
    ("aspnet", "import-source-aspnet-text"),
    ("azure", "import-source-azure-text"),
    ("cognito", "import-source-cognito-text"),
    ("devise", "import-source-devise-text"),
    ("django", "import-source-django-text"),
    ("drupal", "import-source-drupal-text"),
    ("firebase", "import-source-firebase-text"),
    ("fusionauth", "import-source-fusionauth-text"),
    ("joomla", "import-source-joomla-text"),
    ("keycloak", "import-source-keycloak-text"),
    ("kith", "import-source-kith-text"),
    ("kratos", "import-source-kratos-text"),
    ("laravel", "import-source-laravel-text"),
    ("ldap", "import-source-ldap-text"),
    ("logto", "import-source-logto-text"),
    ("okta", "import-source-okta-text"),
    ("phpbb", "import-source-phpbb-text"),
    ("supabase", "import-source-supabase-text"),
    ("supertokens", "import-source-supertokens-text"),
    ("symfony", "import-source-symfony-text"),
    ("wordpress", "import-source-wordpress-text"),
    ("zitadel", "import-source-zitadel-text"),
];

/// Sources that have something in common: an id, a phrase, and their names. What is in none is a provider.
struct Group {
    id: &'static str,
    title: &'static str,
    sources: &'static [&'static str],
}

const OWN: Group = Group {
    id: "own",
    title: "import-group-own",
    sources: &["kinde-csv", "kinde-ndjson", "csv", "json", "kith"],
};

const PROVIDERS: Group = Group {
    id: "providers",
    title: "import-group-providers",
    sources: &[],
};

const FRAMEWORKS: Group = Group {
    id: "frameworks",
    title: "import-group-frameworks",
    sources: &[
        "aspnet",
        "devise",
        "django",
        "drupal",
        "joomla",
        "laravel",
        "ldap",
        "phpbb",
        "symfony",
        "wordpress",
    ],
};

impl Choice {
    /// The choice that an address names.
    ///
    /// # Errors
    /// When there is no such source.
    pub(super) fn of(name: &str) -> Result<Self> {
        if name == "auto" {
            return Ok(Self::Auto);
        }
        let also = ALSO_CALLED.iter().find(|(called, _)| *called == name);
        let source = import::source::find(name)
            .or_else(|| also.and_then(|(_, name)| import::source::find(name)));
        let missing = || Failure::new(Code::ROUTE_NOT_FOUND, "there is no such source");
        Ok(Self::Source(source.ok_or_else(missing)?))
    }

    /// The last part of its address.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Source(source) => source.name,
        }
    }

    /// The source's name; none to tell it from the files.
    pub(super) fn source(self) -> Option<String> {
        match self {
            Self::Auto => None,
            Self::Source(source) => Some(source.name.to_owned()),
        }
    }

    /// Whether files of it could not be read only because nobody has said yet what their columns are.
    pub(super) fn asks_for_columns(self, error: &StartError) -> bool {
        let is_mapped = matches!(self, Self::Source(source) if source.is_mapped());
        is_mapped
            && matches!(
                error,
                StartError::File {
                    error: FileError::MissingColumn(_) | FileError::UnusableMapping { .. },
                    ..
                }
            )
    }

    /// What guides call it.
    pub(super) fn title(self) -> Message {
        match self {
            Self::Auto => Message::new("import-source-auto"),
            Self::Source(source) => Message::new("import-source").with("label", source.label),
        }
    }

    /// What to bring.
    pub(super) fn text(self) -> Message {
        let Self::Source(source) = self else {
            return Message::new("import-source-auto-text");
        };
        match TEXTS.iter().find(|(name, _)| *name == source.name) {
            Some((_, phrase)) => Message::new(phrase),
            None => Message::new("import-source-about").with("about", source.about),
        }
    }

    fn card(self, member: &Member) -> SourceCard {
        SourceCard {
            title: self.title(),
            text: self.text(),
            url: member.url(&format!("/users/import/{}", self.name())),
        }
    }

    /// Whether what people read of it has all these words.
    fn is_called(self, member: &Member, words: &str) -> bool {
        let shown = format!("{} {}", member.say(&self.title()), member.say(&self.text()));
        let shown = shown.to_lowercase();
        words
            .to_lowercase()
            .split_whitespace()
            .all(|word| shown.contains(word))
    }
}

/// What is searched for.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
}

pub(super) async fn show(member: Member, Query(asked): Query<Asked>) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let any = Wanted::first(Order::NEWEST_FIRST, 1);
    let has_runs = !imports::list(&member.cx, &mut tx, &any)
        .await?
        .items
        .is_empty();
    let groups = [OWN, PROVIDERS, FRAMEWORKS].map(|group| SourceGroup {
        title: Message::new(group.title),
        id: group.id,
        sources: of_group(&group)
            .filter(|choice| choice.is_called(&member, &asked.q))
            .map(|choice| choice.card(&member))
            .collect(),
    });
    Ok(member.show(&ChooseSource {
        users_url: member.url("/users"),
        runs_url: has_runs.then(|| member.url("/users/imports")),
        action: member.url("/users/import"),
        auto: asked.q.is_empty().then(|| Choice::Auto.card(&member)),
        q: asked.q,
        groups: groups
            .into_iter()
            .filter(|group| !group.sources.is_empty())
            .collect(),
    }))
}

/// The sources of a group, by their labels.
fn of_group(group: &Group) -> impl Iterator<Item = Choice> {
    let is_in = |group: &Group, source: &Source| group.sources.contains(&source.name);
    let is_own = |source: &&Source| {
        if group.id == PROVIDERS.id {
            !is_in(&OWN, source) && !is_in(&FRAMEWORKS, source)
        } else {
            is_in(group, source)
        }
    };
    let mut sources: Vec<&'static Source> = SOURCES.iter().filter(is_own).collect();
    sources.sort_by_key(|source| source.label.to_lowercase());
    sources.into_iter().map(Choice::Source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_is_in_one_group() {
        let groups = [OWN, PROVIDERS, FRAMEWORKS];
        let mut names: Vec<&str> = groups.iter().flat_map(of_group).map(Choice::name).collect();
        names.sort_unstable();
        let mut all: Vec<&str> = SOURCES.iter().map(|source| source.name).collect();
        all.sort_unstable();
        assert_eq!(names, all);
    }

    #[test]
    fn guides_find_the_sources_by_their_names() {
        for (called, name) in [("csv", "csv"), ("ndjson", "kinde-ndjson")] {
            assert_eq!(Choice::of(called).unwrap().name(), name);
        }
        assert!(Choice::of("nobody").is_err());
    }
}
