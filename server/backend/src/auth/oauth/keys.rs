//! A provider's public keys (RFC 7517), kept as long as it says. A key nobody has seen is asked for at most once
//! a minute, so that made-up names of keys cannot make us a nuisance.

use std::sync::Arc;

use http::{HeaderMap, StatusCode, header};
use openidconnect::{JsonWebKey, core::CoreJsonWebKeySet};
use time::{Duration, OffsetDateTime};
use url::Url;

use super::Provider;
use crate::{Error, Result};

/// How soon an unknown key is asked for again.
const PATIENCE: Duration = Duration::minutes(1);
/// Keys hold at least so long, and at most so long, whatever the provider says.
const LEAST: Duration = Duration::seconds(1);
const MOST: Duration = Duration::days(1);

/// The keys of one provider.
#[derive(Default)]
pub(super) struct Keys(tokio::sync::Mutex<Option<Known>>);

#[derive(Clone)]
struct Known {
    set: Arc<CoreJsonWebKeySet>,
    asked_at: OffsetDateTime,
    until: OffsetDateTime,
}

impl Keys {
    /// The keys at `url`, among which `kid` is if the provider has it.
    pub(super) async fn get(
        &self,
        provider: &Provider,
        url: &Url,
        kid: Option<&str>,
    ) -> Result<Arc<CoreJsonWebKeySet>> {
        let now = provider.clock().now();
        // Held while asking: one of many callers does it.
        let mut known = self.0.lock().await;
        if let Some(known) = &*known
            && known.until > now
            && (has(&known.set, kid) || now < known.asked_at + PATIENCE)
        {
            return Ok(known.set.clone());
        }
        let fetched = fetch(provider, url, now).await?;
        let set = fetched.set.clone();
        *known = Some(fetched);
        Ok(set)
    }
}

/// Whether a key of this name is in the set. A token that names none may fit any.
fn has(set: &CoreJsonWebKeySet, kid: Option<&str>) -> bool {
    let named = |kid: &str| set.keys().iter().any(|key| key.key_id().is_some_and(|id| **id == kid));
    kid.is_none_or(named)
}

async fn fetch(provider: &Provider, url: &Url, now: OffsetDateTime) -> Result<Known> {
    let answer = provider.outgoing().get(url, HeaderMap::new()).await;
    let answer = answer.map_err(|error| error.of("oidc keys"))?;
    let failed = |reason: &str| Error::Upstream { service: "oidc keys", reason: reason.to_owned() };
    if answer.status() != StatusCode::OK {
        return Err(failed("the keys were refused"));
    }
    let set =
        serde_json::from_slice(answer.body()).map_err(|_| failed("the keys are no key set"))?;
    let life = max_age(answer.headers()).unwrap_or_default().clamp(LEAST, MOST);
    Ok(Known { set: Arc::new(set), asked_at: now, until: now + life })
}

/// `max-age` of `Cache-Control` (RFC 9111 5.2.2.1); none where it is missing or overruled.
pub(super) fn max_age(headers: &HeaderMap) -> Option<Duration> {
    let lines = headers.get_all(header::CACHE_CONTROL).iter();
    let directives: Vec<String> = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .map(|directive| directive.trim().to_ascii_lowercase())
        .collect();
    if directives.iter().any(|directive| directive == "no-store" || directive == "no-cache") {
        return Some(Duration::ZERO);
    }
    let seconds = directives.iter().find_map(|directive| directive.strip_prefix("max-age="))?;
    seconds.trim_matches('"').parse().ok().map(Duration::seconds)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn a_providers_word_on_how_long_an_answer_holds_is_kept() {
        let age = |text: &'static str| {
            max_age(&HeaderMap::from_iter([(
                header::CACHE_CONTROL,
                HeaderValue::from_static(text),
            )]))
        };

        assert_eq!(age("public, max-age=21600, must-revalidate"), Some(Duration::hours(6)));
        assert_eq!(age("Max-Age=60"), Some(Duration::minutes(1)));
        assert_eq!(age("max-age=60, no-store"), Some(Duration::ZERO));
        assert_eq!(age("max-age=never"), None);
        assert_eq!(max_age(&HeaderMap::new()), None);
    }
}
