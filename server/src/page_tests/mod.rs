//! Pages and forms from outside, with the sessions of real sign-ins, on both engines.

mod admin;
mod amounts;
mod banks;
mod billing;
mod budgets;
mod connections;
mod cost;
mod danger;
mod first_steps;
mod imports;
mod legal;
mod mailed;
mod overview;
mod pricing;
mod recurring;
mod review;
mod security;
mod server_fns;
mod settings;
mod sign_in;
mod success;
mod transactions;
mod verification;

use app::server::SiteSettings;
use axum::{body::Body, http::StatusCode, middleware::from_fn_with_state};
use backend::{Backend, Db, Random, testing};

use crate::{
    api,
    auth::tests::{
        polar,
        support::{Answer, Browser, Site},
    },
    pages::Pages,
    session,
};

/// Everything but assets and health, as the program has it.
fn site(db: Db) -> Site {
    with_pages(Site::new(db))
}

/// The same with something to sell, by a Polar that is out of reach.
fn selling(db: Db) -> Site {
    let nowhere = "http://127.0.0.1:1".parse().unwrap();
    let backend = Backend { random: Random::system(), ..testing::backend(db) };
    of(testing::with_billing(backend, &nowhere))
}

/// The same over a backend that is there.
fn of(backend: Backend) -> Site {
    with_pages(Site::of(backend))
}

/// The same by a stand-in of Polar that answers, and tells nobody of anything.
async fn selling_by_stand_in(db: Db) -> Site {
    with_pages(polar::selling(db).await)
}

pub(crate) fn with_pages(site: Site) -> Site {
    with_settings(site, SiteSettings::default())
}

fn with_settings(mut site: Site, settings: SiteSettings) -> Site {
    let pages = Pages::new(&site.auth, settings, "/pkg".into(), None);
    site.router = pages
        .routes()
        .merge(api::routes(site.backend.clone()))
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

/// What a browser does with a link.
async fn visit(browser: &mut Browser, path: &str) -> Answer {
    let request = browser.request("GET", path).header("accept", "text/html");
    browser.send(request.body(Body::empty()).unwrap()).await
}

/// The text of a page as its reader sees it: escapes and the framework's marks are gone.
fn words(answer: &Answer) -> String {
    let text = answer.text.replace("<!>", "").replace("&#x27;", "'").replace("&amp;", "&");
    text.replace("<!---->", "")
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

/// Where a page leads instead of being shown.
fn sent_to(answer: &Answer) -> &str {
    assert!(answer.status.is_redirection(), "{} {}", answer.status, answer.text);
    answer.header("location").unwrap_or_default()
}

/// Where a 303 leads.
fn leads_to(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.header("location").unwrap_or_default()
}
