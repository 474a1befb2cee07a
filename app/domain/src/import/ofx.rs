//! OFX of both versions and QFX: the statements of banks and cards.
//!
//! Aggregates have an end in SGML as well; elements may have none. A statement or a
//! transaction without its end means that the file was cut off: its last amount may be half an amount.

use super::FileFormat;
use super::markup::{Markup, Token};
use super::statement::{
    Correction, Entry, Hint, RawBalance, Rows, Statement, Statements, by_account, cell, mask, note,
};
use crate::{AccountType, Code};

/// How many aggregates may be open at once; real files need eight.
const MAX_DEPTH: usize = 32;

/// Splits the text into statements and their entries.
pub(super) fn parse(text: &str, format: FileFormat) -> Result<Statements, Code> {
    let mut reader = Reader::default();
    for token in Markup::new(text) {
        match token? {
            Token::Open(name) => reader.open(name)?,
            Token::Close(name) => reader.close(name)?,
            Token::Text(text) if reader.element.is_some() => reader.value.push_str(&text),
            Token::Text(_) => {}
        }
    }
    let list = reader.finish()?;
    if list.is_empty() {
        return Err(Code::FileNoRows);
    }
    Ok(Statements { format, make: reader.make, list: by_account(list) })
}

/// An aggregate that matters, for what is in it or for what must not be taken from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Aggregate {
    Institution,
    Statement,
    Account,
    Transaction,
    Payee,
    Currency,
    OtherAccount,
    LedgerBalance,
    /// Has names or amounts of its own that aren't the transaction's.
    Other,
}

fn aggregate(name: &str) -> Option<Aggregate> {
    Some(match name.to_ascii_uppercase().as_str() {
        "FI" => Aggregate::Institution,
        "STMTRS" | "CCSTMTRS" => Aggregate::Statement,
        "BANKACCTFROM" | "CCACCTFROM" => Aggregate::Account,
        "STMTTRN" => Aggregate::Transaction,
        "PAYEE" => Aggregate::Payee,
        "CURRENCY" => Aggregate::Currency,
        "BANKACCTTO" | "CCACCTTO" => Aggregate::OtherAccount,
        "LEDGERBAL" => Aggregate::LedgerBalance,
        "OFX" | "BANKTRANLIST" | "BANKTRANLISTP" | "STMTTRNP" | "ORIGCURRENCY" | "AVAILBAL"
        | "BALLIST" | "BAL" | "EXTDPAYEE" | "IMAGEDATA" | "INVSTMTRS" | "CLOSING"
        | "REWARDINFO" => Aggregate::Other,
        _ => return None,
    })
}

/// A transaction while it is read.
#[derive(Default)]
struct Transaction {
    entry: Entry,
    name: String,
    payee: String,
    memo: String,
    check: String,
    corrected: String,
    action: String,
}

#[derive(Default)]
struct Reader {
    open: Vec<Aggregate>,
    /// The element whose value is being read.
    element: Option<String>,
    value: String,
    make: String,
    statement: Option<Statement>,
    transaction: Option<Transaction>,
    done: Vec<Statement>,
    rows: Rows,
}

impl Reader {
    fn open(&mut self, name: &str) -> Result<(), Code> {
        self.end_element()?;
        let Some(aggregate) = aggregate(name) else {
            self.element = Some(name.to_ascii_uppercase());
            return Ok(());
        };
        match aggregate {
            Aggregate::Statement => {
                self.leave(Aggregate::Statement);
                self.statement = Some(Statement {
                    account_type: name.starts_with(['C', 'c']).then_some(AccountType::Credit),
                    ..Statement::default()
                });
            }
            Aggregate::Transaction => {
                self.leave(Aggregate::Transaction);
                self.rows.count()?;
                self.transaction = Some(Transaction::default());
            }
            _ => {}
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(Code::FileDamaged);
        }
        self.open.push(aggregate);
        Ok(())
    }

    fn close(&mut self, name: &str) -> Result<(), Code> {
        self.end_element()?;
        if let Some(aggregate) = aggregate(name) {
            self.leave(aggregate);
        }
        Ok(())
    }

    /// Ends the innermost such aggregate with everything in it, if one is open.
    fn leave(&mut self, aggregate: Aggregate) {
        let Some(at) = self.open.iter().rposition(|open| *open == aggregate) else { return };
        for left in self.open.split_off(at).into_iter().rev() {
            match left {
                Aggregate::Transaction => {
                    let entry = self.transaction.take().map(Transaction::entry);
                    if let Some((statement, entry)) = self.statement.as_mut().zip(entry) {
                        statement.push_numbered(entry);
                    }
                }
                Aggregate::Statement => {
                    let statement = self.statement.take();
                    self.done.extend(statement.filter(|statement| !statement.entries.is_empty()));
                }
                _ => {}
            }
        }
    }

