//! Whether webhooks can come at all. After ten failures in a row Polar stops sending, and tells nobody here.

use std::collections::BTreeSet;

use metrics::gauge;
use time::Duration;
use url::Url;

use crate::{
    Backend, Result, Timestamp,
    billing::{PolarServer, client::PolarClient, wire::Endpoint},
    db::SystemTx,
    execute, fetch_optional,
};

/// Where our webhooks arrive.
const PATH: &str = "/api/auth/polar/webhooks";
/// Failed deliveries are asked for again for as long: what is older, the daily comparison has repaired.
const SINCE: Duration = Duration::days(2);
/// Deliveries asked for again at one time.
const MOST: usize = 50;

/// Looks whether Polar sends us webhooks, and lets it send again what never arrived. Where it sends again after it
/// did not, what it skipped meanwhile is compared for.
#[tracing::instrument(name = "billing.check_webhooks", skip_all)]
pub(crate) async fn check(backend: &Backend) -> Result<SystemTx> {
    let mut found_on = None;
    if let Some(client) = PolarClient::of(backend) {
        let found = client.endpoints().await?;
        let ours = found.items.into_iter().map(|answer| answer.data);
        let ours = ours.filter(|endpoint| is_ours(backend, endpoint)).max_by_key(is_on);
        let on = ours.as_ref().is_some_and(is_on);
        gauge!("coffer_polar_webhooks_on").set(if on { 1.0 } else { 0.0 });
        found_on = Some(on);
        match ours {
            Some(endpoint) if on => redeliver(backend, &client, &endpoint.id).await?,
            Some(endpoint) => {
                tracing::error!(endpoint.id = %endpoint.id, "Polar has switched our webhooks off");
            }
            None => {
                tracing::error!(
                    "Polar has no endpoint for our webhooks: make one in its dashboard"
                );
            }
        }
    }
    let mut tx = backend.db.system().write().await?;
    if let Some(on) = found_on
        && remember(&mut tx, backend, on).await?
    {
        tracing::warn!("Polar sends webhooks again, and everything is compared");
        super::compare_all(&mut tx, backend).await?;
    }
    Ok(tx)
}

/// Keeps, for every process, that webhooks do not come; true once when they do again.
async fn remember(tx: &mut SystemTx, backend: &Backend, on: bool) -> Result<bool> {
    if on {
        let was_off = execute!(
            tx,
            r#"delete from "polar_effect" where "kind" = 'webhooks_off' and "businessId" = 'endpoint'"#,
        )?;
        return Ok(was_off > 0);
    }
    execute!(
        tx,
        r#"
        insert into "polar_effect" ("kind", "businessId", "at") values ('webhooks_off', 'endpoint', $1)
        on conflict do nothing
        "#,
        Timestamp::from(backend.clock.now()),
    )?;
    Ok(false)
}

fn is_on(endpoint: &Endpoint) -> bool {
    endpoint.enabled.unwrap_or(true)
}

/// The endpoint at our address. The stand-in may reach this program by another name of the machine.
fn is_ours(backend: &Backend, endpoint: &Endpoint) -> bool {
    let Ok(url) = endpoint.url.parse::<Url>() else { return false };
    let settings = backend.settings.billing.as_ref();
    let local = settings.is_some_and(|settings| settings.server == PolarServer::Local);
    url.path() == PATH && (local || url.origin() == backend.settings.app_url.origin())
}

/// Events whose every attempt failed and that are not in our inbox.
async fn redeliver(backend: &Backend, client: &PolarClient<'_>, endpoint: &str) -> Result<()> {
    let since = backend.clock.now() - SINCE;
    let failed = client.failed_deliveries(endpoint, since).await?;
    let events: BTreeSet<String> = failed
        .items
        .into_iter()
        .map(|answer| answer.data.webhook_event)
        .filter(|event| event.succeeded == Some(false) && !event.is_archived)
        .map(|event| event.id)
        .collect();
    let mut again = 0_usize;
    for event in events {
        if again < MOST && !has_arrived(backend, &event).await? {
            client.redeliver(&event).await?;
            again += 1;
        }
    }
    if again > 0 {
        tracing::warn!(webhooks = again, "webhooks that never arrived are asked for again");
    }
    Ok(())
}

async fn has_arrived(backend: &Backend, event: &str) -> Result<bool> {
    let mut tx = backend.db.system().read().await?;
    let found: Option<(String,)> = fetch_optional!(
        tx,
        r#"select "webhookId" from "polar_webhook" where "webhookId" = $1"#,
        event,
    )?;
    Ok(found.is_some())
}
