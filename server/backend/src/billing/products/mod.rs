//! What is sold: the names of `POLAR_PRODUCTS`, with the prices of Polar's catalogue as we last saw it.

mod price;
mod sync;

use std::collections::BTreeMap;

use domain::{
    billing::OfferView,
    plan::{OFFERS, Offer},
};

use crate::{Backend, Result, db::UserTx, fetch_all};
#[cfg(test)]
pub(super) use price::meters as meters_of;
pub(crate) use sync::sync_products_later;
pub use sync::{ProductProblem, sync_products};

/// A product as our table has it.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    id: String,
    prices: String,
    trial_interval: Option<String>,
    trial_interval_count: Option<i64>,
    is_archived: bool,
}

/// Everything on the page of plans, in its order; nothing where nothing is sold. What Polar has archived cannot be
/// bought and is left out; what was never seen there has no price.
#[tracing::instrument(name = "billing.catalogue", skip_all)]
pub async fn catalogue(backend: &Backend) -> Result<Vec<OfferView>> {
    let Some(settings) = &backend.settings.billing else { return Ok(Vec::new()) };
    let mut tx = backend.db.system().read().await?;
    let rows: Vec<Row> = fetch_all!(
        tx,
        r#"
        select "id", "prices", "trialInterval", "trialIntervalCount", "isArchived"
        from "polar_product"
        order by "id"
        "#,
    )?;
    let view = |offer: &Offer| {
        let product = settings.product(offer.slug)?;
        let row = rows.iter().find(|row| row.id == product);
        if row.is_some_and(|row| row.is_archived) {
            return None;
        }
        Some(OfferView {
            slug: offer.slug.to_owned(),
            plan: offer.plan,
            interval: offer.interval,
            price: row.and_then(|row| price::of(&row.prices)),
            trial_days: row.and_then(Row::trial_days),
        })
    };
    Ok(OFFERS.iter().filter_map(view).collect())
}

/// The names of the meters that something is priced by.
pub(super) async fn meter_names(tx: &mut UserTx) -> Result<BTreeMap<String, String>> {
    let rows: Vec<(String,)> = fetch_all!(tx, r#"select "prices" from "polar_product""#)?;
    Ok(rows.iter().flat_map(|(prices,)| price::meters(prices)).collect())
}

impl Row {
    fn trial_days(&self) -> Option<i64> {
        let days = match self.trial_interval.as_deref()? {
            "day" => 1,
            "week" => 7,
            "month" => 30,
            "year" => 365,
            _ => return None,
        };
        self.trial_interval_count.unwrap_or(1).checked_mul(days).filter(|days| *days > 0)
    }
}

#[cfg(test)]
mod tests;
