//! One request, as far as calls differ from each other.

use std::time::Duration;

use http::Method;
use serde_json::Value;
use url::Url;

const USUAL: Duration = Duration::from_secs(5);
/// Checkouts and sessions take Polar longer.
const SLOW: Duration = Duration::from_secs(10);

/// What to ask, and how long to wait for it.
pub struct Call<'c> {
    /// For logs and metrics: never an id.
    pub name: &'static str,
    pub method: Method,
    /// The parts of the path below `/v1`; an empty last one is the slash at the end.
    path: &'c [&'c str],
    query: Vec<(&'static str, String)>,
    pub body: Option<Value>,
    pub limit: Duration,
    /// Whether a second one does no harm.
    pub repeatable: bool,
}

impl<'c> Call<'c> {
    fn new(name: &'static str, method: Method, path: &'c [&'c str]) -> Self {
        let repeatable = method == Method::GET;
        Self { name, method, path, query: Vec::new(), body: None, limit: USUAL, repeatable }
    }

    pub fn get(name: &'static str, path: &'c [&'c str]) -> Self {
        Self::new(name, Method::GET, path)
    }

    pub fn post(name: &'static str, path: &'c [&'c str]) -> Self {
        Self::new(name, Method::POST, path)
    }

    pub fn patch(name: &'static str, path: &'c [&'c str]) -> Self {
        Self::new(name, Method::PATCH, path)
    }

    pub fn delete(name: &'static str, path: &'c [&'c str]) -> Self {
        Self::new(name, Method::DELETE, path)
    }

    pub fn body(self, body: Value) -> Self {
        Self { body: Some(body), ..self }
    }

    pub fn query(mut self, name: &'static str, value: impl ToString) -> Self {
        self.query.push((name, value.to_string()));
        self
    }

    pub fn slow(self) -> Self {
        Self { limit: SLOW, ..self }
    }

    /// A change that does no harm when it comes twice.
    pub fn repeatable(self) -> Self {
        Self { repeatable: true, ..self }
    }

    /// The address below `api`, with every part of the path escaped.
    pub fn url(&self, api: &Url) -> Option<Url> {
        let mut url = api.clone();
        url.path_segments_mut().ok()?.pop_if_empty().extend(self.path);
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        Some(url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slash_at_the_end_is_there_where_it_is_asked_for() {
        let api = "https://api.polar.sh/v1/".parse().unwrap();
        let url = |path| Call::get("test", path).url(&api).unwrap().to_string();

        assert_eq!(url(&["checkouts", ""]), "https://api.polar.sh/v1/checkouts/");
        assert_eq!(url(&["events", "ingest"]), "https://api.polar.sh/v1/events/ingest");
        assert_eq!(
            url(&["customers", "external", "a/b?c d", "state"]),
            "https://api.polar.sh/v1/customers/external/a%2Fb%3Fc%20d/state"
        );
    }

    #[test]
    fn what_is_looked_for_is_escaped() {
        let api = "http://127.0.0.1:4242/v1/".parse().unwrap();
        let call = Call::get("test", &["customers", ""]).query("email", "a+b&c@example.com");

        assert_eq!(
            call.url(&api).unwrap().as_str(),
            "http://127.0.0.1:4242/v1/customers/?email=a%2Bb%26c%40example.com"
        );
    }
}
