//! How the stand-in is set up.

use std::{path::PathBuf, sync::Arc};

use time::OffsetDateTime;
use url::Url;

use crate::{
    delivery::{Scheme, Signer},
    engine::Engine,
    ids::Ids,
    model::World,
    shared::Shared,
    state_file,
};

/// Everything that can be chosen.
pub struct Settings {
    /// Where it is mounted: the API is below `/v1`, a checkout below `/checkout`.
    pub base_url: Url,
    /// Where signed webhooks go; plain HTTP.
    pub webhook_url: Url,
    pub webhook_secret: String,
    pub scheme: Scheme,
    /// The `api_version` of the webhooks; `None` is how it was before September 2026.
    pub envelope: Option<String>,
    /// The only access token.
    pub token: String,
    /// How much faster than Polar failed webhooks are sent again.
    pub backoff_divisor: u32,
    /// Where the state is kept; `None` keeps it in memory.
    pub state_file: Option<PathBuf>,
    /// The same ids in every run; `None` is by chance.
    pub seed: Option<u64>,
    /// The real clock.
    pub now: Arc<dyn Fn() -> OffsetDateTime + Send + Sync>,
}

/// Why it cannot start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the webhook secret is empty, or not of the chosen convention")]
    Secret,
    #[error("webhooks are only sent to plain http addresses")]
    WebhookUrl,
    #[error("the base address must be an http address")]
    BaseUrl,
    #[error("the access token is empty")]
    Token,
    #[error("no randomness")]
    Random(#[from] rand::rand_core::OsError),
    #[error("the state file cannot be read")]
    State(#[from] std::io::Error),
}

impl Settings {
    pub(crate) fn build(self) -> Result<Shared, Error> {
        if self.webhook_url.scheme() != "http" {
            return Err(Error::WebhookUrl);
        }
        if self.base_url.cannot_be_a_base() {
            return Err(Error::BaseUrl);
        }
        if self.token.is_empty() {
            return Err(Error::Token);
        }
        let signer = Signer::new(&self.webhook_secret, self.scheme).ok_or(Error::Secret)?;
        let world = match &self.state_file {
            Some(path) => state_file::load(path)?,
            None => World::default(),
        };
        let engine = Engine::new(
            world,
            self.base_url.clone(),
            Ids::new(self.seed)?,
            self.envelope.clone(),
            self.now.clone(),
        );
        Ok(Shared::new(engine, signer, &self))
    }
}

#[cfg(test)]
mod tests {
    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::{PolarLocal, testing::settings};

    #[test]
    fn settings_that_cannot_work_are_refused() {
        let refused = |change: fn(&mut Settings)| {
            let mut settings = settings("http://127.0.0.1:1/hooks");
            change(&mut settings);
            PolarLocal::new(settings).err().map(|error| error.to_string())
        };

        assert_eq!(refused(|_| {}), None);
        let secret = refused(|settings| settings.webhook_secret = String::new());
        assert!(secret.is_some_and(|text| text.contains("secret")));
        let standard = refused(|settings| settings.webhook_secret = "plain text".to_owned());
        assert!(standard.is_some());
        let token = refused(|settings| settings.token = String::new());
        assert!(token.is_some());
        let tls = refused(|settings| {
            settings.webhook_url = Url::parse("https://example.com/hooks").unwrap();
        });
        assert!(tls.is_some_and(|text| text.contains("plain http")));
    }

    #[tokio::test]
    async fn it_stops_when_it_is_told_to() {
        let polar = PolarLocal::new(settings("http://127.0.0.1:1/hooks")).unwrap();
        let stop = CancellationToken::new();
        let running = tokio::spawn(polar.run(stop.clone()));

        stop.cancel();

        running.await.unwrap();
    }
}
