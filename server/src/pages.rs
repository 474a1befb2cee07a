//! Renders the pages of `app`: what each request brings along, and the statuses they answer with.

use std::{collections::BTreeMap, sync::Arc};

use app::{
    auth::mailed::{self, Mailed},
    flash::{self as message, Flash},
    form::FormState,
    preferences::{
        AMOUNTS_COOKIE, Amounts, KEYS_COOKIE, Keys, SIDEBAR_COOKIE, Sidebar, THEME_COOKIE, Theme,
    },
    server::{AssetBase, Caller, RequestId, RequestPath, SignInCookies, SiteSettings},
    session::Session,
    settings::second_step::waiting::Waiting,
};
use axum::{
    Router,
    body::Body,
    extract::{Path, Request, State},
    http::{StatusCode, Uri, header, request::Parts},
    response::{IntoResponse, Response},
    routing::{MethodRouter, get, post},
};
use backend::{Backend, SignedIn, auth::UserView};
use domain::{AccountId, Month};
use leptos::{config::LeptosOptions, prelude::*};

use crate::{
    auth::{Auth, cookies},
    export, flash, http as surface, second_step, server_fns,
};

/// The route of a statement, as the pages name it.
const STATEMENT: &str = "/accounts/{id}/statements/{month}";

/// What every page is rendered with.
#[derive(Clone)]
pub struct Pages(Arc<Site>);

struct Site {
    backend: Backend,
    settings: SiteSettings,
    assets: AssetBase,
    auth: Auth,
    sign_in_cookies: SignInCookies,
    flash: flash::Jar,
    second_step: second_step::Jar,
    /// Set under `cargo leptos watch` alone: the page then reloads itself.
    watch: Option<LeptosOptions>,
}

/// The status a refused form is shown again with.
#[derive(Clone, Copy)]
struct PageStatus(StatusCode);

impl Pages {
    /// Pages over the backend of `auth`.
    pub fn new(
        auth: &Auth,
        settings: SiteSettings,
        asset_base: String,
        watch: Option<LeptosOptions>,
    ) -> Self {
        let https = settings.app_url.starts_with("https:");
        Self(Arc::new(Site {
            backend: auth.backend.clone(),
            flash: flash::Jar::new(&auth.backend.settings, https),
            second_step: second_step::Jar::new(&auth.backend, https),
            sign_in_cookies: auth.sign_in_cookies(),
            auth: auth.clone(),
            settings,
            assets: AssetBase(asset_base),
            watch,
        }))
    }

    /// Routes of every page and every server function, and the page for everything else.
    pub fn routes(self) -> Router {
        let mut router = Router::new();
        for (path, methods) in Self::paths() {
            router = router.route(&path, methods);
        }
        router.fallback(not_found).with_state(self)
    }

    /// One entry a path: a form posts to the path of its page.
    fn paths() -> BTreeMap<String, MethodRouter<Self>> {
        let mut paths = BTreeMap::<String, MethodRouter<Self>>::new();
        for page in leptos_axum::generate_route_list(app::App) {
            let methods = if page.path() == STATEMENT { get(statement) } else { get(show) };
            paths.insert(page.path().to_owned(), methods);
        }
        for (path, _) in leptos::server_fn::axum::server_fn_paths() {
            let methods = paths.remove(path).unwrap_or_default();
            paths.insert(path.to_owned(), methods.merge(post(server_fns::run)));
        }
        paths
    }

    /// Renders the page that `request` names.
    pub async fn render(&self, request: Request) -> Response {
        let pages = self.clone();
        let status = request.extensions().get::<PageStatus>().copied();
        let spent = self.0.flash.spent(request.headers());
        let render =
            leptos_axum::render_app_async_with_context(move || pages.provide(), app::shell);
        let mut response = render(request).await;
        if let Some(PageStatus(status)) = status
            && response.status() == StatusCode::OK
        {
            *response.status_mut() = status;
        }
        if let Some(spent) = spent {
            response.headers_mut().append(header::SET_COOKIE, spent);
        }
        response
    }

