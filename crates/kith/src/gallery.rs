//! Every page and mail with its samples, rendered: for the test that none is broken, and for looking at them.
//!
//! `cargo run -p kith --example gallery -- OUT_DIR` writes them as files that a browser opens without a server.

use crate::apis::view as apis;
use crate::applications::view as applications;
use crate::demo::view as demo;
use crate::drip_feed::view as drip_feed;
use crate::exports::view as exports;
use crate::imports::view as imports;
use crate::mail::view as mail;
use crate::openapi::view as openapi;
use crate::organizations::view as organizations;
use crate::pages::{
    Account, Brand, Confirm, Dashboard, Layout, Mail, Message, NavItem, Notice, Page, Pages,
    RenderError,
};
use crate::roles::view as roles;
use crate::settings::view as settings;
use crate::sign_in::view as sign_in;
use crate::team::view as team;
use crate::users::view as users;
use crate::workflows::view as workflows;

/// One rendered sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The templates it came from: one for a page, two for a mail.
    pub templates: Vec<&'static str>,
    /// A file name without ending, unique in the gallery.
    pub name: String,
    /// The rendered HTML.
    pub html: String,
    /// A mail's text part under its subject; `None` for a page.
    pub text: Option<String>,
}

/// Renders every sample of every page.
///
/// # Errors
///
/// [`RenderError`] for the first sample that its template or locale does not fit.
pub fn pictures(pages: &Pages) -> Result<Vec<Picture>, RenderError> {
    let mut gallery = Gallery {
        pages,
        pictures: Vec::new(),
    };
    hosted(&mut gallery)?;
    demo(&mut gallery)?;
    mails(&mut gallery)?;
    gallery.page::<openapi::Docs>(&Layout::hosted("en", Brand::kith(), "sample-csrf"))?;
    home(&mut gallery)?;
    people(&mut gallery)?;
    access(&mut gallery)?;
    workflows(&mut gallery)?;
    environment(&mut gallery)?;
    Ok(gallery.pictures)
}

struct Gallery<'a> {
    pages: &'a Pages,
    pictures: Vec<Picture>,
}

impl Gallery<'_> {
    fn page<P: Page>(&mut self, layout: &Layout) -> Result<(), RenderError> {
        let plain = P::TEMPLATE.trim_end_matches(".html").replace('/', "-");
        self.add(layout, plain.clone(), &P::sample())?;
        for (variant, page) in P::variants() {
            self.add(layout, format!("{plain}--{variant}"), &page)?;
        }
        Ok(())
    }

    fn add<P: Page>(&mut self, layout: &Layout, name: String, page: &P) -> Result<(), RenderError> {
        let html = self.pages.try_render(layout, page)?;
        self.pictures.push(Picture {
            templates: vec![P::TEMPLATE],
            name,
            html,
            text: None,
        });
        Ok(())
    }

    fn mail<M: Mail>(&mut self) -> Result<(), RenderError> {
        let mail =
            self.pages
                .render_mail("en", &Brand::named("Lovelace Analytics"), &M::sample())?;
        self.pictures.push(Picture {
            templates: vec![M::TEXT, M::HTML],
            name: M::HTML.trim_end_matches(".html").replace('/', "-"),
            html: mail.html,
            text: Some(format!("{}\n\n{}", mail.subject, mail.text)),
        });
        Ok(())
    }
}

fn hosted(gallery: &mut Gallery<'_>) -> Result<(), RenderError> {
    let layout = Layout::hosted("en", Brand::named("Lovelace Analytics"), "sample-csrf");
    gallery.page::<sign_in::SignIn>(&layout)?;
    gallery.page::<sign_in::Password>(&layout)?;
    gallery.page::<sign_in::SignUp>(&layout)?;
    gallery.page::<sign_in::EmailCode>(&layout)?;
    gallery.page::<sign_in::ChoosePassword>(&layout)?;
    gallery.page::<sign_in::Reset>(&layout)?;
    gallery.page::<sign_in::AccountLocked>(&layout)?;
    gallery.page::<sign_in::ErrorPage>(&layout)?;
    gallery.page::<sign_in::InvalidRedirectUrl>(&layout)?;
    gallery.page::<sign_in::SignedOut>(&layout)?;
    gallery.page::<sign_in::ChooseOrganization>(&layout)?;
    gallery.page::<sign_in::Success>(&layout)
}

