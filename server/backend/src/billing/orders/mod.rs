//! What somebody has bought and has, from our own tables: the pages of a person, and the lists of the API.

mod lists;

use domain::{Currency, Money, billing::OrderView, page::PageRequest};

use crate::{Backend, Result, SignedIn, Timestamp, fetch_all, fetch_one};
pub(super) use lists::told_meters;
pub use lists::{
    BenefitRow, BillingType, MeterRow, OrderRow, SubscriptionRow, benefits, meters, order_rows,
    subscriptions,
};

/// An order with the name of what was bought.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    id: String,
    created_at: Timestamp,
    status: String,
    description: Option<String>,
    product_name: Option<String>,
    total_amount: i64,
    refunded: i64,
    currency: String,
    invoice_number: Option<String>,
}

/// One page of the caller's orders, the newest first, and how many there are. A draft is none yet.
#[tracing::instrument(name = "billing.orders", skip_all, fields(user.id = %caller.user()))]
pub async fn orders(
    backend: &Backend,
    caller: &SignedIn,
    page: PageRequest,
) -> Result<(Vec<OrderView>, i64)> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let (total,): (i64,) = fetch_one!(
        tx,
        r#"select count(*) from "polar_order" where "userId" = $1 and "status" <> 'draft'"#,
        caller.user(),
    )?;
    let rows: Vec<Row> = fetch_all!(
        tx,
        r#"
        select o."id", o."createdAt", o."status", o."description", p."name" as "productName", o."totalAmount",
               o."refundedAmount" + o."refundedTaxAmount" as "refunded", o."currency", o."invoiceNumber"
        from "polar_order" o
        left join "polar_product" p on p."id" = o."productId"
        where o."userId" = $1 and o."status" <> 'draft'
        order by o."createdAt" desc, o."id" desc
        limit $2 offset $3
        "#,
        caller.user(),
        page.limit(),
        page.offset(),
    )?;
    Ok((rows.into_iter().map(OrderView::from).collect(), total))
}

impl From<Row> for OrderView {
    fn from(row: Row) -> Self {
        let currency = Currency::parse(&row.currency).ok();
        let money = |minor| currency.map(|currency| Money::new(minor, currency));
        let named = row.description.filter(|text| !text.is_empty()).or(row.product_name);
        Self {
            id: row.id,
            created_at: row.created_at.into(),
            status: row.status,
            description: named.unwrap_or_else(|| "Your order".to_owned()),
            total: money(row.total_amount),
            refunded: money(row.refunded).filter(|_| row.refunded > 0),
            invoice_number: row.invoice_number,
        }
    }
}

#[cfg(test)]
mod tests;
