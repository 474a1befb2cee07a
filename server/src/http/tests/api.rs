//! The routes of the REST interface behind the layers.

use backend::testing::{self, TestDb};

use super::*;
use crate::api;

/// Every operation that changes something, with a path that names nothing.
fn changes() -> Vec<(Method, String)> {
    let document = serde_json::to_value(api::document()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        let path = path.replace("{id}", "x").replace("{key}", "x");
        let methods = item.as_object().unwrap().keys().filter(|method| *method != "get");
        methods.map(move |method| (method.to_uppercase().parse().unwrap(), path.clone()))
    });
    operations.collect()
}

#[tokio::test]
async fn every_change_is_refused_to_other_origins() {
    let db = TestDb::sqlite().await;
    let app = wrap(api::routes(testing::backend(db.db.clone())), settings(), deps());
    let changes = changes();
    assert!(changes.len() > 20, "{changes:?}");

    for (method, path) in changes {
        let ask = |origin| {
            let headers = [("origin", origin), ("cookie", "a=b")];
            send(&app, request(method.clone(), &path, &headers, Body::empty()))
        };
        let elsewhere = ask("https://evil.example").await;
        let here = ask("https://bank.example").await;

        assert_eq!(elsewhere.status, StatusCode::FORBIDDEN, "{method} {path}");
        // It came as far as the guard of the route.
        assert_eq!(here.status, StatusCode::UNAUTHORIZED, "{method} {path}");
    }
    db.remove().await;
}

#[tokio::test]
async fn a_program_brings_a_file_of_ten_megabytes() {
    const MIB: usize = 1024 * 1024;
    let routes = Router::new().route(
        "/api/imports",
        post(|body: axum::body::Bytes| async move { body.len().to_string() }),
    );
    let app = wrap(routes, settings(), deps());
    let bring = |bytes| request(Method::POST, "/api/imports", &[], Body::from(vec![b'x'; bytes]));

    let within = send(&app, bring(10 * MIB)).await;
    let beyond = send(&app, bring(11 * MIB)).await;

    assert_eq!(within.text, (10 * MIB).to_string());
    assert_eq!(beyond.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(beyond.json()["message"], "Files can be up to 10 MB.");
}