fn demo(gallery: &mut Gallery<'_>) -> Result<(), RenderError> {
    let layout = Layout::hosted("en", Brand::named("Former provider"), "");
    gallery.page::<demo::FormerProvider>(&layout)?;
    gallery.page::<demo::SignedOut>(&layout)?;
    gallery.page::<demo::SignedIn>(&layout)
}

fn mails(gallery: &mut Gallery<'_>) -> Result<(), RenderError> {
    gallery.mail::<mail::VerificationCode>()?;
    gallery.mail::<mail::SignInCode>()?;
    gallery.mail::<mail::ResetCode>()?;
    gallery.mail::<mail::ExistingAccount>()?;
    gallery.mail::<drip_feed::NewPasswordMail>()?;
    gallery.mail::<mail::TestMail>()?;
    gallery.mail::<mail::OwnerSetup>()
}

fn home(gallery: &mut Gallery<'_>) -> Result<(), RenderError> {
    let layout = dashboard("nav-home");
    let undone = Message::new("user-suspended-notice").with("name", "Ada Lovelace");
    let told = layout
        .clone()
        .with_notice(Notice::good(undone).with_undo("/admin/users/kp_0193/unsuspend"));
    gallery.page::<team::SetUp>(&Layout::hosted("en", Brand::kith(), "sample-csrf"))?;
    gallery.page::<team::Home>(&layout)?;
    gallery.page::<team::Search>(&layout)?;
    gallery.page::<Confirm>(&layout)?;
    gallery.add(
        &told,
        "admin-users-list--notice".to_owned(),
        &users::UserList::sample(),
    )
}

fn people(gallery: &mut Gallery<'_>) -> Result<(), RenderError> {
    let layout = dashboard("nav-users");
    gallery.page::<users::UserList>(&layout)?;
    gallery.page::<users::AddUser>(&layout)?;
    gallery.page::<users::UserDetails>(&layout)?;
    gallery.page::<users::UserIdentities>(&layout)?;
    gallery.page::<users::UserOrganizations>(&layout)?;
    gallery.page::<users::UserActivity>(&layout)?;
    gallery.page::<users::TemporaryPassword>(&layout)?;
    gallery.page::<imports::ChooseSource>(&layout)?;
    gallery.page::<imports::Upload>(&layout)?;
    gallery.page::<imports::Arriving>(&layout)?;
    gallery.page::<imports::Uploading>(&layout)?;
    gallery.page::<imports::Progress>(&layout)?;
    gallery.page::<imports::Running>(&layout)?;
    gallery.page::<imports::DryRun>(&layout)?;
    gallery.page::<imports::Run>(&layout)?;
    gallery.page::<imports::Rows>(&layout)?;
    gallery.page::<imports::Detective>(&layout)?;
    gallery.page::<imports::MappingPage>(&layout)?;
    gallery.page::<imports::ProofPage>(&layout)?;
    gallery.page::<imports::UndoProgress>(&layout)?;
    gallery.page::<imports::Undoing>(&layout)?;
    gallery.page::<imports::KeptPeople>(&layout)?;
    gallery.page::<imports::RunList>(&layout)?;
    let layout = dashboard("nav-organizations");
    gallery.page::<organizations::OrganizationList>(&layout)?;
    gallery.page::<organizations::ImportOrganizations>(&layout)?;
    gallery.page::<organizations::AddOrganization>(&layout)?;
    gallery.page::<organizations::OrganizationDetails>(&layout)?;
    gallery.page::<organizations::OrganizationUsers>(&layout)?;
    gallery.page::<organizations::MemberRoles>(&layout)
}

