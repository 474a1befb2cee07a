//! Better Auth's routes below `/api/auth`: its bodies, codes and cookies around the use cases of
//! [`backend::auth`]. See `docs/adr/0002-better-auth-protocol.md`.

pub mod cookies;

mod body;
mod client;
mod deletion;
mod email;
mod error;
mod error_page;
mod get_session;
mod guard;
mod json;
mod linked;
mod oauth;
mod ok;
mod origin;
mod passkey;
mod polar;
mod query;
mod redirect;
mod reset;
mod schema;
mod sessions;
mod sign_in;
mod sign_out;
mod sign_up;
mod two_factor;
mod user;

#[cfg(test)]
pub(crate) mod tests;

use std::{ops::Deref, sync::Arc};

use app::server::{CookieChange, LastWayIn, OwedFactor, SignInCookies};
use axum::{
    Router,
    extract::Request,
    handler::Handler,
    http::{HeaderMap, Method, StatusCode, request::Parts},
    middleware::{Next, from_fn},
    response::IntoResponse,
    routing::{MethodRouter, any, get},
};
use backend::Backend;
use ipnet::IpNet;
use leptos::prelude::use_context;
use tokio_util::task::TaskTracker;

use crate::config::{Config, CookiePrefix};
use cookies::{Cookies, Jar};
pub(crate) use error::log;
use origin::TrustedOrigins;

/// What the routes and the session layer work with. Cheap to clone.
#[derive(Clone)]
pub struct Auth(Arc<Inner>);

/// The parts of [`Auth`].
pub struct Inner {
    /// The use cases.
    pub backend: Backend,
    /// Names, signatures and attributes of cookies.
    pub cookies: Cookies,
    /// Small writes that no answer waits for, beside what else outlives its request: [`Backend::tasks`].
    pub tasks: TaskTracker,
    origins: TrustedOrigins,
    proxies: Vec<IpNet>,
}

/// What [`Auth`] takes from the configuration besides the backend's settings.
#[derive(Clone, Debug)]
pub struct AuthOptions {
    /// What the names of cookies begin with over https.
    pub cookie_prefix: CookiePrefix,
    /// Origins of this server, byte for byte.
    pub own_origins: Vec<String>,
    /// Origins besides our own, as `AUTH_TRUSTED_ORIGINS` lists them.
    pub trusted_origins: Vec<String>,
    /// Peers whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
}

impl AuthOptions {
    /// The options of a configuration.
    pub fn from_config(config: &Config) -> Self {
        Self {
            cookie_prefix: config.auth.cookie_prefix,
            own_origins: config.address.own_origins.clone(),
            trusted_origins: config.auth.trusted_origins.clone(),
            trusted_proxies: config.address.trusted_proxies.clone(),
        }
    }
}

impl Auth {
    /// Routes over one backend.
    pub fn new(backend: Backend, options: AuthOptions) -> Self {
        let settings = backend.settings.clone();
        let cookies = Cookies::new(&settings.app_url, options.cookie_prefix, &settings.auth.secret);
        let origins = TrustedOrigins::new(
            &options.own_origins,
            &options.trusted_origins,
            settings.auth.profile,
        );
        Self(Arc::new(Inner {
            tasks: backend.tasks.clone(),
            backend,
            cookies,
            origins,
            proxies: options.trusted_proxies,
        }))
    }

    /// For the context of pages: the second factor that this browser owes.
    pub fn owed_factor(&self, headers: &HeaderMap) -> OwedFactor {
        let jar = Jar::read(headers);
        OwedFactor {
            challenge: self.cookies.challenge(&jar),
            remember: !self.cookies.is_unremembered(&jar),
        }
    }

    /// For the context of pages: how somebody came in last in this browser.
    pub fn last_way_in(&self, headers: &HeaderMap) -> LastWayIn {
        self.cookies.last_way_in(&Jar::read(headers))
    }

    /// For the context of pages: the cookies of their sign-in and sign-out forms.
    pub fn sign_in_cookies(&self) -> SignInCookies {
        let auth = self.clone();
        SignInCookies::new(move |change| {
            let jar =
                use_context::<Parts>().map_or_else(Jar::default, |parts| Jar::read(&parts.headers));
            match change {
                CookieChange::Start(login) => {
                    let mut cookies = auth.cookies.signed_in(&jar, auth.backend.clock.now(), login);
                    cookies.extend(login.device.as_deref().map(|id| auth.cookies.set_device(id)));
                    cookies
                }
                CookieChange::Challenge(challenge) => auth.cookies.owe(&jar, challenge),
                CookieChange::Answered(login) => {
                    let mut cookies = auth.cookies.answered(&jar, auth.backend.clock.now(), login);
                    cookies.extend(login.device.as_deref().map(|id| auth.cookies.set_device(id)));
                    cookies
                }
                CookieChange::ChallengeOver => vec![auth.cookies.challenge_over()],
                CookieChange::ForgetTrust => auth.cookies.forget_trust(&jar).into_iter().collect(),
                CookieChange::End => auth.cookies.clear(&jar),
                CookieChange::Flow { state } => vec![auth.cookies.state(state)],
                CookieChange::CameBy(way) => auth.cookies.came_by(way).into_iter().collect(),
                CookieChange::SetsOutFor(provider) => {
                    auth.cookies.sets_out_for(&jar, provider).into_iter().collect()
                }
            }
        })
    }
}

