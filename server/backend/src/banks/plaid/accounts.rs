//! Accounts as Plaid has them, and their balances in our sign.

use domain::{
    AccountType, Currency,
    provider::{ProviderVerification, plaid_amount, plaid_verification},
    text::visible_line,
};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{error::ErrorBody, ident};
use crate::banks::ProviderAccount;

/// Most characters of the name of an account or of a bank.
const NAME_MAX: usize = 120;
/// Most characters of a mask.
const MASK_MAX: usize = 4;

/// The answer of `/accounts/get`.
#[derive(Deserialize)]
pub(super) struct Accounts<'a> {
    #[serde(borrow)]
    accounts: Vec<Account<'a>>,
    pub item: Item,
}

/// One login at one bank.
#[derive(Deserialize)]
pub(super) struct Item {
    #[serde(rename = "item_id")]
    pub id: String,
    institution_id: Option<String>,
    institution_name: Option<String>,
    /// Why it cannot be read now.
    pub error: Option<ErrorBody>,
}

#[derive(Deserialize)]
struct Account<'a> {
    #[serde(rename = "account_id")]
    id: String,
    persistent_account_id: Option<String>,
    name: String,
    #[serde(rename = "type")]
    kind: String,
    subtype: Option<String>,
    mask: Option<String>,
    /// There where the account was not proven by a sign-in at its bank.
    verification_status: Option<String>,
    #[serde(borrow)]
    balances: Balances<'a>,
}

#[derive(Deserialize)]
struct Balances<'a> {
    #[serde(borrow)]
    current: Option<&'a RawValue>,
    #[serde(borrow)]
    available: Option<&'a RawValue>,
    iso_currency_code: Option<String>,
    unofficial_currency_code: Option<String>,
}

impl Item {
    /// Plaid's id of the bank, and the bank's name. Both are missing only where no bank was asked.
    pub fn institution(&self) -> (String, String) {
        let id = self.institution_id.as_deref().and_then(ident);
        let name = self.institution_name.as_deref().and_then(|name| visible_line(name, NAME_MAX));
        (id.unwrap_or_default(), name.unwrap_or_else(|| "Bank".to_owned()))
    }
}

impl Accounts<'_> {
    /// Every account in a currency that we know; none when one of them has no id that can be kept.
    pub fn read(&self) -> Option<Vec<ProviderAccount>> {
        let mut read = Vec::with_capacity(self.accounts.len());
        for account in &self.accounts {
            let id = ident(&account.id)?;
            if let Some(currency) = account.balances.currency() {
                read.push(account.read(id, currency));
            } else {
                tracing::warn!("an account in a currency that is none is left out");
            }
        }
        Some(read)
    }
}

impl Account<'_> {
    /// How far Plaid's own proof is. A word that Plaid did not have yet proves nothing: deposits of ours decide.
    fn verification(&self) -> Option<ProviderVerification> {
        let status = self.verification_status.as_deref().filter(|status| !status.is_empty())?;
        Some(plaid_verification(status).unwrap_or(ProviderVerification::UseDeposits))
    }

    fn read(&self, id: String, currency: Currency) -> ProviderAccount {
        let account_type = account_type(&self.kind, self.subtype.as_deref());
        let minor = |literal: Option<&RawValue>| minor(literal?, currency);
        // Plaid says what is owed on cards and loans, and what is there everywhere else.
        let owed = matches!(account_type, AccountType::Credit | AccountType::Loan);
        let current = minor(self.balances.current);
        ProviderAccount {
            id,
            persistent_id: self.persistent_account_id.as_deref().and_then(ident),
            name: visible_line(&self.name, NAME_MAX)
                .unwrap_or_else(|| account_type.label().to_owned()),
            account_type,
            mask: self.mask.as_deref().and_then(|mask| visible_line(mask, MASK_MAX)),
            currency,
            balance_minor: if owed { current.map(i64::saturating_neg) } else { current },
            available_minor: minor(self.balances.available),
            verification: self.verification(),
        }
    }
}

impl Balances<'_> {
    /// The currency; the dollar where a bank of the US names none.
    fn currency(&self) -> Option<Currency> {
        match (self.iso_currency_code.as_deref(), &self.unofficial_currency_code) {
            (Some(code), _) => Currency::parse(code).ok(),
            (None, Some(_)) => None,
            (None, None) => Some(Currency::USD),
        }
    }
}

/// A balance as it stands in the answer, in minor units.
fn minor(literal: &RawValue, currency: Currency) -> Option<i64> {
    let amount = plaid_amount(literal.get(), currency);
    if amount.is_err() {
        tracing::warn!("a balance that is no amount is left out");
    }
    // Made for rows, where money out is positive.
    amount.ok().map(|amount| amount.minor.saturating_neg())
}

/// Our kind of account. What cannot be paid from by ACH is no checking account.
pub(crate) fn account_type(kind: &str, subtype: Option<&str>) -> AccountType {
    match (kind, subtype.unwrap_or_default()) {
        ("depository", "checking" | "cash management") => AccountType::Checking,
        ("depository", "savings" | "money market" | "cd" | "hsa") => AccountType::Savings,
        ("credit", _) => AccountType::Credit,
        ("loan", _) => AccountType::Loan,
        _ => AccountType::Other,
    }
}