fn access(gallery: &mut Gallery<'_>) -> Result<(), RenderError> {
    let layout = dashboard("nav-applications");
    gallery.page::<applications::ApplicationList>(&layout)?;
    gallery.page::<applications::AddApplication>(&layout)?;
    gallery.page::<applications::ApplicationDetails>(&layout)?;
    gallery.page::<applications::ApplicationApis>(&layout)?;
    gallery.page::<applications::QuickStart>(&layout)?;
    let layout = dashboard("nav-apis");
    gallery.page::<apis::ApiList>(&layout)?;
    gallery.page::<apis::AddApi>(&layout)?;
    gallery.page::<apis::ApiDetails>(&layout)?;
    gallery.page::<apis::Authorize>(&layout)?;
    gallery.page::<apis::ManageScopes>(&layout)
}

fn workflows(gallery: &mut Gallery<'_>) -> Result<(), RenderError> {
    let layout = dashboard("nav-workflows");
    gallery.page::<workflows::WorkflowList>(&layout)?;
    gallery.page::<workflows::Deploy>(&layout)?;
    gallery.page::<workflows::ConnectRepository>(&layout)?;
    gallery.page::<workflows::RepositoryPage>(&layout)?;
    gallery.page::<workflows::WorkflowDetails>(&layout)?;
    gallery.page::<workflows::Versions>(&layout)?;
    gallery.page::<workflows::PreviewVersion>(&layout)?;
    gallery.page::<workflows::BuildLogs>(&layout)?;
    gallery.page::<workflows::EncryptionKeys>(&layout)?;
    gallery.page::<workflows::RuntimeLogs>(&layout)?;
    gallery.page::<workflows::RunDetails>(&layout)?;
    let layout = dashboard("nav-settings");
    gallery.page::<workflows::VariableList>(&layout)?;
    gallery.page::<workflows::EditVariable>(&layout)
}

fn environment(gallery: &mut Gallery<'_>) -> Result<(), RenderError> {
    let layout = dashboard("nav-settings");
    gallery.page::<settings::SettingsIndex>(&layout)?;
    gallery.page::<settings::EnvironmentDetails>(&layout)?;
    gallery.page::<settings::EmailSettings>(&layout)?;
    gallery.page::<settings::AttackProtectionSettings>(&layout)?;
    gallery.page::<exports::ExportPage>(&layout)?;
    gallery.page::<drip_feed::Migration>(&layout)?;
    gallery.page::<drip_feed::Connectors>(&layout)?;
    gallery.page::<drip_feed::ConnectorForm>(&layout)?;
    gallery.page::<drip_feed::EndMigration>(&layout)?;
    gallery.page::<drip_feed::StartResets>(&layout)?;
    gallery.page::<mail::Outbox>(&layout)?;
    gallery.page::<mail::OutboxMessage>(&layout)?;
    gallery.page::<roles::RoleList>(&layout)?;
    gallery.page::<roles::EditRole>(&layout)
}

/// The dashboard's frame, with the place named `current` marked.
fn dashboard(current: &'static str) -> Layout {
    let place = |label, icon, path: &str| NavItem {
        label: Message::new(label),
        icon,
        url: format!("/admin{path}"),
        is_current: label == current,
    };
    let frame = Dashboard {
        base: "/admin".to_owned(),
        nav: vec![
            place("nav-home", "home", "/"),
            place("nav-users", "users", "/users"),
            place("nav-organizations", "organization", "/organizations"),
            place("nav-workflows", "workflow", "/workflows"),
            place("nav-applications", "app", "/applications"),
            place("nav-apis", "api", "/apis"),
            place("nav-settings", "settings", "/settings"),
        ],
        business: "Lovelace Analytics".to_owned(),
        environment: "Production".to_owned(),
        account: Account::new("Grace Hopper", "grace@example.com"),
        search_url: "/admin/search".to_owned(),
        sign_out_url: "/admin/sign-out".to_owned(),
    };
    Layout::dashboard("en", "sample-csrf", frame)
}

#[cfg(test)]
mod tests {
    use super::*;
    use scraper::{Html, Selector};
    use std::collections::BTreeSet;

    fn all() -> Vec<Picture> {
        match pictures(&Pages::new()) {
            Ok(pictures) => pictures,
            Err(error) => panic!("{error}: {:#}", std::error::Error::source(&error).unwrap()),
        }
    }

