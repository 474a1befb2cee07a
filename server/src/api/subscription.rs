//! `/api/subscription`: what the caller pays for, and what they may use.

use axum::{Json, extract::State};
use backend::{Backend, billing};
use domain::{
    billing::{Entitlement, Lapse, MeterView, SubscriptionView, UseCount as UseView},
    plan::PlanLimits,
};
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::{error::reject, list::ErrorBody};
use crate::{http::Failure, session::Caller};

/// What the caller may use.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Standing {
    /// `free`, `starter`, `plus` or `premium`.
    #[schema(example = "plus")]
    plan: &'static str,
    /// The plan is a present, and nothing is paid for it.
    gift: bool,
    /// `active`, `canceled`, `expired` or `none`.
    #[schema(example = "active")]
    status: &'static str,
    /// `trialing`, `active`, `canceling`, `past_due`, `paused`, `ended` or `none`.
    #[schema(example = "active", value_type = String)]
    state: domain::billing::State,
    /// How much the plan allows.
    limits: Limits,
    /// The subscription to show; null when there never was one.
    subscription: Option<Subscription>,
    /// What was used of what is metered; null where nothing is sold.
    metered: Option<Metered>,
}

/// What was used of what is metered. Nobody is stopped by it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Metered {
    /// The beginning of the paid period, or of the calendar month (UTC).
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    since: OffsetDateTime,
    /// By our own count since then.
    counts: Vec<UseCount>,
    /// By Polar's count, which is some minutes late.
    meters: Vec<Meter>,
}

/// How often something was used.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct UseCount {
    /// The name of the use.
    #[schema(example = "import")]
    event: String,
    /// How often.
    count: i64,
}

/// A meter of Polar's.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Meter {
    /// Polar's id of it.
    id: String,
    /// Its name, when the catalogue knows it.
    name: Option<String>,
    /// Used: a decimal number.
    #[schema(example = "12.5")]
    used: String,
    /// Left of what was given; below zero where more was used.
    left: String,
}

/// How much of each thing a plan allows; null is without limit.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Limits {
    /// Bank accounts at the same time.
    accounts: Option<u32>,
    /// Months that lists reach back.
    history_months: Option<u32>,
    /// Files imported in one calendar month.
    imports: Option<u32>,
}

/// A subscription at Polar.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Subscription {
    /// Polar's id.
    id: String,
    /// Polar's id of what was bought.
    product_id: String,
    /// Polar's word for how it stands.
    status: String,
    /// Whether it gives access now.
    access: bool,
    /// Why it gives none: `CANCELED`, `EXPIRED` or `GENERAL`; null while it does.
    error: Option<&'static str>,
    /// What one period costs before tax, in minor units.
    amount: i64,
    /// ISO 4217.
    #[schema(example = "USD")]
    currency: String,
    /// `day`, `week`, `month` or `year`.
    recurring_interval: String,
    /// When this period began.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    current_period_start: OffsetDateTime,
    /// When this period ends.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime)]
    current_period_end: Option<OffsetDateTime>,
    /// An end is announced.
    cancel_at_period_end: bool,
    /// When somebody canceled it.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime)]
    canceled_at: Option<OffsetDateTime>,
    /// When it ends, or ended.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime)]
    ends_at: Option<OffsetDateTime>,
    /// Until when it gives access although it is not paid.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime)]
    grace_until: Option<OffsetDateTime>,
    /// What the next period brings instead.
    pending_product_id: Option<String>,
    /// There are no organizations.
    #[schema(value_type = Option<String>)]
    organization_id: (),
}

impl From<Entitlement> for Standing {
    fn from(found: Entitlement) -> Self {
        let PlanLimits { accounts, history_months, imports } = found.plan.limits();
        Self {
            plan: found.plan.code(),
            gift: found.gift,
            status: found.status_word(),
            state: found.state(),
            limits: Limits { accounts, history_months, imports },
            subscription: found.subscription.map(Subscription::from),
            metered: found.metered.map(Metered::from),
        }
    }
}

impl From<domain::billing::Metered> for Metered {
    fn from(found: domain::billing::Metered) -> Self {
        let counts = found.counts.into_iter();
        let meters = found.meters.into_iter();
        Self {
            since: found.since,
            counts: counts.map(|UseView { event, count }| UseCount { event, count }).collect(),
            meters: meters
                .map(|MeterView { id, name, used, left }| Meter { id, name, used, left })
                .collect(),
        }
    }
}

impl From<SubscriptionView> for Subscription {
    fn from(view: SubscriptionView) -> Self {
        Self {
            error: view.lapse().map(Lapse::code),
            id: view.id,
            product_id: view.product_id,
            status: view.status,
            access: view.access,
            amount: view.amount,
            currency: view.currency.to_uppercase(),
            recurring_interval: view.recurring_interval,
            current_period_start: view.current_period_start,
            current_period_end: view.current_period_end,
            cancel_at_period_end: view.cancel_at_period_end,
            canceled_at: view.canceled_at,
            ends_at: view.ends_at,
            grace_until: view.grace_until,
            pending_product_id: view.pending_product_id,
            organization_id: (),
        }
    }
}

/// Your plan, how it stands, and how much it allows.
#[utoipa::path(
    get,
    path = "/api/subscription",
    tag = "Plan",
    responses(
        (status = 200, description = "What you may use", body = Standing),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.subscription.get", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn get(
    State(backend): State<Backend>,
    Caller(caller): Caller,
) -> Result<Json<Standing>, Failure> {
    let found = billing::entitlement(&backend, &caller).await.map_err(reject)?;
    Ok(Json(found.into()))
}
