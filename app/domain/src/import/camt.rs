//! CAMT.053: the statements of ISO 20022, whichever version, by the local names of their elements.

use quick_xml::Reader as XmlReader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::FileFormat;
use super::camt_entry::{Detail, Ntry, sign};
use super::statement::{RawBalance, Rows, Statement, Statements, by_account, cell};
use crate::Code;

/// How deep elements may nest; the standard needs sixteen.
const MAX_DEPTH: usize = 64;

/// Splits the text into statements and their entries. What isn't well-formed is refused, and no entity is expanded
/// but those of XML itself.
pub(super) fn parse(text: &str) -> Result<Statements, Code> {
    let mut xml = XmlReader::from_str(text);
    xml.config_mut().expand_empty_elements = true;
    let mut reader = Reader::default();
    loop {
        match xml.read_event().map_err(|_| Code::FileDamaged)? {
            Event::Start(element) => reader.start(&element)?,
            Event::End(_) => reader.end()?,
            Event::Text(text) => reader.text.push_str(&text.xml10_content()),
            Event::CData(text) => reader.text.push_str(&text.xml10_content()),
            Event::GeneralRef(entity) => reader.text.push_str(&resolved(&entity)?),
            Event::Eof => break,
            _ => {}
        }
    }
    if !reader.path.is_empty() {
        return Err(Code::FileDamaged);
    }
    let list = by_account(reader.done);
    if list.is_empty() {
        return Err(Code::FileNoRows);
    }
    Ok(Statements { format: FileFormat::Camt053, make: String::new(), list })
}

fn resolved(entity: &BytesRef<'_>) -> Result<String, Code> {
    let character = entity.resolve_char_ref().map_err(|_| Code::FileDamaged)?;
    if let Some(c) = character {
        return Ok(c.to_string());
    }
    resolve_predefined_entity(entity).map(str::to_owned).ok_or(Code::FileDamaged)
}

macro_rules! tags {
    ($($name:ident)+) => {
        /// An element of the standard that is read; every other one is `Other`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(clippy::upper_case_acronyms, reason = "the standard's own word")]
        enum Tag { $($name,)+ Other }

        impl Tag {
            fn of(name: &str) -> Self {
                match name {
                    $(stringify!($name) => Self::$name,)+
                    _ => Self::Other,
                }
            }
        }
    };
}

tags! {
    BkToCstmrStmt Stmt Acct Id IBAN Othr Ccy Bal Tp CdOrPrtry Cd Amt CdtDbtInd Dt DtTm Ntry NtryRef RvslInd Sts
    BookgDt ValDt AcctSvcrRef AddtlNtryInf NtryDtls TxDtls Refs EndToEndId AmtDtls TxAmt RltdPties Dbtr Cdtr Pty Nm
    RmtInf Ustrd
}

/// A balance, and which one it is.
#[derive(Default)]
struct Balance {
    code: String,
    raw: RawBalance,
}

#[derive(Default)]
struct Reader {
    path: Vec<Tag>,
    text: String,
    /// The currency of the amount that is being read.
    currency: Option<String>,
    statement: Option<Statement>,
    balance: Option<Balance>,
    entry: Option<Ntry>,
    detail: Option<Detail>,
    done: Vec<Statement>,
    rows: Rows,
    details: Rows,
}

