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
        .layer(Extension(Arc::new(api::reference(&api::document()))))
        .layer(from_fn_with_state(budgets(backend), budgets::layer))
        .layer(from_fn_with_state(auth.clone(), session::layer))
        // Better Auth's routes read the session their own way, and answer their own 404.
        .merge(auth::routes(auth.clone()));
    let deliveries = webhooks::routes(backend.clone());
    match polar {
        // Asked for by name. Its switches reach nothing of ours.
        Some(polar) if config.environment == Environment::Production => {
            router.merge(deliveries).merge(standins::polar(polar, true))
        }
        Some(polar) => {
            let deliveries = standins::refusing(deliveries, polar);
            router.merge(deliveries).merge(standins::polar(polar, false))
        }
        None => router.merge(deliveries),
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::{body::Body, http::Request};
    use backend::{
        Settings,
        testing::{self, TestDb},
    };
    use tower::ServiceExt as _;

    use super::*;
    use crate::{auth::AuthOptions, config::tests as configs, start};

    const PATHS: [&str; 4] = [
        "/dev/polar",
        "/dev/polar/v1/products/",
        "/dev/polar/_local/health",
        "/dev/mail/api/v1/messages",
    ];

    /// The statuses of the paths of the stand-ins.
    async fn answers(config: &Config) -> Vec<u16> {
        let db = TestDb::sqlite().await;
        let backend = testing::backend(db.db.clone());
        let settings =
            Settings { billing: start::billing(config), ..Settings::clone(&backend.settings) };
        let backend = Backend { settings: Arc::new(settings), ..backend };
        let auth = Auth::new(backend.clone(), AuthOptions::from_config(config));
        let polar = standins::polar::start(config, &backend).unwrap();
        let router = router(&backend, &auth, config, polar.as_ref());
        let mut statuses = Vec::new();
        for path in PATHS {
            let request = Request::get(path).body(Body::empty()).unwrap();
            statuses.push(router.clone().oneshot(request).await.unwrap().status().as_u16());
        }
        db.remove().await;
        statuses
    }

    #[tokio::test]
    async fn production_has_no_stand_in_unless_it_is_asked_for_by_name() {
        let plain = configs::production(&[]).unwrap();
        let named = configs::production(&[("POLAR_SERVER", "stand-in")]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let developed = configs::read_in(folder.path(), &[]).unwrap();

        assert_eq!(answers(&plain).await, [404, 404, 404, 404]);
        let named = answers(&named).await;
        assert!(named[..3].iter().all(|status| *status != 404) && named[3] == 404, "{named:?}");
        assert!(answers(&developed).await.iter().all(|status| *status != 404));
    }
}
