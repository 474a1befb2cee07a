//! A server function is a public route, whatever page it belongs to.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use backend::testing::TestDb;

use super::{call_with, site};

/// Forms for everybody: coming in, going out, how pages look, and what mailed links lead to.
const FOR_EVERYBODY: [&str; 15] = [
    "/amounts",
    "/forgot-password",
    "/keys",
    "/reset-password",
    "/sidebar",
    "/sign-in",
    "/sign-in/with",
    "/sign-out",
    "/sign-up",
    "/theme",
    "/two-factor",
    "/two-factor/send",
    "/undo-email-change",
    "/verify-email",
    "/verify-email/resend",
];

/// Enough for every function to be read: what is missing is refused before anybody asks who sends it.
const ARGUMENTS: &str = "id=1&query=&options=&month=2026-05&page=1&limit=1&range=quarter&key=food";

/// The form with a file reads it before it asks who sends it: another body is refused even earlier.
const WITH_A_FILE: &str = "/import";

#[tokio::test]
async fn every_other_server_function_refuses_whoever_is_not_signed_in() {
    let db = TestDb::sqlite().await;
    let site = site(db.db.clone());
    let paths: BTreeSet<&str> =
        leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
    assert!(FOR_EVERYBODY.iter().all(|path| paths.contains(path)), "{paths:?}");
    assert!(paths.len() > FOR_EVERYBODY.len());

    let mut open = Vec::new();
    for path in paths {
        if FOR_EVERYBODY.contains(&path) || path == WITH_A_FILE {
            continue;
        }
        let answer = call_with(&mut site.browser(), path, ARGUMENTS).await;
        if answer.status != StatusCode::UNAUTHORIZED {
            open.push(format!("{path}: {} {}", answer.status, answer.text));
        }
    }

    assert_eq!(open, Vec::<String>::new());
}

#[tokio::test]
async fn a_form_of_a_stranger_leads_to_sign_in_and_back_to_its_page() {
    let db = TestDb::sqlite().await;
    let site = site(db.db.clone());
    let fields = [("page", "/settings/security"), ("id", "1")];

    let answer =
        super::submit(&mut site.browser(), "/settings/security/sessions/end", &fields).await;

    assert_eq!(super::leads_to(&answer), "/sign-in?next=%2Fsettings%2Fsecurity");
}
