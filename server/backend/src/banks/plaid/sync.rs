//! One page of changes: rows in our sign, whole or not at all.

use std::time::Duration;

use domain::{
    Currency,
    day::parse_iso,
    provider::{plaid_amount, plaid_category, plaid_is_transfer},
};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{json, value::RawValue};

use super::{Plaid, call::Call, error::unreadable};
use crate::banks::{ProviderRow, Readiness, SyncPage, Trouble};

/// Most rows that Plaid gives at once.
const MOST_ROWS: u32 = 500;
/// As many take Plaid longer than other answers; nobody waits in front of a page for them.
const PATIENCE: Duration = Duration::from_secs(15);
/// A page of that many rows with all their shops, logos and places is two or three MiB.
const MOST_BYTES: usize = 8 * 1024 * 1024;
/// ISO 4217's own code for no currency.
const NO_CURRENCY: &str = "XXX";
/// Most characters of what stands in the place of a currency.
const CODE_MAX: usize = 16;

#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow)]
    added: Vec<Row<'a>>,
    #[serde(borrow)]
    modified: Vec<Row<'a>>,
    removed: Vec<Removed>,
    next_cursor: String,
    has_more: bool,
    transactions_update_status: Option<String>,
    request_id: Option<String>,
}

#[derive(Deserialize)]
struct Removed {
    transaction_id: String,
}

#[derive(Deserialize)]
struct Row<'a> {
    transaction_id: String,
    pending_transaction_id: Option<String>,
    account_id: String,
    date: String,
    authorized_date: Option<String>,
    /// The text as it stands there: a double would lose digits.
    #[serde(borrow)]
    amount: &'a RawValue,
    iso_currency_code: Option<String>,
    unofficial_currency_code: Option<String>,
    original_description: Option<String>,
    name: Option<String>,
    merchant_name: Option<String>,
    personal_finance_category: Option<Category>,
    pending: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Category {
    primary: Option<String>,
    detailed: Option<String>,
    confidence_level: Option<String>,
}

impl Plaid {
    /// The changes since a cursor; everything without one.
    pub(super) async fn ask_page(
        &self,
        token: &SecretString,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<SyncPage, Trouble> {
        let mut body = json!({
            "access_token": token.expose_secret(),
            "count": limit.clamp(1, MOST_ROWS),
            "options": { "include_original_description": true },
        });
        if let Some(cursor) = cursor.filter(|cursor| !cursor.is_empty()) {
            body["cursor"] = json!(cursor);
        }
        let call = Call::new("transactions_sync", "/transactions/sync", body);
        let response = self.ask(call.each_within(PATIENCE).up_to(MOST_BYTES)).await?;
        read_page(response.body())
    }
}

/// One page, whole or not at all. Whether ids, days and texts may be kept is looked at for every provider alike.
pub(super) fn read_page(body: &[u8]) -> Result<SyncPage, Trouble> {
    let page: Page<'_> = serde_json::from_slice(body).map_err(|_| unreadable(None))?;
    page.read()
}

impl Page<'_> {
    fn read(&self) -> Result<SyncPage, Trouble> {
        let rows = |rows: &[Row<'_>]| {
            let rows: Option<Vec<ProviderRow>> = rows.iter().map(Row::read).collect();
            rows.ok_or_else(|| unreadable(self.request_id.as_deref()))
        };
        Ok(SyncPage {
            added: rows(&self.added)?,
            modified: rows(&self.modified)?,
            removed: self.removed.iter().map(|gone| gone.transaction_id.clone()).collect(),
            next_cursor: self.next_cursor.clone(),
            has_more: self.has_more,
            readiness: self.readiness(),
        })
    }

    /// A place without a name is none to go on from, whatever is said beside it.
    fn readiness(&self) -> Readiness {
        match self.transactions_update_status.as_deref() {
            _ if self.next_cursor.is_empty() => Readiness::NotReady,
            Some("NOT_READY") => Readiness::NotReady,
            Some("HISTORICAL_UPDATE_COMPLETE") => Readiness::Historical,
            _ => Readiness::Initial,
        }
    }
}

impl Row<'_> {
    /// The row; none when its amount or a date of it is none.
    fn read(&self) -> Option<ProviderRow> {
        let currency = self.currency();
        let category = self.personal_finance_category.as_ref();
        let primary = category.and_then(|category| category.primary.as_deref());
        let detailed = category.and_then(|category| category.detailed.as_deref());
        let confidence = category.and_then(|category| category.confidence_level.as_deref());
        let authorized_date = match self.authorized_date.as_deref() {
            Some(date) => Some(parse_iso(date)?),
            None => None,
        };
        Some(ProviderRow {
            id: self.transaction_id.clone(),
            pending_id: self.pending_transaction_id.clone(),
            account: self.account_id.clone(),
            date: parse_iso(&self.date)?,
            authorized_date,
            minor: self.minor(&currency)?,
            currency,
            description: self.description().to_owned(),
            merchant: self.merchant_name.clone(),
            category: plaid_category(primary, detailed, confidence),
            provider_category: detailed.or(primary).map(str::to_owned),
            is_transfer: plaid_is_transfer(primary, detailed),
            pending: self.pending,
        })
    }

    /// The bank's text, where it has one; Plaid's otherwise.
    fn description(&self) -> &str {
        let texts = [&self.original_description, &self.name];
        let mut texts = texts.into_iter().flatten().filter(|text| !text.trim().is_empty());
        texts.next().map_or("", String::as_str)
    }

    /// ISO 4217, or whatever it is called instead.
    fn currency(&self) -> Result<Currency, String> {
        match (&self.iso_currency_code, &self.unofficial_currency_code) {
            (Some(code), _) => Currency::parse(code).map_err(|_| name_of(code)),
            (None, Some(code)) => Err(name_of(code)),
            (None, None) => Err(NO_CURRENCY.to_owned()),
        }
    }

    /// Minor units in our sign; hundredths of what is no currency, which nobody adds up.
    fn minor(&self, currency: &Result<Currency, String>) -> Option<i64> {
        let Ok(currency) = currency else {
            let amount = plaid_amount(self.amount.get(), Currency::USD);
            return Some(amount.map_or(0, |amount| amount.minor));
        };
        let amount = plaid_amount(self.amount.get(), *currency).ok()?;
        if amount.is_rounded {
            tracing::warn!(
                currency = currency.code(),
                "an amount has more digits than its currency"
            );
        }
        Some(amount.minor)
    }
}

/// A name that may be kept for what is no currency.
fn name_of(code: &str) -> String {
    let name: String = code.chars().filter(char::is_ascii_graphic).take(CODE_MAX).collect();
    if name.is_empty() { NO_CURRENCY.to_owned() } else { name }
}
