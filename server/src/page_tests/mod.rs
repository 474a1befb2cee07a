//! Pages and forms from outside, with the sessions of real sign-ins, on both engines.

mod danger;
mod security;
mod server_fns;

use app::server::SiteSettings;
use axum::{body::Body, http::StatusCode, middleware::from_fn_with_state};
use backend::Db;

use crate::{
    auth::tests::support::{Answer, Browser, Site},
    export,
    pages::Pages,
    session,
};

/// Everything but assets and health, as the program has it.
fn site(db: Db) -> Site {
    let mut site = Site::new(db);
    let pages = Pages::new(&site.auth, SiteSettings::default(), "/pkg".into(), None);
    site.router = pages
        .routes()
        .merge(export::routes(site.backend.clone()))
        .layer(from_fn_with_state(site.auth.clone(), session::layer))
        .merge(site.router);
    site
}

/// What a browser does with a form.
async fn submit(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(fields);
    let request = browser
        .request("POST", path)
        .header("accept", "text/html")
        .header("content-type", "application/x-www-form-urlencoded");
    browser.send(request.body(Body::from(body.finish())).unwrap()).await
}

/// What a script does with a server function that takes nothing.
async fn call(browser: &mut Browser, path: &str) -> Answer {
    call_with(browser, path, "").await
}

/// What a script does with a server function.
async fn call_with(browser: &mut Browser, path: &str, arguments: &'static str) -> Answer {
    let request = browser
        .request("POST", path)
        .header("accept", "application/json")
        .header("content-type", "application/x-www-form-urlencoded");
    browser.send(request.body(Body::from(arguments)).unwrap()).await
}

/// Where a 303 leads.
fn leads_to(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.header("location").unwrap_or_default()
}