impl Deref for Auth {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// Everything below `/api/auth`. What it does not know is a 404 without a body, whatever the method.
pub fn routes(auth: Auth) -> Router {
    let (read, post) = ([Method::GET], [Method::POST]);
    let routes = Router::new()
        .route("/account-info", only(read.clone(), oauth::tokens::account_info))
        .route("/callback/{id}", only([Method::GET, Method::POST], oauth::callback::callback))
        .route("/change-email", only(post.clone(), email::change))
        .route("/change-password", only(post.clone(), user::change_password))
        .route("/delete-user", only(post.clone(), deletion::delete))
        .route("/delete-user/callback", only(read.clone(), deletion::open))
        .route("/error", only(read.clone(), error_page::error_page))
        .route("/forget-password", only(post.clone(), reset::request))
        .route("/get-access-token", only(post.clone(), oauth::tokens::get_access_token))
        .route("/get-session", only([Method::GET, Method::POST], get_session::get_session))
        .route("/link-social", only(post.clone(), oauth::link::link))
        .route("/list-accounts", only(read.clone(), linked::list))
        .route("/list-sessions", only(read.clone(), sessions::list))
        .route("/ok", only(read.clone(), ok::ok))
        .route("/refresh-token", only(post.clone(), oauth::tokens::refresh_token))
        .route("/passkey/delete-passkey", only(post.clone(), passkey::delete))
        .route("/passkey/generate-authenticate-options", authenticate_options())
        .route(
            "/passkey/generate-register-options",
            only(read.clone(), passkey::generate_register_options),
        )
        .route("/passkey/list-user-passkeys", only(read.clone(), passkey::list))
        .route("/passkey/update-passkey", only(post.clone(), passkey::update))
        .route("/passkey/verify-authentication", only(post.clone(), passkey::verify_authentication))
        .route("/passkey/verify-registration", only(post.clone(), passkey::verify_registration))
        .route("/request-password-reset", only(post.clone(), reset::request))
        .route("/reset-password", only(post.clone(), reset::reset))
        .route("/reset-password/{token}", only(read.clone(), reset::open))
        .route("/revoke-other-sessions", only(post.clone(), sessions::revoke_others))
        .route("/revoke-session", only(post.clone(), sessions::revoke))
        .route("/revoke-sessions", only(post.clone(), sessions::revoke_all))
        .route("/send-verification-email", only(post.clone(), email::send_verification))
        .route("/sign-in/email", only(post.clone(), sign_in::sign_in))
        .route("/sign-in/social", only(post.clone(), oauth::social::sign_in))
        .route("/sign-in/social/nonce", only(post.clone(), oauth::social::nonce))
        .route("/sign-out", only(post.clone(), sign_out::sign_out))
        .route("/sign-up/email", only(post.clone(), sign_up::sign_up))
        .route("/two-factor/disable", only(post.clone(), two_factor::disable))
        .route("/two-factor/enable", only(post.clone(), two_factor::enable))
        .route(
            "/two-factor/generate-backup-codes",
            only(post.clone(), two_factor::generate_backup_codes),
        )
        .route("/two-factor/get-totp-uri", only(post.clone(), two_factor::get_totp_uri))
        .route("/two-factor/send-otp", only(post.clone(), two_factor::send_otp))
        .route("/two-factor/verify-backup-code", only(post.clone(), two_factor::verify_backup_code))
        .route("/two-factor/verify-otp", only(post.clone(), two_factor::verify_otp))
        .route("/two-factor/verify-totp", only(post.clone(), two_factor::verify_totp))
        .route("/unlink-account", only(post.clone(), linked::unlink))
        .route("/update-session", only(post.clone(), user::update_session))
        .route("/update-user", only(post.clone(), user::update_user))
        .route("/verify-email", verify_email())
        .route("/verify-password", only(post, user::verify_password))
        .merge(polar::routes(&auth))
        .fallback(not_found)
        .with_state(auth);
    // The base path itself belongs to no nested route.
    let nothing =
        Router::new().route("/api/auth", any(not_found)).route("/api/auth/", any(not_found));
    nothing.nest("/api/auth", routes)
}

/// Two methods of one path.
fn verify_email() -> MethodRouter<Auth> {
    get(email::open).head(not_found).post(email::confirm).fallback(not_found)
}

/// As Better Auth 1.7 asks, and 1.2.8.
fn authenticate_options() -> MethodRouter<Auth> {
    get(passkey::generate_authenticate_options)
        .head(not_found)
        .post(passkey::generate_authenticate_options_1_2)
        .fallback(not_found)
}

async fn not_found() -> StatusCode {
    StatusCode::NOT_FOUND
}

/// A route with these methods. Any other is an unknown route: `HEAD` is no `GET` here, and nothing says `Allow`.
fn only<const N: usize, H, T>(methods: [Method; N], handler: H) -> MethodRouter<Auth>
where
    H: Handler<T, Auth>,
    T: 'static,
{
    any(handler).layer(from_fn(move |request: Request, next: Next| {
        let known = methods.contains(request.method());
        async move {
            if known { next.run(request).await } else { StatusCode::NOT_FOUND.into_response() }
        }
    }))
}
