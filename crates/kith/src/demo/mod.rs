//! The demo: the main job in one step, on data that is thrown away afterwards.
//!
//! Nothing here is special. The server is the server, people come in through the import that everybody uses, and sign in on the
//! pages that everybody sees; what the demo adds is a world around it: a [`former_provider`] that people leave, and an [`app`]
//! to which they want to sign in, both on a port of their own. Each way of moving has a file: [`bulk`] is the one for exports,
//! [`drip_feed`] the one for those of whom there is none.

pub mod app;
pub mod bulk;
pub mod drip_feed;
pub mod former_provider;
pub mod view;

use std::net::TcpListener;
use std::sync::Arc;

use anyhow::Context as _;
use axum::middleware;

use self::app::Registration;
use self::former_provider::Export;
use self::former_provider::people::Person;
use crate::applications::{self, Kind, NewApplication, UrlKind};
use crate::context::{Actor, App, Context};
use crate::environments::Environments;
use crate::http::headers;
use crate::imports::{Progress, Run};
use crate::pages::assets;
use crate::secret::Secret;
use crate::team::setup::{self, NewOwner};
use crate::users::EmailAddress;
use crate::{server, worker};

/// With what the demo's owner signs in to the dashboard. The database is thrown away with the demo, and listens to this machine
/// only unless somebody says otherwise.
pub const OWNER: (&str, &str) = ("owner@example.com", "moving-day-at-noon");

/// Whoever watches people come in.
pub trait Watch: Sync {
    /// An export is about to be imported.
    fn begins(&self, label: &str, run: &Run);
    /// A batch is in.
    fn goes_on(&self, progress: &Progress);
    /// Everybody is in.
    fn ends(&self, run: &Run);
}

/// Where the demo listens.
#[derive(Debug)]
pub struct Doors {
    /// For Kith.
    pub server: TcpListener,
    /// For the former provider and the demo application.
    pub former_provider: TcpListener,
    /// The former provider's address, without trailing slash.
    pub former_provider_url: String,
}

/// A demo that runs.
#[derive(Debug)]
pub struct Demo {
    /// The former provider's address.
    pub former_provider_url: String,
    /// The demo application.
    pub application: Registration,
    /// What was exported, and what became of it, in pairs.
    pub moved: Vec<(Arc<Export>, Run)>,
    /// Some of those who move when they sign in.
    pub to_come: Vec<Person>,
}

/// Starts everything and brings the people over. What runs goes on until `app` is asked to stop.
///
/// # Errors
/// When something can't be set up or imported.
pub async fn start(
    app: &App,
    environments: &Environments,
    doors: Doors,
    watch: &dyn Watch,
) -> anyhow::Result<Demo> {
    serve_kith(app, environments, doors.server);
    set_up_owner(app, environments).await?;
    let cx = app.at(environments.production.clone(), Actor::System);
    let url = doors.former_provider_url;
    let application = register(&cx, &url).await?;
    let exports = tokio::task::spawn_blocking(former_provider::exports).await?;
    let exports: Vec<_> = exports.into_iter().map(Arc::new).collect();
    let http = reqwest::Client::builder().build()?;
    serve_former_provider(
        app,
        doors.former_provider,
        (&exports, application.clone()),
        http.clone(),
    )?;

    let mut moved = Vec::new();
    for export in exports {
        let run =
            bulk::bring_over(&cx, &http, &url, &export, &app.config().data_dir, watch).await?;
        moved.push((export, run));
    }
    drip_feed::ask_at(&cx, &url).await?;
    Ok(Demo {
        to_come: former_provider::people_who_stayed(),
        former_provider_url: url,
        application,
        moved,
    })
}

fn serve_kith(app: &App, environments: &Environments, listener: TcpListener) {
    let router = server::router(app, environments);
    worker::start(app, environments);
    let serving = app.clone();
    app.spawn(async move {
        if let Err(error) = server::serve(&serving, router, listener).await {
            tracing::error!(cause = format!("{error:#}"), "the server ended");
            serving.stopping().cancel();
        }
    });
}

/// Makes the owner's account through the link that every first start prints.
async fn set_up_owner(app: &App, environments: &Environments) -> anyhow::Result<()> {
    let link = setup::link(app, environments)
        .await?
        .context("a new installation has no owner yet")?;
    let link = url::Url::parse(&link)?;
    let token = link
        .query_pairs()
        .find(|(name, _)| name == "token")
        .map(|(_, token)| Secret::new(token));
    let owner = NewOwner {
        first_name: "Demo".to_owned(),
        last_name: "Owner".to_owned(),
        email: EmailAddress::parse(OWNER.0)?,
        password: Secret::new(OWNER.1),
    };
    let cx = app.at(environments.team.clone(), Actor::System);
    setup::complete(&cx, &token.context("the set-up link has a token")?, owner).await?;
    Ok(())
}

/// Registers the demo application, as somebody would in the dashboard.
async fn register(cx: &Context, url: &str) -> anyhow::Result<Registration> {
    let new = NewApplication {
        name: "Demo app".to_owned(),
        kind: Kind::BackEnd,
    };
    let mut tx = cx.db().begin().await?;
    let (application, secret) = applications::create(cx, &mut tx, new).await?;
    let registration = Registration {
        issuer: cx.environment().base_url.clone(),
        client_id: application.id.to_string(),
        client_secret: secret.context("a back-end application has a secret")?,
        url: format!("{url}/app"),
    };
    let addresses = [
        (UrlKind::Callback, registration.callback()),
        (UrlKind::Logout, registration.url.clone()),
    ];
    for (kind, address) in addresses {
        applications::add_urls(cx, &mut tx, (&application.id, kind), &[address]).await?;
    }
    tx.commit().await?;
    Ok(registration)
}

fn serve_former_provider(
    app: &App,
    listener: TcpListener,
    (exports, registration): (&[Arc<Export>], Registration),
    http: reqwest::Client,
) -> anyhow::Result<()> {
    let pages = app.pages().clone();
    let routes = former_provider::routes(
        exports.to_vec(),
        pages.clone(),
        app.config().admin_url.clone(),
    )
    .merge(app::routes(app, registration, http, pages))
    .merge(assets::routes())
    .layer(middleware::from_fn(headers::secure));
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let stopping = app.stopping().clone();
    app.spawn(async move {
        let serving = axum::serve(listener, routes);
        tokio::select! {
            outcome = serving => if let Err(error) = outcome {
                tracing::error!(cause = %error, "the former provider ended");
            },
            () = stopping.cancelled() => {}
        }
    });
    Ok(())
}
