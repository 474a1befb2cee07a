//! One entry of a CAMT.053 statement: a row, or one row for each of its transactions.

use std::collections::HashSet;

use super::numbers::{self, Decimal};
use super::statement::{Entry, Sign};
use crate::{Currency, TransactionStatus};

/// What stands where a payer gave no id of their own.
const NOT_PROVIDED: &str = "NOTPROVIDED";

/// `Ntry`, with its cells as written.
#[derive(Debug, Default)]
pub(super) struct Ntry {
    pub(super) reference: String,
    pub(super) servicer_ref: String,
    pub(super) amount: String,
    pub(super) currency: Option<String>,
    pub(super) sign: Sign,
    pub(super) reversal: bool,
    pub(super) status: String,
    pub(super) booked: String,
    pub(super) valued: String,
    pub(super) info: String,
    pub(super) details: Vec<Detail>,
}

/// `TxDtls`, with its cells as written.
#[derive(Debug, Default)]
pub(super) struct Detail {
    pub(super) servicer_ref: String,
    pub(super) end_to_end: String,
    pub(super) amount: String,
    pub(super) currency: Option<String>,
    /// Nothing where it goes the way of its entry.
    pub(super) sign: Option<Sign>,
    pub(super) debtor: String,
    pub(super) creditor: String,
    /// Every `Ustrd`, joined.
    text: String,
}

impl Detail {
    /// One more line of text.
    pub(super) fn add_text(&mut self, line: &str) {
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(line);
    }
}

/// What `CdtDbtInd` says.
pub(super) fn sign(word: &str) -> Sign {
    match word.trim() {
        "CRDT" => Sign::In,
        "DBIT" => Sign::Out,
        _ => Sign::Unknown,
    }
}

impl Ntry {
    /// Its rows; none when it is for information only.
    pub(super) fn rows(self) -> Vec<Entry> {
        if self.status == "INFO" {
            return Vec::new();
        }
        match self.details.as_slice() {
            [] => vec![self.whole(None)],
            [only] => vec![self.whole(Some(only))],
            _ if self.adds_up() => self.each(),
            _ => vec![self.whole(None)],
        }
    }

    /// What all of its rows have.
    fn common(&self) -> Entry {
        Entry {
            date: if self.booked.is_empty() { &self.valued } else { &self.booked }.clone(),
            amount: self.amount.clone(),
            // Without a word for it the amount is nobody's.
            sign: if self.sign == Sign::Written { Sign::Unknown } else { self.sign },
            reversal: self.reversal,
            currency: self.currency.clone(),
            description: self.info.clone(),
            status: match self.status.as_str() {
                "PDNG" | "FUTR" => TransactionStatus::Pending,
                _ => TransactionStatus::Completed,
            },
            ..Entry::default()
        }
    }

    /// The entry as one row, with what its only transaction says.
    fn whole(&self, detail: Option<&Detail>) -> Entry {
        let mut row = self.common();
        row.provider_id = self.id(detail);
        if let Some(detail) = detail {
            detail.describe(&mut row);
        }
        row
    }

    /// One row for each transaction.
    fn each(&self) -> Vec<Entry> {
        let own: HashSet<&str> =
            self.details.iter().map(|detail| detail.servicer_ref.as_str()).collect();
        let have_ids = own.len() == self.details.len() && !own.contains("");
        let id = self.id(None);
        let rows = (1_usize..).zip(&self.details).map(|(number, detail)| {
            let mut row = self.common();
            row.amount.clone_from(&detail.amount);
            row.sign = detail.sign.unwrap_or(row.sign);
            row.provider_id = match id.as_str() {
                _ if have_ids => detail.servicer_ref.clone(),
                "" => detail.own_id(),
                id => format!("{id}/{number}"),
            };
            detail.describe(&mut row);
            row
        });
        rows.collect()
    }

    /// The bank's reference, else that of the entry, else the payer's.
    fn id(&self, detail: Option<&Detail>) -> String {
        let servicer = detail.map_or("", |detail| detail.servicer_ref.as_str());
        let known = [self.servicer_ref.as_str(), servicer, self.reference.as_str()];
        match known.into_iter().find(|id| !id.is_empty()) {
            Some(id) => id.to_owned(),
            None => detail.map(Detail::own_id).unwrap_or_default(),
        }
    }

    /// True when the transactions are of the entry's currency and add up to it.
    fn adds_up(&self) -> bool {
        let signed = |amount: &str, code: Option<&String>, sign: Sign| {
            let code = code.or(self.currency.as_ref())?;
            let minor = numbers::parse(amount, Decimal::Point, Currency::parse(code).ok()?).ok()?;
            (Some(code) == self.currency.as_ref()).then_some(())?;
            Some(if sign == Sign::Out { minor.saturating_neg() } else { minor })
        };
        let sum = self.details.iter().try_fold(0_i64, |sum, detail| {
            let sign = detail.sign.unwrap_or(self.sign);
            sum.checked_add(signed(&detail.amount, detail.currency.as_ref(), sign)?)
        });
        sum.is_some() && sum == signed(&self.amount, None, self.sign)
    }
}

impl Detail {
    fn own_id(&self) -> String {
        let is_none = self.end_to_end.eq_ignore_ascii_case(NOT_PROVIDED);
        if is_none { String::new() } else { self.end_to_end.clone() }
    }

    /// Adds the text and the other side to a row.
    fn describe(&self, row: &mut Entry) {
        if !self.text.is_empty() {
            row.description.clone_from(&self.text);
        }
        let (other, own) = match row.sign {
            Sign::In => (&self.debtor, &self.creditor),
            _ => (&self.creditor, &self.debtor),
        };
        // Of a reversal, the sides may be those of the first booking.
        let name = if other.is_empty() && row.reversal { own } else { other };
        row.merchant.clone_from(name);
    }
}
