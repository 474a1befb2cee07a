//! "Always categorise Blue Bottle as Coffee?": the rule to offer beside a row.

use domain::{
    RuleId, TransactionId, UserId, category, merchant,
    rules::{Rule, RuleForm, offer_always},
};
use serde::{Deserialize, Serialize};

use super::TRANSACTION;
use crate::{Backend, Error, Result, SignedIn, db::UserTx, fetch_optional, rules};

/// What would be done from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Offer {
    /// The name of the shop.
    pub merchant: String,
    /// The key of the category.
    pub category: String,
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    merchant_key: String,
    category: String,
    times: i64,
}

/// What to offer beside one of the caller's rows: nothing before the second row of its shop got this category by hand,
/// nor when a rule does it already.
///
/// # Errors
/// [`Error::NotFound`] also for a row of somebody else.
#[tracing::instrument(name = "transactions.offer", skip_all, fields(user.id = %caller.user()))]
pub async fn offer(
    backend: &Backend,
    caller: &SignedIn,
    id: &TransactionId,
) -> Result<Option<Offer>> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    Ok(rule(&mut tx, caller.user(), id).await?.map(|(offer, _)| offer))
}

/// Takes the offer: a rule of the caller's, at the end of their list. Nothing when it is none any more.
///
/// # Errors
/// [`Error::NotFound`] as [`offer`]; [`Error::Invalid`] when they have rules enough.
#[tracing::instrument(name = "transactions.take_offer", skip_all, fields(user.id = %caller.user()))]
pub async fn take_offer(
    backend: &Backend,
    caller: &SignedIn,
    id: &TransactionId,
) -> Result<Option<(Offer, RuleId)>> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let offered = rule(&mut tx, caller.user(), id).await?;
    drop(tx);
    let Some((offer, rule)) = offered else { return Ok(None) };
    let made = rules::create(backend, caller, &offer.merchant, &RuleForm::of(&rule)).await?;
    Ok(Some((offer, made)))
}

async fn rule(tx: &mut UserTx, user: &UserId, id: &TransactionId) -> Result<Option<(Offer, Rule)>> {
    let row: Option<Row> = fetch_optional!(
        tx,
        r#"
        select t."merchantKey", t."category",
               (select count(*) from "transaction" o
                where o."userId" = t."userId" and o."deletedAt" is null and o."categoryBy" = 'user'
                  and o."merchantKey" = t."merchantKey" and o."category" = t."category") as "times"
        from "transaction" t
        where t."userId" = $1 and t."id" = $2 and t."deletedAt" is null
        "#,
        user,
        id,
    )?;
    let row = row.ok_or(Error::NotFound(TRANSACTION))?;
    if category::group_of(&row.category) == "transfer" {
        return Ok(None);
    }
    let all: Vec<Rule> = rules::all(tx).await?.into_iter().map(|view| view.rule).collect();
    let by_hand = u32::try_from(row.times).unwrap_or(u32::MAX);
    let Some(rule) = offer_always(&row.merchant_key, &row.category, by_hand, &all) else {
        return Ok(None);
    };
    let merchant = merchant::display_name(&row.merchant_key).unwrap_or(row.merchant_key);
    Ok(Some((Offer { merchant, category: row.category }, rule)))
}
