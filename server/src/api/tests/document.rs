use std::collections::BTreeSet;

use app::api_docs::Operation;
use backend::{both_engines, testing::TestDb};
use serde_json::Value;

use super::{
    super::{document, reference},
    support::Site,
};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

both_engines! {
    async fn the_document_is_public_and_names_every_operation(db: TestDb) {
        let site = Site::new(db).await;

        let answer = site.get(None, "/api/openapi.json").await;

        assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
        let body = answer.json();
        assert!(body["openapi"].as_str().unwrap().starts_with("3.1"));
        let operations: BTreeSet<String> = body["paths"]
            .as_object()
            .unwrap()
            .iter()
            .flat_map(|(path, item)| {
                let item = item.as_object().unwrap();
                item.keys().filter(|key| METHODS.contains(&key.as_str())).map(move |method| format!("{method} {path}"))
            })
            .collect();
        assert_eq!(operations, BTreeSet::from([
            "post /api/budgets/replay", "patch /api/budgets/{id}", "post /api/budgets/{id}/end", "get /api/budgets/{id}/history",
            "get /api/recurring/{id}/merge", "post /api/recurring/{id}/put-back",
            "delete /api/bank-accounts/{id}", "delete /api/budgets/{id}", "delete /api/connections/{id}",
            "get /api/bank-accounts/{id}/statements", "get /api/bank-accounts/{id}/statements/{month}",
            "post /api/transactions", "get /api/transactions/{id}", "patch /api/transactions/{id}", "delete /api/transactions/{id}",
            "put /api/transactions/{id}/parts", "delete /api/transactions/{id}/parts", "get /api/transactions/batches",
            "get /api/transactions/duplicates", "patch /api/transactions/duplicates/{id}",
            "get /api/rules", "post /api/rules", "get /api/rules/{id}", "patch /api/rules/{id}", "delete /api/rules/{id}",
            "put /api/rules/order", "post /api/rules/preview", "post /api/rules/{id}/apply",
            "get /api/saved-views", "post /api/saved-views", "get /api/saved-views/{id}", "patch /api/saved-views/{id}", "delete /api/saved-views/{id}",
            "get /api/categories", "post /api/categories", "get /api/categories/{key}", "patch /api/categories/{key}", "delete /api/categories/{key}",
            "get /api/imports", "post /api/imports", "get /api/imports/{id}", "delete /api/imports/{id}",
            "post /api/imports/{id}/commit", "post /api/imports/{id}/undo", "get /api/preferences", "patch /api/preferences",
            "get /api/bank-accounts", "get /api/bank-accounts/{id}", "get /api/bank-accounts/{id}/balances", "get /api/bank-accounts/{id}/verification", "get /api/budgets", "get /api/budgets/{id}",
            "get /api/connections", "get /api/connections/{id}", "get /api/recurring", "get /api/recurring/{id}",
            "get /api/subscription", "get /api/transactions", "get /api/transactions/batches/{id}", "patch /api/bank-accounts/{id}",
            "patch /api/recurring/{id}", "post /api/bank-accounts", "post /api/bank-accounts/{id}/verification", "post /api/budgets", "post /api/connections/{id}/sync",
            "get /api/review", "get /api/transfers", "post /api/transfers", "post /api/transfers/{id}/confirm",
            "post /api/transfers/{id}/reject", "post /api/transfers/{id}/unlink", "get /api/transactions/{id}/transfer-candidates",
            "get /api/recurring/coming", "post /api/recurring/{id}/merge", "post /api/recurring/{id}/leave-out",
            "put /api/recurring/{id}/price-seen", "delete /api/recurring/{id}/price-seen", "post /api/connections/link",
            "post /api/connections/finish", "post /api/connections/{id}/repair", "get /api/connections/{id}/accounts",
            "post /api/connections/{id}/accounts", "post /api/transactions/batches", "post /api/transactions/batches/{id}/undo", "post /api/verifications/{id}/answers",
            "put /api/bank-accounts/{id}/numbers", "post /api/bank-accounts/{id}/shift",
            "get /api/review/uncategorized", "get /api/overview", "put /api/demo", "delete /api/demo",
            "get /api/transactions/{id}/always", "post /api/transactions/{id}/always",
            "get /transactions.csv", "get /transactions.json", "get /settings/export",
        ].map(str::to_owned)));
    }
}

#[tokio::test]
async fn every_documented_operation_is_answered_and_its_fields_are_described() {
    let db = TestDb::sqlite().await;
    let site = Site::new(db.clone()).await;
    let body = serde_json::to_value(document()).unwrap();

    for (path, item) in body["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let request = axum::http::Request::builder()
                .method(method.to_uppercase().as_str())
                .uri(path.replace("{id}", "x").replace("{key}", "x").replace("{month}", "2026-05"))
                .body(axum::body::Body::empty())
                .unwrap();
            // Nobody is signed in: a route that exists says so.
            assert_eq!(site.send(None, request).await.status, 401, "{method} {path}");
            // What stands beside the pages leads to the page to sign in, as they do.
            let nobody = if path.starts_with("/api/") { "401" } else { "303" };
            assert!(
                operation["summary"].is_string() && operation["responses"][nobody].is_object(),
                "{method} {path}"
            );
        }
    }
    for reference in references(&body) {
        let pointer = reference.trim_start_matches('#');
        assert!(body.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    let account = &body["components"]["schemas"]["BankAccount"]["properties"];
    assert_eq!(account["mask"]["type"], serde_json::json!(["string", "null"]));
    assert!(account.get("accountNumber").is_none() && account.get("routingNumber").is_none());
    db.remove().await;
}

fn references(value: &Value) -> Vec<String> {
    match value {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| match value {
                Value::String(text) if name == "$ref" => vec![text.clone()],
                value => references(value),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn the_page_shows_what_the_document_says() {
    let reference = reference(&document());

    let groups: Vec<_> = reference
        .groups
        .iter()
        .map(|group| (group.name.as_str(), group.operations.len()))
        .collect();
    assert_eq!(
        groups,
        [
            ("Overview", 1),
            ("Bank accounts", 13),
            ("Transactions", 18),
            ("Rules", 10),
            ("Categories", 5),
            ("Imports", 6),
            ("Budgets", 8),
            ("Review", 8),
            ("Recurring", 10),
            ("Connections", 11),
            ("Files", 3),
            ("Preferences", 2),
            ("Plan", 1)
        ]
    );
    let create =
        reference.groups[1].operations.iter().find(|operation| operation.method == "POST").unwrap();
    let body = create.request.as_ref().unwrap();
    assert_eq!(body.name, "NewBankAccount");
    let bank_name = body.fields.iter().find(|field| field.name == "bankName").unwrap();
    assert_eq!((bank_name.place.as_str(), bank_name.required), ("string", true));
    assert!(!bank_name.about.is_empty());
    assert!(
        create
            .parameters
            .iter()
            .any(|parameter| parameter.name == "Idempotency-Key" && parameter.place == "header")
    );
    let split = reference.groups[2].operations.iter().find(|operation| operation.method == "PUT");
    assert_eq!(split.unwrap().request.as_ref().unwrap().name, "NewParts");
    let is_list =
        |operation: &&Operation| operation.method == "GET" && operation.path == "/api/transactions";
    let list = reference.groups[2].operations.iter().find(is_list).unwrap();
    let fields = &list.answers[0].shape.as_ref().unwrap().fields;
    assert!(
        fields.iter().any(|field| field.name == "items")
            && fields.iter().any(|field| field.name == "sums")
    );
}
