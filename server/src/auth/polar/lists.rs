//! What the caller has, in the shapes of the plugin's lists. It comes from our tables: an answer costs no call at
//! Polar, and there is no parameter that could name somebody else.

use axum::{
    Json,
    extract::{RawQuery, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use backend::{
    Timestamp,
    billing::{self, BenefitRow, BillingType, MeterRow, OrderRow, SubscriptionRow},
};
use domain::PageRequest;
use serde_json::{Value, json};

use super::super::{
    Auth,
    error::AuthError,
    guard::{Guard, Guarded, guarded},
    json::iso,
    query::Query,
};

const USUAL_LIMIT: i64 = 10;
const MOST: i64 = 100;

/// `page` and `limit` of a query; anything that is no number is refused.
struct Part {
    page: i64,
    limit: i64,
}

impl Part {
    fn read(query: &Query) -> Result<Self, AuthError> {
        let number = |name: &str, usual: i64| match query.text(name) {
            None => Ok(usual),
            Some(text) => match text.parse::<i64>() {
                Ok(number) if number >= 1 => Ok(number),
                _ => Err(AuthError::validation(&[format!(
                    "[query.{name}] Invalid input: expected a number from 1"
                )])),
            },
        };
        let (page, limit) = (number("page", 1)?, number("limit", USUAL_LIMIT)?.min(MOST));
        Ok(Self { page: page.min(10_000), limit })
    }

    fn request(&self) -> PageRequest {
        PageRequest::Page { page: self.page, limit: self.limit }
    }

    /// `{result: {items, pagination}}`, with the number of the next page while there is one.
    fn answer(&self, items: Vec<Value>, total: i64) -> Response {
        let max_page = domain::page::total_pages(total, self.limit);
        let pagination = json!({ "totalCount": total, "maxPage": max_page });
        let mut body = json!({ "result": { "items": items, "pagination": pagination } });
        if self.page < max_page {
            body["~next"] = json!({ "page": self.page + 1 });
        }
        Json(body).into_response()
    }
}

fn at(at: Option<Timestamp>) -> Value {
    at.map_or(Value::Null, |at| iso(at.into()).into())
}

fn benefit(row: BenefitRow) -> Value {
    json!({
        "id": row.id,
        "benefitId": row.benefit_id,
        "subscriptionId": row.subscription_id,
        "orderId": row.order_id,
        "isGranted": row.is_granted,
    })
}

fn subscription(row: SubscriptionRow) -> Value {
    json!({
        "id": row.id,
        "createdAt": at(Some(row.created_at)),
        "modifiedAt": at(row.modified_at),
        "status": row.status,
        "amount": row.amount,
        "currency": row.currency,
        "recurringInterval": row.recurring_interval,
        "recurringIntervalCount": row.recurring_interval_count,
        "currentPeriodStart": at(Some(row.current_period_start)),
        "currentPeriodEnd": at(row.current_period_end),
        "trialStart": at(row.trial_start),
        "trialEnd": at(row.trial_end),
        "cancelAtPeriodEnd": row.cancel_at_period_end,
        "canceledAt": at(row.canceled_at),
        "startedAt": at(row.started_at),
        "endsAt": at(row.ends_at),
        "endedAt": at(row.ended_at),
        "pastDueAt": at(row.past_due_at),
        "pauseAtPeriodEnd": row.pause_at_period_end,
        "pausedAt": at(row.paused_at),
        "resumesAt": at(row.resumes_at),
        "customerId": row.customer_id,
        "productId": row.product_id,
        "product": { "id": row.product_id, "name": row.product_name },
        "discountId": row.discount_id,
        "checkoutId": row.checkout_id,
        "seats": row.seats,
        "units": row.units,
        "pendingUpdate": row.pending_product_id.map(|product| json!({
            "productId": product,
            "appliesAt": at(row.pending_applies_at),
        })),
    })
}

fn order(row: OrderRow) -> Value {
    json!({
        "id": row.id,
        "createdAt": at(Some(row.created_at)),
        "status": row.status,
        "paid": row.paid,
        "billingReason": row.billing_reason,
        "currency": row.currency,
        "subtotalAmount": row.subtotal_amount,
        "discountAmount": row.discount_amount,
        "netAmount": row.net_amount,
        "taxAmount": row.tax_amount,
        "totalAmount": row.total_amount,
        "refundedAmount": row.refunded_amount,
        "refundedTaxAmount": row.refunded_tax_amount,
        "invoiceNumber": row.invoice_number,
        "isInvoiceGenerated": row.is_invoice_generated,
        "description": row.description,
        "customerId": row.customer_id,
        "productId": row.product_id,
        "product": row.product_id.as_ref().map(|id| json!({ "id": id, "name": row.product_name })),
        "subscriptionId": row.subscription_id,
        "checkoutId": row.checkout_id,
    })
}

fn meter(row: MeterRow) -> Value {
    json!({
        "meterId": row.meter_id,
        "consumedUnits": row.consumed_units,
        "creditedUnits": row.credited_units,
        "balance": row.balance,
    })
}

/// A question about the caller, and its query.
async fn ask(
    auth: &Auth,
    headers: &HeaderMap,
    query: Option<&str>,
    answer: impl AsyncFnOnce(Guarded, Query) -> Result<Response, AuthError>,
) -> Result<Response, AuthError> {
    let query = Query::read(query);
    guarded(auth, headers, Guard::Session, async |who| answer(who, query).await).await
}

/// `GET /customer/benefits/list`
pub(in crate::auth) async fn benefits(
    State(auth): State<Auth>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, AuthError> {
    ask(&auth, &headers, query.as_deref(), async |who, query| {
        let part = Part::read(&query)?;
        let found = billing::benefits(&auth.backend, &who.caller, part.request()).await;
        let (rows, total) = found.map_err(|error| auth.refuse(error.into()))?;
        Ok(part.answer(rows.into_iter().map(benefit).collect(), total))
    })
    .await
}

/// `GET /customer/subscriptions/list`: all of them, or with `active` those that Polar calls so.
pub(in crate::auth) async fn subscriptions(
    State(auth): State<Auth>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, AuthError> {
    ask(&auth, &headers, query.as_deref(), async |who, query| {
        let part = Part::read(&query)?;
        let active = query.text("active").map(|active| active == "true");
        let found =
            billing::subscriptions(&auth.backend, &who.caller, active, part.request()).await;
        let (rows, total) = found.map_err(|error| auth.refuse(error.into()))?;
        Ok(part.answer(rows.into_iter().map(subscription).collect(), total))
    })
    .await
}

/// `GET /customer/orders/list`: all of them, or with `productBillingType` those of subscriptions or of purchases.
pub(in crate::auth) async fn orders(
    State(auth): State<Auth>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, AuthError> {
    ask(&auth, &headers, query.as_deref(), async |who, query| {
        let part = Part::read(&query)?;
        let of = query.text("productBillingType").and_then(|word| BillingType::parse(&word));
        let found = billing::order_rows(&auth.backend, &who.caller, of, part.request()).await;
        let (rows, total) = found.map_err(|error| auth.refuse(error.into()))?;
        Ok(part.answer(rows.into_iter().map(order).collect(), total))
    })
    .await
}

/// `GET /usage/meters/list`
pub(in crate::auth) async fn meters(
    State(auth): State<Auth>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, AuthError> {
    ask(&auth, &headers, query.as_deref(), async |who, query| {
        let part = Part::read(&query)?;
        let found = billing::meters(&auth.backend, &who.caller).await;
        let rows = found.map_err(|error| auth.refuse(error.into()))?;
        let total = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        let count = |rows: i64| usize::try_from(rows).unwrap_or(usize::MAX);
        let page = rows.into_iter().skip(count(part.request().offset())).take(count(part.limit));
        Ok(part.answer(page.map(meter).collect(), total))
    })
    .await
}

/// `GET /customer/state`: everything at once, as far as our tables know it.
pub(in crate::auth) async fn state(
    State(auth): State<Auth>,
    headers: HeaderMap,
) -> Result<Response, AuthError> {
    ask(&auth, &headers, None, async |who, _| {
        let (backend, caller) = (&auth.backend, &who.caller);
        let everything = PageRequest::Page { page: 1, limit: MOST };
        let refuse = |error: backend::Error| auth.refuse(error.into());
        let (active, _) =
            billing::subscriptions(backend, caller, Some(true), everything.clone()).await.map_err(refuse)?;
        let (granted, _) = billing::benefits(backend, caller, everything).await.map_err(refuse)?;
        let meters = billing::meters(backend, caller).await.map_err(refuse)?;
        let customer = billing::customer_id(backend, caller).await.map_err(refuse)?;
        let user = &who.user;
        Ok(Json(json!({
            "id": customer,
            "externalId": user.id.as_str(),
            "email": user.email,
            "name": user.name,
            "createdAt": iso(user.created_at),
            "activeSubscriptions": active.into_iter().map(subscription).collect::<Vec<_>>(),
            "grantedBenefits": granted.into_iter().filter(|row| row.is_granted).map(benefit).collect::<Vec<_>>(),
            "activeMeters": meters.into_iter().map(meter).collect::<Vec<_>>(),
        }))
        .into_response())
    })
    .await
}
