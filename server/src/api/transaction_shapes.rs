//! What goes into and comes out of `/api/transactions`.

use backend::transactions::Edited;
use domain::{
    BatchId, CurrencySum, TransactionView,
    entry::{EditForm, EntryForm, PartView, TransactionDetail as Detail, TransferView},
    ledger::splits::{PartForm, SplitForm},
};
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};
use utoipa::ToSchema;

use super::body::present;

/// A transaction as its owner sees it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Transaction {
    /// Its id.
    id: String,
    /// The account it belongs to.
    account_id: String,
    /// What that account is called.
    account_name: String,
    /// The last digits of that account's number, when there are enough to show some.
    account_mask: Option<String>,
    /// The date at the bank.
    #[serde(with = "domain::day::iso")]
    #[schema(value_type = String, format = Date, example = "2026-05-04")]
    date: Date,
    /// The bank's text.
    description: String,
    /// The name of the shop, when known.
    merchant: Option<String>,
    /// The key of its category.
    #[schema(example = "food.groceries")]
    category: String,
    /// `debit`, `credit` or `transfer`.
    r#type: &'static str,
    /// `pending`, `completed` or `failed`.
    status: &'static str,
    /// Minor units without a sign, whatever the currency.
    #[schema(example = 450)]
    amount_cents: i64,
    /// Minor units: above zero came in, below went out.
    #[schema(example = -450)]
    signed_amount_cents: i64,
    /// ISO 4217.
    #[schema(example = "USD")]
    currency: String,
    /// What the person wrote on it.
    note: Option<String>,
    /// Its tags.
    tags: Vec<String>,
    /// Whether its category stands in its parts.
    split: bool,
    /// Whether it is left out of budgets and sums.
    excluded: bool,
}

impl From<TransactionView> for Transaction {
    fn from(row: TransactionView) -> Self {
        Self {
            id: row.id.into_string(),
            account_id: row.account_id.into_string(),
            account_name: row.account_name,
            account_mask: row.account_mask,
            date: row.date,
            description: row.description,
            merchant: row.merchant,
            category: row.category,
            r#type: row.r#type.as_str(),
            status: row.status.as_str(),
            amount_cents: row.amount_cents,
            signed_amount_cents: row.signed_amount_cents,
            currency: row.currency,
            note: row.note,
            tags: row.tags,
            split: row.split,
            excluded: row.excluded,
        }
    }
}

/// A transaction in a file.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct FileTransaction {
    #[serde(flatten)]
    transaction: Transaction,
    /// Whether the test bank made it up.
    invented: bool,
}

/// Everything that is known of one transaction.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TransactionDetail {
    #[serde(flatten)]
    transaction: Transaction,
    /// The day of booking, where it is another one.
    #[serde(with = "domain::day::iso::option")]
    #[schema(value_type = Option<String>, format = Date)]
    posted_date: Option<Date>,
    /// Where it comes from: `manual`, `csv`, `ofx`, the name of a provider, …
    #[schema(example = "manual")]
    source: String,
    /// What the provider calls its category.
    provider_category: Option<String>,
    /// Who set what.
    set_by: SetBy,
    /// Its parts, where it was split: they count instead of its category.
    parts: Vec<Part>,
    /// The other side, where it is a transfer.
    transfer: Option<Transfer>,
    /// Why somebody should look at it: a code.
    flag: Option<String>,
    /// Whether you may delete it: what was typed in, while it is no side of a transfer.
    deletable: bool,
    /// When it came here.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    created_at: OffsetDateTime,
    /// When it last changed.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    updated_at: OffsetDateTime,
}

/// A transaction as it is after a change, and what undoes that.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct EditedTransaction {
    #[serde(flatten)]
    transaction: TransactionDetail,
    /// The batch that undoes this change; none when it was so already.
    undo_batch_id: Option<String>,
}

impl From<Edited> for EditedTransaction {
    fn from(Edited { row, undo }: Edited) -> Self {
        Self { transaction: row.into(), undo_batch_id: undo.map(|batch| batch.to_string()) }
    }
}

/// It is deleted, and what brings it back.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DeletedTransaction {
    /// Always true.
    success: bool,
    /// The batch that undoes it.
    undo_batch_id: Option<String>,
}

impl DeletedTransaction {
    pub(super) fn new(undo: Option<BatchId>) -> Self {
        Self { success: true, undo_batch_id: undo.map(|batch| batch.to_string()) }
    }
}

/// Who set each field last: `user`, `rule`, `provider` or `default`. A weaker one never changes it again.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SetBy {
    /// The date.
    date: &'static str,
    /// The name of the shop.
    merchant: &'static str,
    /// The category.
    #[schema(example = "user")]
    category: &'static str,
    /// The note.
    note: &'static str,
    /// The tags.
    tags: &'static str,
    /// Whether it is left out.
    excluded: &'static str,
}

/// One part of a transaction.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Part {
    /// The key of its category.
    category: String,
    /// Minor units: above zero came in, below went out.
    signed_amount_cents: i64,
    /// What the person wrote on it.
    note: Option<String>,
    /// Its tags.
    tags: Vec<String>,
}

/// The other side of a transfer.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Transfer {
    /// The transaction at the other side.
    transaction_id: String,
    /// What its account is called.
    account_name: String,
    /// Its date.
    #[serde(with = "domain::day::iso")]
    #[schema(value_type = String, format = Date)]
    date: Date,
    /// Whether it was found without its owner.
    auto: bool,
}

