//! What may happen once only, however often Polar tells of its cause: the letters. Each is claimed by the id of the
//! thing it is about, in the transaction of the row.

use domain::{UserId, billing::Status};

use super::{
    instant::Micros,
    letters,
    wire::{Order, Refund, Subscription},
};
use crate::{
    Backend, Result, Timestamp,
    db::SystemTx,
    execute, fetch_all, fetch_optional,
    mail::{self, Letter},
};

/// True for one caller, and never again.
async fn claim(tx: &mut SystemTx, backend: &Backend, kind: &str, id: &str) -> Result<bool> {
    let claimed = execute!(
        tx,
        r#"insert into "polar_effect" ("kind", "businessId", "at") values ($1, $2, $3) on conflict do nothing"#,
        kind,
        id,
        Timestamp::from(backend.clock.now()),
    )?;
    Ok(claimed == 1)
}

async fn post(tx: &mut SystemTx, backend: &Backend, owner: &UserId, letter: &Letter) -> Result<()> {
    let address: Option<(String,)> =
        fetch_optional!(tx, r#"select "email" from "user" where "id" = $1"#, owner)?;
    match address {
        Some((address,)) => mail::post(tx, backend, &address, letter).await,
        None => Ok(()),
    }
}

/// The letters a subscription brings: it began, it will end, it was not paid, it is over.
pub async fn of_subscription(
    tx: &mut SystemTx,
    backend: &Backend,
    owner: &UserId,
    data: &Subscription,
) -> Result<()> {
    let Some(status) = Status::from_polar(&data.status) else { return Ok(()) };
    let name = name_of(tx, backend, &data.product_id).await?;
    let dated = |at: Option<Micros>| at.map(|at| format!("{}:{}", data.id, at.0));
    if matches!(status, Status::Trialing | Status::Active)
        && claim(tx, backend, "welcome", &data.id).await?
    {
        let trial = data.trial_end.filter(|_| status == Status::Trialing);
        post(tx, backend, owner, &letters::welcome(backend, &name, trial)).await?;
    }
    if let Some(id) = dated(data.canceled_at.filter(|_| status.is_live()))
        && claim(tx, backend, "cancel_mail", &id).await?
    {
        let end = data.ends_at.or(data.current_period_end);
        post(tx, backend, owner, &letters::canceled(backend, &name, end)).await?;
    }
    if let Some(id) = dated(data.past_due_at.filter(|_| status == Status::PastDue))
        && claim(tx, backend, "past_due_mail", &id).await?
    {
        post(tx, backend, owner, &letters::past_due(backend, &name, data.past_due_at)).await?;
    }
    if let Some(id) = dated(data.ended_at.filter(|_| status == Status::Canceled))
        && claim(tx, backend, "ended_mail", &id).await?
    {
        post(tx, backend, owner, &letters::ended(backend, &name)).await?;
    }
    Ok(())
}

/// The receipt of an order that was paid. An order of nothing, as a trial begins with, is noted without a letter.
pub async fn of_paid_order(
    tx: &mut SystemTx,
    backend: &Backend,
    owner: &UserId,
    data: &Order,
) -> Result<()> {
    let paid = PaidOrder {
        id: data.id.clone(),
        product_id: data.product_id.clone(),
        description: data.description.clone(),
        total_amount: data.total_amount,
        tax_amount: data.tax_amount,
        currency: data.currency.clone(),
        invoice_number: data.invoice_number.clone(),
    };
    receipt(tx, backend, owner, paid).await
}

/// Money went back.
pub async fn of_refund(
    tx: &mut SystemTx,
    backend: &Backend,
    owner: &UserId,
    data: &Refund,
) -> Result<()> {
    let total = data.amount.saturating_add(data.tax_amount);
    refunded(tx, backend, owner, &data.id, total, &data.currency).await
}

async fn refunded(
    tx: &mut SystemTx,
    backend: &Backend,
    owner: &UserId,
    id: &str,
    total: i64,
    currency: &str,
) -> Result<()> {
    if claim(tx, backend, "refund_mail", id).await? {
        post(tx, backend, owner, &letters::refunded(backend, total, currency)).await?;
    }
    Ok(())
}

/// What a receipt needs of an order.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct PaidOrder {
    id: String,
    product_id: Option<String>,
    description: Option<String>,
    total_amount: i64,
    tax_amount: i64,
    currency: String,
    invoice_number: Option<String>,
}

/// The letters about orders and refunds that came before anybody knew whose they are.
pub async fn of_claimed(
    tx: &mut SystemTx,
    backend: &Backend,
    customer: &str,
    owner: &UserId,
) -> Result<()> {
    let orders: Vec<PaidOrder> = fetch_all!(
        tx,
        r#"
        select "id", "productId", "description", "totalAmount", "taxAmount", "currency", "invoiceNumber"
        from "polar_order" where "customerId" = $1 and "paid" order by "createdAt", "id"
        "#,
        customer,
    )?;
    for order in orders {
        receipt(tx, backend, owner, order).await?;
    }
    let refunds: Vec<(String, i64, String)> = fetch_all!(
        tx,
        r#"
        select "id", "amount" + "taxAmount", "currency"
        from "polar_refund" where "customerId" = $1 and "status" = 'succeeded' order by "createdAt", "id"
        "#,
        customer,
    )?;
    for (id, total, currency) in refunds {
        refunded(tx, backend, owner, &id, total, &currency).await?;
    }
    Ok(())
}

async fn receipt(
    tx: &mut SystemTx,
    backend: &Backend,
    owner: &UserId,
    order: PaidOrder,
) -> Result<()> {
    if !claim(tx, backend, "receipt", &order.id).await? || order.total_amount == 0 {
        return Ok(());
    }
    let name = match &order.product_id {
        Some(product) => name_of(tx, backend, product).await?,
        None => order.description.unwrap_or_else(|| "your purchase".to_owned()),
    };
    let paid = letters::Paid {
        name,
        total: order.total_amount,
        tax: order.tax_amount,
        currency: order.currency,
        invoice: order.invoice_number,
    };
    post(tx, backend, owner, &letters::receipt(backend, &paid)).await
}

/// What a product is called in a letter: our plan, or Polar's name.
async fn name_of(tx: &mut SystemTx, backend: &Backend, product: &str) -> Result<String> {
    let billing = backend.settings.billing.as_ref();
    if let Some(plan) = billing.and_then(|billing| billing.plan(product)) {
        return Ok(format!("Coffer {}", plan.name()));
    }
    let named: Option<(String,)> =
        fetch_optional!(tx, r#"select "name" from "polar_product" where "id" = $1"#, product)?;
    Ok(named.map_or_else(|| "your plan".to_owned(), |(name,)| name))
}
