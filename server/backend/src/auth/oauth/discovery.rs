//! `OpenID` Connect Discovery 1.0: a provider says at its issuer's address where its doors are.

use std::sync::{Arc, Mutex, PoisonError};

use http::HeaderMap;
use openidconnect::core::CoreProviderMetadata;
use serde_json::Value;
use time::{Duration, OffsetDateTime};
use url::Url;

use super::{Provider, endpoints::Endpoints, keys::max_age};
use crate::{Error, Result};

/// How long what was found holds where the provider does not say, and at most.
const USUAL: Duration = Duration::hours(1);
const MOST: Duration = Duration::days(1);
const LEAST: Duration = Duration::minutes(5);

/// Algorithms that are accepted when a provider names them (RFC 7518, RFC 8037): none with a shared secret.
const ALGORITHMS: [&str; 5] = ["RS256", "PS256", "ES256", "ES384", "EdDSA"];

/// What one provider said last.
#[derive(Default)]
pub(super) struct Discovery {
    found: Mutex<Option<Discovered>>,
    turn: tokio::sync::Mutex<()>,
}

#[derive(Clone)]
pub(super) struct Discovered {
    endpoints: Arc<Endpoints>,
    until: OffsetDateTime,
}

impl Discovered {
    pub(super) fn authorization(self) -> Url {
        self.endpoints.authorization.clone()
    }
}

impl Discovery {
    /// What is known, however old.
    pub(super) fn known(&self) -> Option<Discovered> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The doors, asked for when what is known is too old. While the provider is down the old ones count.
    pub(super) async fn endpoints(&self, provider: &Provider, issuer: &str) -> Result<Endpoints> {
        if let Some(found) = self.fresh(provider) {
            return Ok(found);
        }
        let _turn = self.turn.lock().await;
        if let Some(found) = self.fresh(provider) {
            return Ok(found);
        }
        match (ask(provider, issuer).await, self.known()) {
            (Ok(discovered), _) => {
                let endpoints = Endpoints::clone(&discovered.endpoints);
                *self.found.lock().unwrap_or_else(PoisonError::into_inner) = Some(discovered);
                Ok(endpoints)
            }
            (Err(error), Some(known)) => {
                tracing::warn!(provider = provider.id(), "discovery failed: {error}");
                Ok(Endpoints::clone(&known.endpoints))
            }
            (Err(error), None) => Err(error),
        }
    }

    fn fresh(&self, provider: &Provider) -> Option<Endpoints> {
        let now = provider.clock().now();
        self.known().filter(|known| known.until > now).map(|known| (*known.endpoints).clone())
    }
}

async fn ask(provider: &Provider, issuer: &str) -> Result<Discovered> {
    let failed = |reason: &str| Error::Upstream { service: "oidc", reason: reason.to_owned() };
    let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let address: Url = address.parse().map_err(|_| failed("the issuer is no address"))?;
    let answer = provider.outgoing().get(&address, HeaderMap::new()).await;
    let answer = answer.map_err(|error| error.of("oidc"))?;
    if answer.status() != http::StatusCode::OK {
        return Err(failed("discovery was refused"));
    }
    let raw: Value = serde_json::from_slice(answer.body())
        .map_err(|_| failed("the discovery document is no JSON"))?;
    // The reader of addresses writes them anew, so the issuer is compared as it came.
    if raw.get("issuer").and_then(Value::as_str) != Some(issuer) {
        return Err(failed("the discovery document names another issuer"));
    }
    let metadata: CoreProviderMetadata = serde_json::from_value(raw.clone())
        .map_err(|_| failed("the discovery document misses what it must have"))?;
    let endpoints = endpoints(&metadata, &raw, issuer)
        .ok_or_else(|| failed("the discovery document has an address that cannot be used"))?;
    let life = max_age(answer.headers()).unwrap_or(USUAL).clamp(LEAST, MOST);
    Ok(Discovered { endpoints: Arc::new(endpoints), until: provider.clock().now() + life })
}

/// The doors of the document. An issuer that speaks https has no door that does not.
fn endpoints(metadata: &CoreProviderMetadata, raw: &Value, issuer: &str) -> Option<Endpoints> {
    let secure = issuer.starts_with("https://");
    let usable = |url: &Url| !secure || url.scheme() == "https";
    let token = metadata.token_endpoint()?.url().clone();
    let user_info = metadata.userinfo_endpoint().map(|endpoint| endpoint.url().clone());
    let endpoints = Endpoints {
        authorization: metadata.authorization_endpoint().url().clone(),
        token,
        keys: Some(metadata.jwks_uri().url().clone()),
        user_info,
        algorithms: algorithms(raw),
    };
    let addresses = [Some(&endpoints.authorization), Some(&endpoints.token)];
    let addresses =
        addresses.into_iter().chain([endpoints.keys.as_ref(), endpoints.user_info.as_ref()]);
    let all_usable = addresses.flatten().all(usable);
    all_usable.then_some(endpoints)
}

/// Those of our algorithms that the provider names; RS256, which each must have, if none.
fn algorithms(raw: &Value) -> Vec<String> {
    let named = raw.get("id_token_signing_alg_values_supported").and_then(Value::as_array);
    let named: Vec<&str> = named.into_iter().flatten().filter_map(Value::as_str).collect();
    let mut known: Vec<String> = ALGORITHMS
        .iter()
        .filter(|known| named.contains(known))
        .map(|&known| known.to_owned())
        .collect();
    if known.is_empty() {
        known.push("RS256".to_owned());
    }
    known
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document(change: &[(&str, Value)]) -> Value {
        let mut document = json!({
            "issuer": "https://login.example",
            "authorization_endpoint": "https://login.example/authorize",
            "token_endpoint": "https://login.example/token",
            "jwks_uri": "https://keys.example/certs",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256", "RS256"],
        });
        for (name, value) in change {
            document[*name] = value.clone();
        }
        document
    }

    fn read(document: &Value) -> Option<Endpoints> {
        let metadata: CoreProviderMetadata = serde_json::from_value(document.clone()).ok()?;
        endpoints(&metadata, document, "https://login.example")
    }

    #[test]
    fn an_issuer_that_speaks_https_has_no_door_that_does_not() {
        assert!(read(&document(&[])).is_some());
        for name in ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"] {
            assert!(
                read(&document(&[(name, json!("http://login.example/x"))])).is_none(),
                "{name}"
            );
        }
    }

    #[test]
    fn algorithms_with_a_shared_secret_or_without_any_are_never_taken() {
        let named = |names: Value| {
            read(&document(&[("id_token_signing_alg_values_supported", names)])).unwrap().algorithms
        };

        assert_eq!(named(json!(["ES256", "RS256"])), ["RS256", "ES256"]);
        assert_eq!(named(json!(["HS256", "none"])), ["RS256"]);
    }
}