impl From<Detail> for TransactionDetail {
    fn from(row: Detail) -> Self {
        Self {
            deletable: row.may_delete(),
            set_by: SetBy {
                date: row.date_by.as_str(),
                merchant: row.merchant_by.as_str(),
                category: row.category_by.as_str(),
                note: row.note_by.as_str(),
                tags: row.tags_by.as_str(),
                excluded: row.excluded_by.as_str(),
            },
            transaction: Transaction {
                id: row.id.into_string(),
                account_id: row.account_id.into_string(),
                account_name: row.account_name,
                account_mask: row.account_mask,
                date: row.date,
                description: row.description,
                merchant: row.merchant,
                category: row.category,
                r#type: row.r#type.as_str(),
                status: row.status.as_str(),
                amount_cents: row.amount_cents,
                signed_amount_cents: row.signed_amount_cents,
                currency: row.currency,
                note: row.note,
                tags: row.tags,
                split: !row.parts.is_empty(),
                excluded: row.excluded,
            },
            posted_date: row.posted_date,
            source: row.source,
            provider_category: row.provider_category,
            parts: row.parts.into_iter().map(Part::from).collect(),
            transfer: row.transfer.map(Transfer::from),
            flag: row.flag,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

impl From<PartView> for Part {
    fn from(part: PartView) -> Self {
        Self {
            category: part.category,
            signed_amount_cents: part.signed_amount_cents,
            note: part.note,
            tags: part.tags,
        }
    }
}

impl From<TransferView> for Transfer {
    fn from(transfer: TransferView) -> Self {
        Self {
            transaction_id: transfer.other.into_string(),
            account_name: transfer.account_name,
            date: transfer.date,
            auto: transfer.auto,
        }
    }
}

/// A transaction to be added by hand.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewTransaction {
    /// The account it belongs to.
    #[serde(default)]
    #[schema(required = true)]
    account_id: String,
    /// Its day, at most a year ahead.
    #[serde(default)]
    #[schema(example = "2026-05-04", required = true)]
    date: String,
    /// What it was; at most 200 characters.
    #[serde(default)]
    #[schema(example = "Coffee", required = true)]
    description: String,
    /// As a person writes it, in the decimals of the account's currency, without a sign.
    #[serde(default)]
    #[schema(example = "4.50", required = true)]
    amount: String,
    /// `out` (without it) or `in`.
    #[serde(default)]
    direction: String,
    /// The key of its category; without it, what rules say.
    #[serde(default)]
    #[schema(example = "food.coffee")]
    category: String,
    /// What you write on it; at most 1,000 characters.
    #[serde(default)]
    note: String,
    /// At most 20.
    #[serde(default)]
    tags: Vec<String>,
}

impl From<NewTransaction> for EntryForm {
    fn from(new: NewTransaction) -> Self {
        Self {
            account_id: new.account_id,
            date: new.date,
            description: new.description,
            amount: new.amount,
            direction: new.direction,
            category: new.category,
            note: new.note,
            tags: new.tags.join(","),
        }
    }
}

/// What is to be different. What is left out stays as it is, and whose it was.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ChangedTransaction {
    /// The key of a category.
    #[serde(default)]
    category: Option<String>,
    /// The name of the shop; null or empty takes it away, so that the bank's text is shown.
    #[serde(default, deserialize_with = "present")]
    merchant: Option<String>,
    /// What you write on it; null or empty takes it away.
    #[serde(default, deserialize_with = "present")]
    note: Option<String>,
    /// All of its tags, at most 20.
    #[serde(default)]
    tags: Option<Vec<String>>,
    /// Its day, at most a year ahead.
    #[serde(default)]
    date: Option<String>,
    /// Whether it is left out of budgets and sums.
    #[serde(default)]
    excluded: Option<bool>,
}

impl From<ChangedTransaction> for EditForm {
    fn from(changed: ChangedTransaction) -> Self {
        Self {
            category: changed.category,
            merchant: changed.merchant,
            note: changed.note,
            tags: changed.tags.map(|tags| tags.join(",")),
            date: changed.date,
            excluded: changed.excluded,
        }
    }
}

/// The parts of a transaction.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewParts {
    /// 2 to 20 that add up to the transaction.
    #[serde(default)]
    #[schema(required = true)]
    parts: Vec<NewPart>,
}

/// One part of a transaction.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewPart {
    /// As a person writes it. It goes the way of the transaction: `20` of a purchase is money out, `-20` of it is in.
    #[serde(default)]
    #[schema(example = "12.50", required = true)]
    amount: String,
    /// The key of its category.
    #[serde(default)]
    #[schema(example = "food.groceries", required = true)]
    category: String,
    /// What you write on it.
    #[serde(default)]
    note: String,
    /// Its tags.
    #[serde(default)]
    tags: Vec<String>,
}

impl From<NewParts> for SplitForm {
    fn from(new: NewParts) -> Self {
        let parts = new.parts.into_iter().map(|part| PartForm {
            amount: part.amount,
            category: part.category,
            note: part.note,
            tags: part.tags.join(","),
        });
        Self { parts: parts.collect() }
    }
}

/// A transaction was added.
#[derive(Serialize, ToSchema)]
#[schema(as = AddedTransaction)]
pub(super) struct Added {
    /// Always true.
    pub success: bool,
    /// The new transaction.
    pub transaction: TransactionDetail,
}

/// What came in and went out in one currency.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Sum {
    /// ISO 4217.
    currency: String,
    /// Minor units that came in.
    in_minor: i64,
    /// Minor units that went out, zero or below.
    out_minor: i64,
}

impl From<CurrencySum> for Sum {
    fn from(sum: CurrencySum) -> Self {
        Self { currency: sum.currency, in_minor: sum.in_minor, out_minor: sum.out_minor }
    }
}
