use std::collections::BTreeSet;

use backend::{
    accounts::testing::account_of,
    both_engines,
    transactions::testing::{Given, give_all},
};
use serde_json::{Value, json};

use super::{super::document, support::Site};

both_engines! {
    async fn the_lists_leave_as_the_document_says(db: TestDb) {
        let site = Site::new(db).await;
        let (backend, alice) = (&site.w.backend, site.w.alice.clone());
        let account = account_of(backend, &alice).await;
        let tea = Given { description: "Tea", ..Given::default() };
        give_all(backend, &alice, &account, &[Given::default(), tea]).await;

        let csv = site.get(Some(&alice), "/transactions.csv?q=tea").await;
        let rows = site.get(Some(&alice), "/transactions.json?q=tea").await;

        let paths = serde_json::to_value(document()).unwrap()["paths"].clone();
        for (answer, path) in [(&csv, "/transactions.csv"), (&rows, "/transactions.json")] {
            let content = &paths[path]["get"]["responses"]["200"]["content"];
            let kinds: Vec<&String> = content.as_object().unwrap().keys().collect();
            assert_eq!(kinds.len(), 1, "{path}");
            assert!(answer.header("content-type").unwrap().starts_with(kinds[0].as_str()), "{answer:?}");
            assert!(answer.header("content-disposition").unwrap().starts_with("attachment; filename="), "{answer:?}");
        }
        let said = paths["/transactions.csv"]["get"]["responses"]["200"]["description"].as_str().unwrap().to_owned();
        let columns = csv.text.lines().next().unwrap().replace(',', ", ");
        assert!(said.replace(" and id", ", id").contains(&columns), "{columns}: {said}");
        assert_eq!((csv.text.lines().count(), rows.json().as_array().unwrap().len()), (2, 1));
        let fields: BTreeSet<String> = rows.json()[0].as_object().unwrap().keys().cloned().collect();
        assert_eq!(fields, described("FileTransaction"));
        assert_eq!(site.get(Some(&site.w.mallory), "/transactions.json").await.json(), json!([]));
        assert_eq!(site.get(Some(&alice), "/transactions.csv?from=never").await.field("from"), "date_invalid");
    }
}

/// The fields of a shape, with those of the shapes that it has in it.
fn described(name: &str) -> BTreeSet<String> {
    let schemas = serde_json::to_value(document()).unwrap()["components"]["schemas"].clone();
    fields(&schemas, &schemas[name])
}

fn fields(schemas: &Value, schema: &Value) -> BTreeSet<String> {
    let own = schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone());
    let parts = schema["allOf"].as_array().into_iter().flatten();
    let other = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next());
    own.chain(parts.flat_map(|part| fields(schemas, part)))
        .chain(other.into_iter().flat_map(|name| fields(schemas, &schemas[name])))
        .collect()
}

#[test]
fn files_take_the_filters_of_the_list_and_no_page() {
    let paths = serde_json::to_value(document()).unwrap()["paths"].clone();
    let names = |path: &str| -> BTreeSet<String> {
        let parameters = paths[path]["get"]["parameters"].as_array().unwrap();
        parameters.iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };

    let mut list = names("/api/transactions");
    for page in ["page", "limit", "cursor"] {
        assert!(list.remove(page), "{page}");
    }

    assert_eq!(names("/transactions.csv"), list);
    assert_eq!(names("/transactions.json"), list);
    let export = &paths["/settings/export"]["get"];
    assert!(export["responses"]["303"]["description"].as_str().unwrap().contains("too long ago"));
    assert!(export["responses"]["200"]["content"]["application/json"].is_object());
}