    fn select<'a>(html: &'a Html, selector: &str) -> Vec<scraper::ElementRef<'a>> {
        html.select(&Selector::parse(selector).unwrap()).collect()
    }

    #[test]
    fn every_template_has_a_sample() {
        let shown: BTreeSet<&str> = all()
            .iter()
            .flat_map(|picture| picture.templates.clone())
            .collect();
        let names = Pages::new().template_names();
        let unseen: Vec<_> = names
            .iter()
            .filter(|name| !shown.contains(name.as_str()))
            .collect();
        assert!(unseen.is_empty(), "templates without a sample: {unseen:?}");
    }

    #[test]
    fn every_control_has_a_label() {
        for picture in all() {
            let html = Html::parse_document(&picture.html);
            for control in select(&html, "input, select, textarea") {
                let control = control.value();
                let kind = control.attr("type").unwrap_or_default();
                if kind == "hidden"
                    || control.attr("aria-hidden").is_some()
                    || control.attr("aria-label").is_some()
                {
                    continue;
                }
                let id = control
                    .attr("id")
                    .unwrap_or_else(|| panic!("{}: a control without id", picture.name));
                let labels = select(&html, &format!(r#"label[for="{id}"]"#));
                assert_eq!(labels.len(), 1, "{}: labels for {id}", picture.name);
            }
        }
    }

    #[test]
    fn every_id_is_used_once_and_every_reference_leads_to_one() {
        for picture in all() {
            let html = Html::parse_document(&picture.html);
            let mut ids = BTreeSet::new();
            for element in select(&html, "[id]") {
                let id = element.value().attr("id").unwrap();
                assert!(
                    ids.insert(id),
                    "{}: two elements have the id {id}",
                    picture.name
                );
            }
            for attribute in [
                "aria-describedby",
                "aria-labelledby",
                "aria-controls",
                "for",
                "popovertarget",
                "data-files",
            ] {
                for element in select(&html, &format!("[{attribute}]")) {
                    for id in element.value().attr(attribute).unwrap().split_whitespace() {
                        assert!(
                            ids.contains(id),
                            "{}: {attribute} names {id}, which is not there",
                            picture.name
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn every_form_that_changes_something_carries_the_csrf_token() {
        for picture in all() {
            let html = Html::parse_document(&picture.html);
            for form in select(&html, r#"form[method="post"]"#) {
                let token = Selector::parse(r#"input[type="hidden"][name="csrf"]"#).unwrap();
                assert_eq!(
                    form.select(&token).count(),
                    1,
                    "{}: csrf in a form",
                    picture.name
                );
            }
        }
    }

    #[test]
    fn no_page_has_script_or_style_of_its_own() {
        for picture in all().iter().filter(|picture| picture.text.is_none()) {
            let html = Html::parse_document(&picture.html);
            assert!(
                select(&html, "[style], style, script:not([src]), [onclick]").is_empty(),
                "{}",
                picture.name
            );
        }
    }

    #[test]
    fn every_whole_page_has_one_title_and_one_heading() {
        for picture in all()
            .iter()
            .filter(|picture| picture.html.starts_with("<!doctype"))
        {
            let html = Html::parse_document(&picture.html);
            assert_eq!(
                select(&html, "h1").len(),
                1,
                "{}: main headings",
                picture.name
            );
            let title: String = select(&html, "title")[0].text().collect();
            assert!(title.trim().len() > 5, "{}: title {title:?}", picture.name);
        }
    }

    #[test]
    fn a_mail_has_a_subject_of_one_line_and_names_its_brand() {
        for picture in all() {
            let Some(text) = picture.text else { continue };
            let (subject, body) = text.split_once("\n\n").unwrap();
            assert!(!subject.contains('\n') && subject.len() > 5, "{subject:?}");
            assert!(body.lines().count() >= 3, "{}: {body}", picture.name);
            assert!(
                !body.contains('<') && !body.contains("&#"),
                "{}: markup in the text part",
                picture.name
            );
        }
    }
}