    /// Shows the page at `path` once more, with what was typed and what is wrong.
    pub async fn render_refused(
        &self,
        mut parts: Parts,
        path: Uri,
        form: FormState,
        status: StatusCode,
    ) -> Response {
        parts.method = axum::http::Method::GET;
        parts.uri = path;
        parts.headers.remove(header::CONTENT_TYPE);
        parts.headers.remove(header::CONTENT_LENGTH);
        parts.extensions.insert(form);
        parts.extensions.insert(PageStatus(status));
        self.render(Request::from_parts(parts, Body::empty())).await
    }

    /// Puts what components and server functions ask for into the context of the request at hand.
    pub fn provide(&self) {
        let site = &self.0;
        let parts: Parts = expect_context();
        let extensions = &parts.extensions;
        let cookie = |name| cookies::find(&parts.headers, name);
        let caller = extensions.get::<SignedIn>();

        provide_context(site.backend.clone());
        provide_context(site.settings.clone());
        provide_context(site.assets.clone());
        provide_context(site.sign_in_cookies.clone());
        provide_context(site.flash.flash());
        provide_context(site.flash.mailed());
        provide_context(site.second_step.cookie(caller));
        provide_context::<Option<Waiting>>(site.second_step.read(&parts.headers, caller));
        provide_context(Caller(caller.cloned()));
        provide_context(extensions.get::<Session>().cloned());
        provide_context(extensions.get::<UserView>().cloned());
        provide_context(extensions.get::<FormState>().cloned().unwrap_or_default());
        provide_context::<Option<Flash>>(site.flash.read(&parts.headers, message::COOKIE));
        provide_context::<Option<Mailed>>(site.flash.read(&parts.headers, mailed::COOKIE));
        provide_context(Theme::from_cookie(cookie(THEME_COOKIE).unwrap_or_default()));
        provide_context(Sidebar::from_cookie(cookie(SIDEBAR_COOKIE).unwrap_or_default()));
        provide_context(Keys::from_cookie(cookie(KEYS_COOKIE).unwrap_or_default()));
        provide_context(Amounts::from_cookie(cookie(AMOUNTS_COOKIE).unwrap_or_default()));
        provide_context(RequestPath(
            parts.uri.path_and_query().map_or_else(String::new, ToString::to_string),
        ));
        provide_context(site.auth.browser(&parts));
        provide_context(site.auth.owed_factor(&parts.headers));
        provide_context(site.auth.last_way_in(&parts.headers));
        if let Some(id) = extensions.get::<surface::RequestId>() {
            provide_context(RequestId(id.to_string()));
        }
        if let Some(nonce) = extensions.get::<surface::Nonce>() {
            provide_context(leptos::nonce::Nonce::from_value(nonce.as_str().to_owned()));
        }
        if let Some(options) = &site.watch {
            provide_context(options.clone());
        }
    }
}

/// The page of a statement, or its file: the router has no parameter with an end, so `.csv` is looked for here.
async fn statement(
    State(pages): State<Pages>,
    Path((account, name)): Path<(String, String)>,
    request: Request,
) -> Response {
    let month = name.strip_suffix(".csv").and_then(|month| month.parse::<Month>().ok());
    match (month, request.extensions().get::<SignedIn>().cloned()) {
        (Some(month), Some(caller)) => {
            let account = AccountId::new(account);
            let file = export::statement(&pages.0.backend, &caller, &account, month).await;
            file.into_response()
        }
        _ => pages.render(request).await,
    }
}

/// A page that the site has.
async fn show(State(pages): State<Pages>, request: Request) -> Response {
    pages.render(request).await
}

/// A page that it doesn't have.
async fn not_found(State(pages): State<Pages>, request: Request) -> Response {
    let mut response = pages.render(request).await;
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}