impl Reader {
    fn start(&mut self, element: &BytesStart<'_>) -> Result<(), Code> {
        if self.path.len() >= MAX_DEPTH {
            return Err(Code::FileDamaged);
        }
        self.text.clear();
        let name = element.local_name();
        self.path.push(Tag::of(name.as_ref()));
        match self.path.as_slice() {
            [.., Tag::BkToCstmrStmt, Tag::Stmt] => self.statement = Some(Statement::default()),
            [.., Tag::Stmt, Tag::Bal] => self.balance = Some(Balance::default()),
            [.., Tag::Stmt, Tag::Ntry] => self.entry = Some(Ntry::default()),
            [.., Tag::Ntry, Tag::NtryDtls, Tag::TxDtls] => {
                self.details.count()?;
                self.detail = Some(Detail::default());
            }
            [.., Tag::Amt] => self.currency = currency(element)?,
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), Code> {
        let text = std::mem::take(&mut self.text);
        if !text.trim().is_empty() {
            self.value(&text)?;
        }
        match self.path.as_slice() {
            [.., Tag::TxDtls] => {
                let detail = self.detail.take();
                if let Some((entry, detail)) = self.entry.as_mut().zip(detail) {
                    entry.details.push(detail);
                }
            }
            [.., Tag::Ntry] => {
                let entry = self.entry.take();
                if let Some((statement, entry)) = self.statement.as_mut().zip(entry) {
                    for row in entry.rows() {
                        self.rows.count()?;
                        statement.push_numbered(row);
                    }
                }
            }
            [.., Tag::Bal] => {
                let balance = self.balance.take();
                if let Some((statement, balance)) = self.statement.as_mut().zip(balance) {
                    balance.keep(statement);
                }
            }
            [.., Tag::Stmt] => {
                let statement = self.statement.take();
                self.done.extend(statement.filter(|statement| !statement.entries.is_empty()));
            }
            _ => {}
        }
        self.path.pop();
        Ok(())
    }

    fn value(&mut self, text: &str) -> Result<(), Code> {
        let path = self.path.as_slice();
        if let Some(detail) = &mut self.detail {
            detail_value(detail, path, text, &mut self.currency)
        } else if let Some(entry) = &mut self.entry {
            entry_value(entry, path, text, &mut self.currency)
        } else if let Some(balance) = &mut self.balance {
            balance_value(balance, path, text, &mut self.currency)
        } else if let Some(statement) = &mut self.statement {
            statement_value(statement, path, text)
        } else {
            Ok(())
        }
    }
}

fn detail_value(
    detail: &mut Detail,
    path: &[Tag],
    text: &str,
    currency: &mut Option<String>,
) -> Result<(), Code> {
    use Tag::{
        AcctSvcrRef, Amt, AmtDtls, CdtDbtInd, Cdtr, Dbtr, EndToEndId, Nm, Pty, Refs, RltdPties,
        RmtInf, TxAmt, TxDtls, Ustrd,
    };
    match path {
        [.., TxDtls, Refs, AcctSvcrRef] => detail.servicer_ref = cell(text)?,
        [.., TxDtls, Refs, EndToEndId] => detail.end_to_end = cell(text)?,
        [.., TxDtls, Amt] | [.., TxDtls, AmtDtls, TxAmt, Amt] => {
            detail.amount = cell(text)?;
            detail.currency = currency.take();
        }
        [.., TxDtls, CdtDbtInd] => detail.sign = Some(sign(text)),
        [.., TxDtls, RltdPties, Dbtr, Nm] | [.., TxDtls, RltdPties, Dbtr, Pty, Nm] => {
            detail.debtor = cell(text)?;
        }
        [.., TxDtls, RltdPties, Cdtr, Nm] | [.., TxDtls, RltdPties, Cdtr, Pty, Nm] => {
            detail.creditor = cell(text)?;
        }
        [.., TxDtls, RmtInf, Ustrd] => detail.add_text(&cell(text)?),
        _ => {}
    }
    Ok(())
}

fn entry_value(
    entry: &mut Ntry,
    path: &[Tag],
    text: &str,
    currency: &mut Option<String>,
) -> Result<(), Code> {
    use Tag::{
        AcctSvcrRef, AddtlNtryInf, Amt, BookgDt, Cd, CdtDbtInd, Dt, DtTm, Ntry, NtryRef, RvslInd,
        Sts, ValDt,
    };
    match path {
        [.., Ntry, NtryRef] => entry.reference = cell(text)?,
        [.., Ntry, AcctSvcrRef] => entry.servicer_ref = cell(text)?,
        [.., Ntry, Amt] => {
            entry.amount = cell(text)?;
            entry.currency = currency.take();
        }
        [.., Ntry, CdtDbtInd] => entry.sign = sign(text),
        [.., Ntry, RvslInd] => entry.reversal = matches!(text.trim(), "true" | "1"),
        [.., Ntry, Sts] | [.., Ntry, Sts, Cd] => entry.status = cell(text)?,
        [.., Ntry, BookgDt, Dt | DtTm] => entry.booked = day(&cell(text)?),
        [.., Ntry, ValDt, Dt | DtTm] => entry.valued = day(&cell(text)?),
        [.., Ntry, AddtlNtryInf] => entry.info = cell(text)?,
        _ => {}
    }
    Ok(())
}

fn balance_value(
    balance: &mut Balance,
    path: &[Tag],
    text: &str,
    currency: &mut Option<String>,
) -> Result<(), Code> {
    use Tag::{Amt, Bal, Cd, CdOrPrtry, CdtDbtInd, Dt, DtTm, Tp};
    match path {
        [.., Bal, Tp, CdOrPrtry, Cd] => balance.code = cell(text)?,
        [.., Bal, Amt] => {
            balance.raw.amount = cell(text)?;
            balance.raw.currency = currency.take();
        }
        [.., Bal, CdtDbtInd] => balance.raw.sign = sign(text),
        [.., Bal, Dt, Dt | DtTm] => balance.raw.date = day(&cell(text)?),
        _ => {}
    }
    Ok(())
}

fn statement_value(statement: &mut Statement, path: &[Tag], text: &str) -> Result<(), Code> {
    use Tag::{Acct, Ccy, IBAN, Id, Othr, Stmt};
    match path {
        [.., Stmt, Acct, Id, IBAN] | [.., Stmt, Acct, Id, Othr, Id] => {
            statement.set_number(&cell(text)?);
        }
        [.., Stmt, Acct, Ccy] => statement.currency = Some(cell(text)?),
        _ => {}
    }
    Ok(())
}

impl Balance {
    /// `OPBD` and `CLBD`; what was closed before (`PRCD`) is the opening one where there is no other.
    fn keep(self, statement: &mut Statement) {
        match self.code.as_str() {
            "OPBD" => statement.opening = Some(self.raw),
            "PRCD" if statement.opening.is_none() => statement.opening = Some(self.raw),
            "CLBD" => statement.closing = Some(self.raw),
            _ => {}
        }
    }
}

/// The currency that an amount names.
fn currency(element: &BytesStart<'_>) -> Result<Option<String>, Code> {
    let named = element.try_get_attribute("Ccy").map_err(|_| Code::FileDamaged)?;
    named.map(|named| cell(&named.value)).transpose()
}

/// The day of a date or an instant, as written; its zone is not applied.
fn day(text: &str) -> String {
    text.get(..10).unwrap_or(text).to_owned()
}

#[cfg(test)]
#[path = "camt_tests.rs"]
mod tests;
