//! A Polar of a few answers, for tests.

use std::ops::Deref;

use serde_json::Value;

use crate::outgoing::standin::StandIn;

/// The user of the fixtures.
const USER: &str = "7Yk2mQh0vT4sLr9ZbN6cXw1pJd8eUaG3";

/// A body of Polar's, with Alice as its customer.
macro_rules! fixture {
    ($name:literal) => {
        $crate::billing::client::server::of_alice(include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/src/billing/fixtures/",
            $name,
            ".json"
        )))
    };
}
pub(in crate::billing) use fixture;

/// A body whose customer is Alice.
pub fn of_alice(body: &str) -> String {
    body.replace(USER, "alice")
}

/// A body with other values at its top.
pub fn with(body: &str, changes: Value) -> String {
    let mut value: Value = serde_json::from_str(body).unwrap();
    let Value::Object(changes) = changes else { panic!("changes are an object") };
    value.as_object_mut().unwrap().extend(changes);
    value.to_string()
}

/// A list of one page.
pub fn list(items: &[String]) -> String {
    let items = items.join(",");
    format!(r#"{{"items":[{items}],"pagination":{{"total_count":1,"max_page":1}}}}"#)
}

/// The server; it ends with the test.
#[derive(Clone)]
pub struct Polar(StandIn);

impl Polar {
    /// One that knows nothing yet: every question is answered with Polar's 404.
    pub async fn new() -> Self {
        let unknown = include_str!("../fixtures/errors/404.not-found.json");
        Self(StandIn::start(404, "", unknown).await)
    }
}

impl Deref for Polar {
    type Target = StandIn;

    fn deref(&self) -> &StandIn {
        &self.0
    }
}
