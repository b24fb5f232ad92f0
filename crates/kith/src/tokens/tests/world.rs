//! What stories about tokens begin with.

use oauth::jwt::Claims;
use oauth::{AuthorizationRequest, ErrorCode};

use crate::applications::{self, Application, Client, Kind, NewApplication, UrlKind};
use crate::context::Context;
use crate::id::{OrganizationId, SessionId, UserId};
use crate::secret::Secret;
use crate::testing::Installation;
use crate::tokens::{
    GrantError, Redemption, SignedIn, Tokens, issue_code, redeem_code, refresh, verify,
};
use crate::users::{self, EmailAddress, Identifier, NewIdentity, NewUser, Source};
use crate::{apis, http, keys, organizations, sessions};

pub(crate) const CALLBACK: &str = "https://app.example.com/callback";
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// An installation with a person, who is in an organization, and an application.
pub(crate) struct World {
    pub(crate) installation: Installation,
    pub(crate) cx: Context,
    pub(crate) application: Application,
    pub(crate) secret: Option<Secret>,
    pub(crate) user: UserId,
    pub(crate) organization: OrganizationId,
}

impl World {
    pub(crate) async fn all(kind: Kind) -> Vec<Self> {
        let mut worlds = Vec::new();
        for installation in Installation::all().await {
            worlds.push(Self::on(installation, kind).await);
        }
        worlds
    }

    pub(crate) async fn on(installation: Installation, kind: Kind) -> Self {
        let cx = installation.cx();
        keys::ensure(&cx).await.unwrap();
        apis::ensure_management_api(&cx).await.unwrap();
        let organization = organizations::ensure_default(&cx).await.unwrap().id;
        let mut tx = cx.db().begin().await.unwrap();
        let mut new = NewUser::from(Source::Api);
        new.given_name = Some("Ada".to_owned());
        new.family_name = Some("Example".to_owned());
        let email = Identifier::Email(EmailAddress::parse("ada@example.com").unwrap());
        new.identities.push(NewIdentity::new(email, true));
        let user = users::create(&cx, &mut tx, new, None).await.unwrap().id;
        organizations::join(&cx, &mut tx, &user, Some(&organization))
            .await
            .unwrap();
        let new = NewApplication {
            name: "App".to_owned(),
            kind,
        };
        let (application, secret) = applications::create(&cx, &mut tx, new).await.unwrap();
        if kind.has_callbacks() {
            let callback = (&application.id, UrlKind::Callback);
            applications::add_urls(&cx, &mut tx, callback, &[CALLBACK.to_owned()])
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        Self {
            installation,
            cx,
            application,
            secret,
            user,
            organization,
        }
    }

    pub(crate) fn request(&self, more: &str) -> AuthorizationRequest {
        let query = format!(
            "client_id={}&redirect_uri={CALLBACK}&response_type=code&nonce=n0nce{more}",
            self.application.id
        );
        let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        AuthorizationRequest::parse(&pairs).unwrap()
    }

    pub(crate) async fn session(&self) -> SessionId {
        let client = http::Client {
            address: [192, 0, 2, 1].into(),
            user_agent: "a browser".to_owned(),
        };
        let mut tx = self.cx.db().begin().await.unwrap();
        let application = Some(&self.application.id);
        let started = sessions::start(&self.cx, &mut tx, &self.user, application, &client, true)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        started.id
    }

    pub(crate) async fn code(&self, more: &str) -> Secret {
        let who = SignedIn {
            user_id: self.user.clone(),
            session_id: self.session().await,
            organization_id: Some(self.organization.clone()),
            authenticated_at: self.cx.now(),
        };
        let mut tx = self.cx.db().begin().await.unwrap();
        let request = self.request(more);
        let code = issue_code(&self.cx, &mut tx, &self.application, &request, who)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        code
    }

    pub(crate) async fn client(&self) -> Client {
        let mut tx = self.cx.db().read().await.unwrap();
        applications::authenticate(
            &self.cx,
            &mut tx,
            &self.application.id,
            self.secret.as_ref(),
        )
        .await
        .unwrap()
    }

    pub(crate) async fn redeem(&self, code: &Secret) -> Result<Tokens, GrantError> {
        let shown = Redemption {
            code,
            redirect_uri: CALLBACK,
            verifier: None,
        };
        redeem_code(&self.cx, &self.client().await, shown).await
    }

    pub(crate) async fn signed_in(&self) -> Tokens {
        let code = self.code("&scope=openid+profile+email+offline").await;
        self.redeem(&code).await.unwrap()
    }

    pub(crate) async fn refresh(&self, token: &Tokens) -> Result<Tokens, GrantError> {
        let token = token.refresh_token.as_ref().unwrap();
        refresh(&self.cx, &self.client().await, token, None).await
    }

    pub(crate) async fn claims(&self, token: &Secret) -> Claims {
        let keys = keys::verifying(&self.cx).await.unwrap();
        oauth::jwt::verify(token.reveal(), &keys, self.cx.now().seconds(), 0).unwrap()
    }

    pub(crate) async fn is_good(&self, token: &Tokens) -> bool {
        verify(&self.cx, token.access_token.reveal()).await.is_ok()
    }
}

pub(crate) fn refusal<T>(result: Result<T, GrantError>) -> ErrorCode {
    match result {
        Err(GrantError::Refused(error)) => error.code(),
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("not refused"),
    }
}
