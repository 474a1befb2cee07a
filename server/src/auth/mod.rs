//! Better Auth's routes below `/api/auth`: its bodies, codes and cookies around the use cases of
//! [`backend::auth`]. See `docs/adr/0002-better-auth-protocol.md`.

pub mod cookies;

mod body;
mod client;
mod error;
mod error_page;
mod get_session;
mod guard;
mod json;
mod ok;
mod origin;
mod redirect;
mod schema;
mod sign_in;
mod sign_out;
mod sign_up;

#[cfg(test)]
mod tests;

use std::{ops::Deref, sync::Arc};

use app::server::{CookieChange, SignInCookies};
use axum::{
    Router,
    extract::Request,
    handler::Handler,
    http::{Method, StatusCode, request::Parts},
    middleware::{Next, from_fn},
    response::IntoResponse,
    routing::{MethodRouter, any},
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
    /// Small writes that no answer waits for. Close it and wait for it before the database is closed.
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
            backend,
            cookies,
            tasks: TaskTracker::new(),
            origins,
            proxies: options.trusted_proxies,
        }))
    }

    /// For the context of pages: the cookies of their sign-in and sign-out forms.
    pub fn sign_in_cookies(&self) -> SignInCookies {
        let auth = self.clone();
        SignInCookies::new(move |change| {
            let jar =
                use_context::<Parts>().map_or_else(Jar::default, |parts| Jar::read(&parts.headers));
            match change {
                CookieChange::Start(login) => {
                    auth.cookies.start(&jar, auth.backend.clock.now(), &login.into())
                }
                CookieChange::End => auth.cookies.clear(&jar),
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
    let routes = Router::new()
        .route("/error", only([Method::GET], error_page::error_page))
        .route("/get-session", only([Method::GET, Method::POST], get_session::get_session))
        .route("/ok", only([Method::GET], ok::ok))
        .route("/sign-in/email", only([Method::POST], sign_in::sign_in))
        .route("/sign-out", only([Method::POST], sign_out::sign_out))
        .route("/sign-up/email", only([Method::POST], sign_up::sign_up))
        .fallback(not_found)
        .with_state(auth);
    // The base path itself belongs to no nested route.
    let nothing =
        Router::new().route("/api/auth", any(not_found)).route("/api/auth/", any(not_found));
    nothing.nest("/api/auth", routes)
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
