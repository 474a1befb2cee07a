//! Everything that is served but assets and health: pages, forms, Better Auth's routes, the API.

use std::sync::Arc;

use app::server::{ProviderButton, SiteSettings};
use axum::{Extension, Router, middleware::from_fn_with_state};
use backend::{AuthProfile, Backend, Limits};
use leptos::config::{LeptosOptions, get_configuration};
use polar_local::PolarLocal;

use crate::{
    api, assets,
    auth::{self, Auth},
    budgets,
    config::{Config, Environment},
    export,
    pages::Pages,
    session, standins, webhooks,
};

/// The routes of one backend, with the session of each request looked up before them.
pub fn router(
    backend: &Backend,
    auth: &Auth,
    config: &Config,
    polar: Option<&PolarLocal>,
) -> Router {
    let pages = Pages::new(auth, settings(config), assets::pkg_prefix(), watch());
    let mut router = pages.routes();
    if config.environment != Environment::Production {
        router = router.merge(standins::mailbox(backend.clone()));
    }
    let router = router
        .merge(api::routes(backend.clone()))
        .merge(export::routes(backend.clone()))
        .layer(Extension(Arc::new(api::reference(&api::document()))))
        .layer(from_fn_with_state(budgets(backend), budgets::layer))
        .layer(from_fn_with_state(auth.clone(), session::layer))
        // Better Auth's routes read the session their own way, and answer their own 404.
        .merge(auth::routes(auth.clone()))
        .merge(webhooks::routes(backend.clone()));
    match polar {
        Some(polar) => {
            let exposed = config.environment == Environment::Production;
            router.merge(standins::polar(polar, exposed))
        }
        None => router,
    }
}

/// What one person may do is limited in the hardened profile alone.
fn budgets(backend: &Backend) -> Limits {
    match backend.settings.auth.profile {
        AuthProfile::Hardened => backend.limits.clone(),
        AuthProfile::BetterAuth => Limits::off(),
    }
}

fn settings(config: &Config) -> SiteSettings {
    SiteSettings {
        app_url: config.address.origin(),
        providers: providers(config),
        dev_mail: config.environment != Environment::Production
            && config.mail.smtp_url.is_none()
            && config.mail.file.is_none(),
        password_min: u32::try_from(config.auth.password_min).unwrap_or(u32::MAX),
    }
}

fn providers(config: &Config) -> Vec<ProviderButton> {
    let names = config.oauth.names().into_iter();
    names.map(|(id, label)| ProviderButton { id, label }).collect()
}

/// The address of the reload socket, under `cargo leptos watch`.
fn watch() -> Option<LeptosOptions> {
    let watched =
        cfg!(debug_assertions) && std::env::vars_os().any(|(name, _)| name == "LEPTOS_WATCH");
    watched
        .then(|| get_configuration(None).ok())
        .flatten()
        .map(|configuration| configuration.leptos_options)
}
