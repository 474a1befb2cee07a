//! Where a checkout goes from here.

use std::time::Duration;

use askama::Template;
use axum::{http::StatusCode, response::Response};
use url::Url;

use super::super::answer::{page, see_other};
use crate::{
    address::mount,
    delivery::EventState,
    engine::Paid,
    model::{Checkout, CheckoutStatus},
    shared::Shared,
};

/// So long the page waits for the application before it goes on. Polar's waits for 15 seconds, which is as long as a
/// request may take where this one is mounted.
const WAIT_FOR_APP: Duration = Duration::from_secs(12);

#[derive(Template)]
#[template(path = "done.html")]
struct Done<'a> {
    base: &'a str,
    title: &'a str,
    text: &'a str,
    link: Option<(&'a str, &'a str)>,
}

/// After a try to pay.
pub async fn after(shared: &Shared, checkout: &Checkout, paid: Paid) -> Response {
    match paid {
        Paid::Yes => {
            let now = shared.with(|engine| engine.world.checkouts.find(checkout.id));
            match now {
                Some(now) => go_on(shared, now).await,
                None => unknown(shared),
            }
        }
        Paid::Asks => see_other(&approve_url(shared, checkout)),
        Paid::No => see_other(&checkout_url(shared, checkout)),
    }
}

/// Where a checkout that is not open any more goes.
pub async fn go_on(shared: &Shared, checkout: Checkout) -> Response {
    match checkout.status {
        CheckoutStatus::Succeeded => {
            wait_for_app(shared, &checkout).await;
            see_other(&success_url(shared, &checkout))
        }
        CheckoutStatus::Confirmed => see_other(&approve_url(shared, &checkout)),
        CheckoutStatus::Open | CheckoutStatus::Expired => {
            see_other(&checkout_url(shared, &checkout))
        }
    }
}

/// The application should know before its own success page is opened.
async fn wait_for_app(shared: &Shared, checkout: &Checkout) {
    let Some(event) = checkout.told_by else { return };
    shared
        .wait_until(WAIT_FOR_APP, |engine| {
            let outbox = &engine.world.outbox;
            outbox.find(event).is_none_or(|event| {
                // What is lost is not waited for: nobody knows of it.
                matches!(
                    event.state,
                    EventState::Delivered | EventState::Skipped | EventState::Dropped
                )
            })
        })
        .await;
}

/// With a session of the portal, as Polar adds it.
fn success_url(shared: &Shared, checkout: &Checkout) -> String {
    let session = checkout.session.and_then(|id| shared.lock().world.sessions.find(id));
    let url = Url::parse(&checkout.success_url);
    match (url, session) {
        (Ok(mut url), Some(session)) => {
            url.query_pairs_mut().append_pair("customer_session_token", &session.token);
            url.to_string()
        }
        _ => checkout.success_url.clone(),
    }
}

/// The checkout itself.
pub fn checkout_url(shared: &Shared, checkout: &Checkout) -> String {
    shared.url(&format!("checkout/{}", checkout.client_secret))
}

/// The question of the bank.
pub fn approve_url(shared: &Shared, checkout: &Checkout) -> String {
    shared.url(&format!("checkout/{}/approve", checkout.client_secret))
}

/// The page after paying, for an application without one of its own.
pub fn confirmed(shared: &Shared) -> Response {
    let done = Done {
        base: mount(&shared.base),
        title: "Paid",
        text: "The payment succeeded. You can close this page.",
        link: None,
    };
    page(StatusCode::OK, &done)
}

/// It is paid: the way back leads here.
pub fn paid_already(shared: &Shared, checkout: &Checkout) -> Response {
    let place = success_url(shared, checkout);
    let done = Done {
        base: mount(&shared.base),
        title: "Already paid",
        text: "This checkout is paid. Nothing is charged a second time.",
        link: Some((&place, "Continue")),
    };
    page(StatusCode::OK, &done)
}

/// It has expired.
pub fn expired(shared: &Shared, checkout: &Checkout) -> Response {
    let done = Done {
        base: mount(&shared.base),
        title: "This checkout has expired",
        text: "A checkout is open for one day. Nothing was charged. Start again from the application.",
        link: checkout.return_url.as_deref().map(|url| (url, "Go back")),
    };
    page(StatusCode::GONE, &done)
}

/// There is no such checkout.
pub fn unknown(shared: &Shared) -> Response {
    let done = Done {
        base: mount(&shared.base),
        title: "There is nothing here",
        text: "This page does not exist, or its address is not complete.",
        link: None,
    };
    page(StatusCode::NOT_FOUND, &done)
}
