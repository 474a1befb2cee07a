//! What goes into and comes out of `/api/bank-accounts`.

use domain::{AccountView, NewAccountForm};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::body::present;

/// A bank account as its owner sees it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct BankAccount {
    /// Its id.
    id: String,
    /// The name of the bank.
    #[schema(example = "First Harbor")]
    bank_name: String,
    /// `checking`, `savings`, `credit`, `loan`, `cash` or `other`.
    #[schema(example = "checking")]
    account_type: &'static str,
    /// What the person calls it.
    account_nickname: Option<String>,
    /// `pending`, `active` or `suspended`.
    #[schema(example = "pending")]
    status: &'static str,
    /// Why it is suspended and what to do about it, in a sentence.
    suspended: Option<String>,
    /// The last digits of its number, when there are enough to show some.
    #[schema(example = "6789")]
    mask: Option<String>,
    /// True when the bank gave us a number of its own making, which is not the one on the cheque.
    number_is_token: bool,
    /// ISO 4217.
    #[schema(example = "USD")]
    currency: String,
    /// What its completed transactions add up to, in minor units.
    balance_minor: i64,
    /// What its bank says it holds, in minor units, where a connection reads it.
    bank_balance_minor: Option<i64>,
    /// How many transactions it has.
    transactions: i64,
    /// When you put it away: it is in no list and no total since.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime)]
    archived_at: Option<OffsetDateTime>,
    /// When it was added.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    created_at: OffsetDateTime,
    /// When anything in it last changed.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    updated_at: OffsetDateTime,
}

impl From<AccountView> for BankAccount {
    fn from(account: AccountView) -> Self {
        Self {
            id: account.id.into_string(),
            bank_name: account.bank_name,
            account_type: account.account_type.as_str(),
            account_nickname: account.account_nickname,
            status: account.status.as_str(),
            suspended: account.suspended,
            mask: account.mask,
            number_is_token: account.number_is_token,
            currency: account.currency,
            balance_minor: account.balance_minor,
            bank_balance_minor: account.bank_balance_minor,
            transactions: account.transactions,
            archived_at: account.archived_at,
            created_at: account.created_at,
            updated_at: account.updated_at,
        }
    }
}

/// A new account.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewBankAccount {
    /// 4 to 17 digits; blanks and hyphens are dropped. Left out for an account kept by hand.
    #[serde(default)]
    #[schema(example = "000123456789")]
    account_number: String,
    /// The nine digits of the bank. Left out for an account kept by hand.
    #[serde(default)]
    #[schema(example = "021000021")]
    routing_number: String,
    /// The name of the bank.
    #[serde(default)]
    #[schema(example = "First Harbor", required = true)]
    bank_name: String,
    /// `checking`, `savings`, `credit`, `loan`, `cash` or `other`. The first two need their numbers.
    #[serde(default)]
    #[schema(example = "checking", required = true)]
    account_type: String,
    /// What you call it; at most 40 characters.
    #[serde(default)]
    account_nickname: Option<String>,
    /// ISO 4217; US dollars when left out.
    #[serde(default)]
    #[schema(example = "USD")]
    currency: Option<String>,
}

impl From<NewBankAccount> for NewAccountForm {
    fn from(new: NewBankAccount) -> Self {
        Self {
            bank_name: new.bank_name,
            account_type: new.account_type,
            routing_number: new.routing_number,
            account_number: new.account_number,
            account_number_again: None,
            account_nickname: new.account_nickname.unwrap_or_default(),
            currency: new.currency.unwrap_or_default(),
        }
    }
}

/// What is to be different. What is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ChangedBankAccount {
    /// The name of the bank.
    #[serde(default)]
    pub bank_name: Option<String>,
    /// What you call it; null or empty takes the nickname away.
    #[serde(default, deserialize_with = "present")]
    pub account_nickname: Option<String>,
    /// True puts it away and erases its number, false brings it back.
    #[serde(default)]
    pub archived: Option<bool>,
}

/// Which way an account moves.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = BankAccountShift)]
pub(super) struct Shift {
    /// `up`: before the one of its type that stands before it. `down`: after the one that stands after it.
    #[serde(default)]
    #[schema(example = "up", required = true)]
    pub way: String,
}

/// The short form of an account that was just added.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AddedBankAccount {
    /// Its id.
    pub id: String,
    /// The name of the bank.
    pub bank_name: String,
    /// What kind it is.
    pub account_type: &'static str,
    /// `pending` until its numbers are verified, `active` when it has none.
    pub status: &'static str,
    /// The last digits of its number, when there are enough to show some.
    pub mask: Option<String>,
}

/// An account was added.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Added {
    /// Always true.
    pub success: bool,
    /// The new account.
    pub bank_account: AddedBankAccount,
}

/// An account was changed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Changed {
    /// Always true.
    pub success: bool,
    /// The account as it is now.
    pub bank_account: BankAccount,
}

/// An account was deleted.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Removed {
    /// Always true.
    pub success: bool,
    /// How many transactions went with it.
    pub transactions: u64,
}
