//! Stand-ins for the calls to Polar: reads come from our tables, acts are refused as if Polar were out of reach.

use std::net::IpAddr;

use domain::{
    Currency, Money,
    billing::{CheckoutProgress, OfferView, OrderView},
    page::PageRequest,
    plan::{OFFERS, Plan},
};
use url::Url;

use crate::{Backend, Error, Result, SignedIn, Timestamp, fetch_all, fetch_one, fetch_optional};

/// Why an act did not happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillingFailure(String);

impl BillingFailure {
    /// The word of programs.
    pub fn code(&self) -> &'static str {
        "PAYMENTS_UNAVAILABLE"
    }

    /// HTTP.
    pub fn status(&self) -> u16 {
        503
    }

    /// For a person.
    pub fn sentence(&self) -> String {
        self.0.clone()
    }
}

fn unreachable() -> BillingFailure {
    BillingFailure("Payments can't be reached right now.".to_owned())
}

/// When a change of plan happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// At once.
    Now,
    /// With the next period.
    NextPeriod,
}

impl When {
    /// More at once, less later.
    pub fn for_change(from: Plan, to: Plan) -> Self {
        if to < from { Self::NextPeriod } else { Self::Now }
    }
}

/// An invoice.
pub enum Invoice {
    /// Where it is, for a short time.
    Ready(Url),
    /// Not yet.
    BeingMade,
}

/// A difference that a comparison found.
#[derive(Clone, Debug, sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub struct Drift {
    /// Its id.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// `subscription`, …
    pub kind: String,
    /// Of what.
    pub object_id: String,
    /// Which field.
    pub field: String,
    /// Ours.
    pub ours: Option<String>,
    /// Polar's.
    pub theirs: Option<String>,
    /// Put right.
    pub repaired: bool,
}

/// What is used of the limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlanUse {
    /// Bank accounts.
    pub accounts: i64,
    /// Imports of this month.
    pub imports_this_month: i64,
}

/// A checkout.
pub async fn start_checkout(
    _: &Backend,
    _: &SignedIn,
    _: &str,
    _: Option<IpAddr>,
) -> Result<Url, BillingFailure> {
    Err(unreachable())
}

/// Its progress.
pub async fn checkout_progress(
    backend: &Backend,
    caller: &SignedIn,
    checkout: &str,
) -> Result<CheckoutProgress> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let row: Option<(String,)> = fetch_optional!(
        tx,
        r#"select "status" from "polar_checkout" where "id" = $1 and "userId" = $2"#,
        checkout,
        caller.user(),
    )?;
    let (status,) = row.ok_or(Error::NotFound("checkout"))?;
    Ok(match &*status {
        "succeeded" => CheckoutProgress::Done,
        "confirmed" => CheckoutProgress::Confirming,
        "expired" => CheckoutProgress::Expired,
        _ => CheckoutProgress::Open,
    })
}

/// Asks Polar.
pub async fn check_again(_: &Backend, _: &SignedIn) -> Result<(), BillingFailure> {
    Err(unreachable())
}

/// The portal.
pub async fn open_portal(_: &Backend, _: &SignedIn, _: &str) -> Result<Url, BillingFailure> {
    Err(unreachable())
}

/// Another plan.
pub async fn change_plan(
    _: &Backend,
    _: &SignedIn,
    _: &str,
    _: When,
) -> Result<(), BillingFailure> {
    Err(unreachable())
}

/// The same plan after all.
pub async fn keep_plan(_: &Backend, _: &SignedIn) -> Result<(), BillingFailure> {
    Err(unreachable())
}

/// No plan.
pub async fn cancel(
    _: &Backend,
    _: &SignedIn,
    _: Option<&str>,
    _: Option<&str>,
) -> Result<(), BillingFailure> {
    Err(unreachable())
}

/// The plan again.
pub async fn resume(_: &Backend, _: &SignedIn) -> Result<(), BillingFailure> {
    Err(unreachable())
}

/// An invoice.
pub async fn invoice(_: &Backend, _: &SignedIn, _: &str) -> Result<Invoice, BillingFailure> {
    Err(unreachable())
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct OrderRow {
    id: String,
    created_at: Timestamp,
    status: String,
    description: Option<String>,
    currency: String,
    total_amount: i64,
    refunded_amount: i64,
    invoice_number: Option<String>,
}

/// Orders.
pub async fn orders(
    backend: &Backend,
    caller: &SignedIn,
    page: PageRequest,
) -> Result<(Vec<OrderView>, i64)> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let (total,): (i64,) = fetch_one!(
        tx,
        r#"select count(*) from "polar_order" where "userId" = $1"#,
        caller.user(),
    )?;
    let rows: Vec<OrderRow> = fetch_all!(
        tx,
        r#"
        select "id", "createdAt", "status", "description", "currency", "totalAmount", "refundedAmount", "invoiceNumber"
        from "polar_order"
        where "userId" = $1
        order by "createdAt" desc, "id"
        limit $2 offset $3
        "#,
        caller.user(),
        page.limit(),
        page.offset(),
    )?;
    let rows = rows.into_iter().map(|row| {
        let money = |minor| row.currency.parse::<Currency>().ok().map(|c| Money::new(minor, c));
        OrderView {
            total: money(row.total_amount),
            refunded: money(row.refunded_amount).filter(|money| money.minor > 0),
            id: row.id,
            created_at: row.created_at.into(),
            status: row.status,
            description: row.description.unwrap_or_default(),
            invoice_number: row.invoice_number,
        }
    });
    Ok((rows.collect(), total))
}

/// Prices.
pub async fn catalogue(backend: &Backend) -> Result<Vec<OfferView>> {
    let Some(billing) = &backend.settings.billing else { return Ok(Vec::new()) };
    let mut tx = backend.db.system().read().await?;
    let rows: Vec<(String, String)> =
        fetch_all!(tx, r#"select "id", "prices" from "polar_product""#)?;
    let price = |slug: &str| {
        let id = billing.product(slug)?;
        let (_, prices) = rows.iter().find(|(product, _)| product == id)?;
        let prices: serde_json::Value = serde_json::from_str(prices).ok()?;
        let minor = prices[0]["price_amount"].as_i64()?;
        let currency: Currency = prices[0]["price_currency"].as_str()?.parse().ok()?;
        Some(Money::new(minor, currency))
    };
    let sold = OFFERS.iter().filter(|offer| billing.product(offer.slug).is_some());
    Ok(sold
        .map(|offer| OfferView {
            slug: offer.slug.to_owned(),
            plan: offer.plan,
            interval: offer.interval,
            price: price(offer.slug),
            trial_days: None,
        })
        .collect())
}

/// Differences.
pub async fn drift(backend: &Backend, page: PageRequest) -> Result<(Vec<Drift>, i64)> {
    let mut tx = backend.db.system().read().await?;
    let (total,): (i64,) = fetch_one!(tx, r#"select count(*) from "polar_drift""#)?;
    let rows = fetch_all!(
        tx,
        r#"
        select "id", "at", "kind", "objectId", "field", "ours", "theirs", "repaired"
        from "polar_drift"
        order by "at" desc, "id"
        limit $1 offset $2
        "#,
        page.limit(),
        page.offset(),
    )?;
    Ok((rows, total))
}

/// What is used.
pub async fn plan_use(backend: &Backend, caller: &SignedIn) -> Result<PlanUse> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let (accounts,): (i64,) = fetch_one!(
        tx,
        r#"select count(*) from "bank_account" where "userId" = $1"#,
        caller.user(),
    )?;
    Ok(PlanUse { accounts, imports_this_month: 0 })
}
