//! A person's rules asked again of rows whose text the bank changed, as if they came now. What the person said stays.

use domain::{
    AccountId, Currency, TransactionId, TransactionType,
    ledger::provenance::{Writer, may_write},
    rules::{self, Changes, Compiled, Current, Subject},
    tags,
};
use serde::Serialize;

use super::{Reading, load::Stored, write::Change};
use crate::{Error, Result, db::UserTx, execute};

/// Rows in one statement.
const CHUNK: usize = 1_000;

/// What rules set on a row. None: as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Ruled {
    id: TransactionId,
    category: Option<String>,
    pub merchant: Option<String>,
    pub note: Option<String>,
    tags: Option<String>,
    excludes: bool,
    transfer: bool,
}

/// What rules say to a row that the bank changed; nothing when its texts are what they were.
pub(super) fn ask(
    rules: &[Compiled],
    account: &AccountId,
    stored: &Stored,
    change: &Change,
) -> Option<Ruled> {
    let is_same_text = stored.description == change.description && stored.merchant == change.shown;
    if rules.is_empty() || is_same_text {
        return None;
    }
    let subject = Subject {
        description: &change.description,
        merchant: change.shown.as_deref(),
        merchant_key: &change.merchant_key,
        minor: change.amount_minor,
        currency: Currency::parse(&change.currency).ok()?,
        account,
        date: if may_write(stored.date_by, Writer::Provider) { change.date } else { stored.date },
        provider_category: change.provider_category.as_deref(),
    };
    let by = |by: Writer, is_said: bool| if is_said { by.max(Writer::Provider) } else { by };
    let category = change.category.filter(|_| may_write(stored.category_by, Writer::Provider));
    let own_tags = tags::from_column(&stored.tags);
    let is_transfer = stored.r#type == TransactionType::Transfer;
    let changes = rules::evaluate(rules, &subject).changes(&Current {
        category: category.unwrap_or(&stored.category),
        category_by: by(stored.category_by, category.is_some()),
        merchant: change.shown.as_deref(),
        merchant_by: by(stored.merchant_by, change.merchant.is_some()),
        note: stored.note.as_deref(),
        note_by: stored.note_by,
        tags: &own_tags,
        tags_by: stored.tags_by,
        excluded: stored.excluded,
        excluded_by: stored.excluded_by,
        // What is split or worth nothing can be no transfer.
        paired: is_transfer || stored.has_parts || change.amount_minor == 0,
    });
    // A side of a transfer has the category of transfers.
    let changes = Changes { category: changes.category.filter(|_| !is_transfer), ..changes };
    (!changes.is_empty()).then(|| Ruled {
        id: stored.id.clone(),
        category: changes.category,
        merchant: changes.merchant,
        note: changes.note,
        tags: changes.tags.map(|all| tags::to_column(&all)),
        excludes: changes.exclude,
        transfer: changes.transfer.is_some(),
    })
}

/// Writes what rules set, over the bank's words. Whether a person has set a field meanwhile is looked at by the statement.
pub(super) async fn write(
    tx: &mut UserTx,
    reading: &Reading<'_>,
    changes: &[Change],
) -> Result<()> {
    let user = tx.user().clone();
    let ruled: Vec<&Ruled> = changes.iter().filter_map(|change| change.ruled.as_ref()).collect();
    for chunk in ruled.chunks(CHUNK) {
        let json = serde_json::to_string(chunk).map_err(|_| Error::Corrupt("changed row"))?;
        execute!(
            tx,
            sqlite: r#"
            with r as materialized (
                select value ->> 'id' as "id", value ->> 'category' as "category", value ->> 'merchant' as "merchant",
                       value ->> 'note' as "note", value ->> 'tags' as "tags", value ->> 'excludes' as "excludes",
                       value ->> 'transfer' as "transfer"
                from json_each($3)
            )
            update "transaction" as t
            set "category" = case when t."categoryBy" = 'user' then t."category"
                                  else coalesce(r."category", t."category") end,
                "categoryBy" = case when t."categoryBy" = 'user' or r."category" is null then t."categoryBy"
                                    else 'rule' end,
                "merchant" = case when t."merchantBy" = 'user' then t."merchant"
                                  else coalesce(r."merchant", t."merchant") end,
                "merchantBy" = case when t."merchantBy" = 'user' or r."merchant" is null then t."merchantBy"
                                    else 'rule' end,
                "note" = case when t."noteBy" = 'user' then t."note" else coalesce(r."note", t."note") end,
                "noteBy" = case when t."noteBy" = 'user' or r."note" is null then t."noteBy" else 'rule' end,
                "tags" = case when t."tagsBy" = 'user' then t."tags" else coalesce(r."tags", t."tags") end,
                "tagsBy" = case when t."tagsBy" = 'user' or r."tags" is null then t."tagsBy" else 'rule' end,
                "excluded" = t."excluded" or (t."excludedBy" <> 'user' and r."excludes"),
                "excludedBy" = case when t."excludedBy" <> 'user' and r."excludes" then 'rule'
                                    else t."excludedBy" end,
                "type" = case when r."transfer" and t."amountMinor" <> 0 then 'transfer' else t."type" end
            from r
            where t."userId" = $1 and t."accountId" = $2 and t."id" = r."id"
            "#,
            postgres: r#"
            update "transaction" t
            set "category" = case when t."categoryBy" = 'user' then t."category"
                                  else coalesce(r."category", t."category") end,
                "categoryBy" = case when t."categoryBy" = 'user' or r."category" is null then t."categoryBy"
                                    else 'rule' end,
                "merchant" = case when t."merchantBy" = 'user' then t."merchant"
                                  else coalesce(r."merchant", t."merchant") end,
                "merchantBy" = case when t."merchantBy" = 'user' or r."merchant" is null then t."merchantBy"
                                    else 'rule' end,
                "note" = case when t."noteBy" = 'user' then t."note" else coalesce(r."note", t."note") end,
                "noteBy" = case when t."noteBy" = 'user' or r."note" is null then t."noteBy" else 'rule' end,
                "tags" = case when t."tagsBy" = 'user' then t."tags" else coalesce(r."tags", t."tags") end,
                "tagsBy" = case when t."tagsBy" = 'user' or r."tags" is null then t."tagsBy" else 'rule' end,
                "excluded" = t."excluded" or (t."excludedBy" <> 'user' and r."excludes"),
                "excludedBy" = case when t."excludedBy" <> 'user' and r."excludes" then 'rule'
                                    else t."excludedBy" end,
                "type" = case when r."transfer" and t."amountMinor" <> 0 then 'transfer' else t."type" end
            from json_to_recordset(cast($3 as json)) as r(
                "id" text, "category" text, "merchant" text, "note" text, "tags" text, "excludes" boolean,
                "transfer" boolean)
            where t."userId" = $1 and t."accountId" = $2 and t."id" = r."id"
            "#,
            &user,
            reading.account,
            json,
        )?;
    }
    Ok(())
}