    fn end_element(&mut self) -> Result<(), Code> {
        let Some(element) = self.element.take() else { return Ok(()) };
        let value = std::mem::take(&mut self.value);
        if value.trim().is_empty() {
            return Ok(());
        }
        match self.open.last() {
            Some(Aggregate::Institution) if matches!(element.as_str(), "ORG" | "FID") => {
                self.make.push_str(&cell(&value)?);
                self.make.push('|');
            }
            Some(Aggregate::Transaction) => self.of_transaction(&element, &value)?,
            Some(Aggregate::Payee) if element == "NAME" => {
                if let Some(transaction) = &mut self.transaction {
                    first(&mut transaction.payee, &value)?;
                }
            }
            Some(Aggregate::Currency) if element == "CURSYM" => {
                if let Some(transaction) = &mut self.transaction {
                    transaction.entry.currency = Some(cell(&value)?);
                }
            }
            Some(Aggregate::OtherAccount) if element == "ACCTID" => {
                if let Some(transaction) = &mut self.transaction {
                    transaction.entry.other_account = mask(&cell(&value)?);
                }
            }
            Some(open) => {
                let open = *open;
                self.of_statement(open, &element, &value)?;
            }
            None => {}
        }
        Ok(())
    }

    fn of_statement(&mut self, open: Aggregate, element: &str, value: &str) -> Result<(), Code> {
        let Some(statement) = &mut self.statement else { return Ok(()) };
        match (open, element) {
            (Aggregate::Statement, "CURDEF") => statement.currency = Some(cell(value)?),
            (Aggregate::Account, "ACCTID") => statement.set_number(&cell(value)?),
            (Aggregate::Account, "ACCTTYPE") => statement.account_type = account_type(value),
            (Aggregate::LedgerBalance, "BALAMT") => {
                let closing = statement.closing.get_or_insert_with(RawBalance::default);
                closing.amount = cell(value)?;
            }
            (Aggregate::LedgerBalance, "DTASOF") => {
                let closing = statement.closing.get_or_insert_with(RawBalance::default);
                closing.date = date(&cell(value)?);
            }
            _ => {}
        }
        Ok(())
    }

    fn of_transaction(&mut self, element: &str, value: &str) -> Result<(), Code> {
        let Some(transaction) = &mut self.transaction else { return Ok(()) };
        let entry = &mut transaction.entry;
        match element {
            "TRNTYPE" => match value.trim().to_ascii_uppercase().as_str() {
                "XFER" => entry.transfer = true,
                "INT" => entry.hint = Hint::Interest,
                "DIV" => entry.hint = Hint::Dividend,
                "FEE" | "SRVCHG" => entry.hint = Hint::Fee,
                _ => {}
            },
            "DTPOSTED" => entry.date = date(&cell(value)?),
            "TRNAMT" => first(&mut entry.amount, value)?,
            "FITID" => first(&mut entry.provider_id, value)?,
            "CORRECTFITID" => first(&mut transaction.corrected, value)?,
            "CORRECTACTION" => first(&mut transaction.action, value)?,
            "CHECKNUM" => first(&mut transaction.check, value)?,
            "NAME" => first(&mut transaction.name, value)?,
            "MEMO" => first(&mut transaction.memo, value)?,
            _ => {}
        }
        Ok(())
    }

    /// The statements with entries. What should have ended and hasn't was cut off.
    fn finish(&mut self) -> Result<Vec<Statement>, Code> {
        self.end_element()?;
        let is_inside =
            |open: &Aggregate| matches!(open, Aggregate::Statement | Aggregate::Transaction);
        if self.open.iter().any(is_inside) {
            return Err(Code::FileDamaged);
        }
        Ok(std::mem::take(&mut self.done))
    }
}

impl Transaction {
    fn entry(self) -> Entry {
        let Self { mut entry, name, payee, memo, check, corrected, action } = self;
        let name = if name.is_empty() { payee } else { name };
        let memo_is_text = name.is_empty() || name == memo;
        entry.description = if name.is_empty() { memo.clone() } else { name };
        entry.note = note(if memo_is_text { "" } else { &memo }, &check);
        // An action that we don't know takes nothing away.
        entry.correction = match action.to_ascii_uppercase().as_str() {
            _ if corrected.is_empty() => None,
            "REPLACE" => Some(Correction::Replace(corrected)),
            "DELETE" => Some(Correction::Delete(corrected)),
            _ => None,
        };
        entry
    }
}

/// Keeps the first value of an element; a second one belongs to something we don't know.
fn first(slot: &mut String, value: &str) -> Result<(), Code> {
    if slot.is_empty() {
        *slot = cell(value)?;
    }
    Ok(())
}

/// The day in `20260504233000[-5:EST]`: the bank's own, so its zone is not applied.
fn date(value: &str) -> String {
    match value.split_at_checked(8) {
        Some((day, _)) if day.bytes().all(|byte| byte.is_ascii_digit()) => day.to_owned(),
        _ => value.to_owned(),
    }
}

fn account_type(word: &str) -> Option<AccountType> {
    match word.trim().to_ascii_uppercase().as_str() {
        "CHECKING" => Some(AccountType::Checking),
        "SAVINGS" | "MONEYMRKT" | "CD" => Some(AccountType::Savings),
        "CREDITLINE" => Some(AccountType::Loan),
        _ => None,
    }
}

#[cfg(test)]
#[path = "ofx_tests.rs"]
mod tests;
