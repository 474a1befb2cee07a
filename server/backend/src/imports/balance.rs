//! What a file says its account had: the opening balance of a QIF file becomes the account's, a bank's closing balance
//! is held against what the ledger comes to with the new rows.

use domain::{
    AccountId, AccountType, Currency, Date, ImportId, TransactionStatus, day,
    import::{Balance, FileFormat, Interpretation},
};
use serde::{Deserialize, Serialize};

use super::compare::{self, Ledger, Verdict};
use crate::{
    Error, Result, Timestamp, accounts::ACCOUNT, db::UserTx, execute, fetch_optional, transactions,
};

/// What becomes of the opening balance that a file names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Opening {
    /// It becomes that of the account.
    Taken,
    /// The account has this one already.
    Same,
    /// The account keeps its own: it has older rows, or a bank says what it holds.
    Kept,
}

impl Opening {
    /// The word for programs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Same => "same",
            Self::Kept => "kept",
        }
    }
}

/// The bank's closing balance is not what the ledger would come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LedgerGap {
    /// What the bank says, in minor units.
    pub bank_minor: i64,
    /// What the ledger has with the new rows of the file.
    pub ledger_minor: i64,
    /// The currency of both.
    pub currency: Currency,
    /// The day of the bank's word, when the file says which.
    #[serde(with = "day::iso::option")]
    pub date: Option<Date>,
}

/// The opening balance of a file, beside what its account has.
pub(super) struct Given {
    pub outcome: Opening,
    minor: i64,
    before: i64,
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Held {
    opening_minor: i64,
    currency: Currency,
    account_type: AccountType,
    has_bank: bool,
}

async fn account(tx: &mut UserTx, id: &AccountId) -> Result<Held> {
    let user = tx.user().clone();
    let found: Option<Held> = fetch_optional!(
        tx,
        r#"
        select "openingMinor", "currency", "accountType", "bankBalanceAt" is not null as "hasBank"
        from "bank_account"
        where "userId" = $1 and "id" = $2
        "#,
        user,
        id,
    )?;
    found.ok_or(Error::NotFound(ACCOUNT))
}

/// What becomes of the opening balance of a file. Asked before any row of it is added.
pub(super) async fn given(
    tx: &mut UserTx,
    id: &AccountId,
    read: &Interpretation,
) -> Result<Option<Given>> {
    // Elsewhere it is that of one statement, with rows before it at the bank.
    let named = read.balances.as_ref().filter(|_| read.format == FileFormat::Qif);
    let Some(opening) = named.and_then(|balances| balances.opening.as_ref()) else {
        return Ok(None);
    };
    let account = account(tx, id).await?;
    if account.currency != opening.currency {
        return Ok(None);
    }
    let outcome = if account.opening_minor == opening.minor {
        Opening::Same
    } else if account.has_bank || has_older(tx, id, opening.date).await? {
        Opening::Kept
    } else {
        Opening::Taken
    };
    Ok(Some(Given { outcome, minor: opening.minor, before: account.opening_minor }))
}

/// Whether the account has a row before this day; any, where the file names no day.
async fn has_older(tx: &mut UserTx, id: &AccountId, day: Option<Date>) -> Result<bool> {
    let user = tx.user().clone();
    let older: Option<(String,)> = fetch_optional!(
        tx,
        r#"
        select "id" from "transaction"
        where "userId" = $1 and "accountId" = $2 and "deletedAt" is null and "status" <> 'failed' and "date" < $3
        limit 1
        "#,
        user,
        id,
        day.unwrap_or(transactions::LAST_DAY),
    )?;
    Ok(older.is_some())
}

/// Gives the account the opening balance of the file, and keeps the one it had.
pub(super) async fn take(
    tx: &mut UserTx,
    import: &ImportId,
    id: &AccountId,
    given: &Given,
) -> Result<()> {
    if given.outcome != Opening::Taken {
        return Ok(());
    }
    let user = tx.user().clone();
    execute!(
        tx,
        r#"update "bank_account" set "openingMinor" = $3 where "userId" = $1 and "id" = $2"#,
        &user,
        id,
        given.minor,
    )?;
    execute!(
        tx,
        r#"update "import" set "openingMinor" = $3, "openingBeforeMinor" = $4 where "userId" = $1 and "id" = $2"#,
        user,
        import,
        given.minor,
        given.before,
    )?;
    Ok(())
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Taken {
    opening_minor: i64,
    opening_before_minor: i64,
    applied_at: Timestamp,
}

/// Gives the account back the opening balance that it had before an import. One that came later, by another file or from
/// a bank, stays; that file gives back what was before both.
pub(super) async fn give_back(tx: &mut UserTx, import: &ImportId, id: &AccountId) -> Result<()> {
    let user = tx.user().clone();
    let taken: Option<Taken> = fetch_optional!(
        tx,
        r#"
        select "openingMinor", "openingBeforeMinor", "appliedAt"
        from "import"
        where "userId" = $1 and "id" = $2 and "openingMinor" is not null and "openingBeforeMinor" is not null
          and "appliedAt" is not null
        "#,
        &user,
        import,
    )?;
    let Some(taken) = taken else { return Ok(()) };
    let later = execute!(
        tx,
        r#"
        update "import" set "openingBeforeMinor" = $4
        where "userId" = $1 and "accountId" = $2 and "id" <> $3 and "state" = 'applied'
          and "openingBeforeMinor" = $5 and "appliedAt" >= $6
        "#,
        &user,
        id,
        import,
        taken.opening_before_minor,
        taken.opening_minor,
        taken.applied_at,
    )?;
    if later > 0 {
        return Ok(());
    }
    execute!(
        tx,
        r#"
        update "bank_account" set "openingMinor" = $4
        where "userId" = $1 and "id" = $2 and "openingMinor" = $3 and "bankBalanceAt" is null
        "#,
        user,
        id,
        taken.opening_minor,
        taken.opening_before_minor,
    )?;
    Ok(())
}

/// Holds the bank's closing balance against the ledger with the new rows, up to the day of the bank's word. Nothing when
/// they agree, and where there is nothing to compare.
pub(super) async fn gap(
    tx: &mut UserTx,
    id: &AccountId,
    read: &Interpretation,
    ledger: &Ledger,
    verdicts: &[Verdict],
) -> Result<Option<LedgerGap>> {
    // With both balances the file was checked by itself; with signs turned nobody knows whose side the balance takes.
    let unchecked = read.balances.as_ref().filter(|found| found.agrees.is_none() && !read.flipped);
    let Some(closing) = unchecked.and_then(|balances| balances.closing.as_ref()) else {
        return Ok(None);
    };
    let account = account(tx, id).await?;
    if account.currency != closing.currency {
        return Ok(None);
    }
    let until = closing.date.unwrap_or(transactions::LAST_DAY);
    let booked = booked(tx, id, closing.currency, until).await?;
    let sum = account.opening_minor.checked_add(booked);
    let Some(ledger_minor) =
        sum.and_then(|sum| with_file(sum, read, ledger, verdicts, closing, until))
    else {
        return Ok(None);
    };
    // Some banks write what is owed on a card without its sign.
    let is_debt = matches!(account.account_type, AccountType::Credit | AccountType::Loan);
    let agrees = ledger_minor == closing.minor
        || (is_debt && ledger_minor.checked_neg() == Some(closing.minor));
    Ok((!agrees).then_some(LedgerGap {
        bank_minor: closing.minor,
        ledger_minor,
        currency: closing.currency,
        date: closing.date,
    }))
}

async fn booked(tx: &mut UserTx, id: &AccountId, currency: Currency, until: Date) -> Result<i64> {
    let user = tx.user().clone();
    let booked: Option<(i64,)> = fetch_optional!(
        tx,
        r#"
        select cast(coalesce(sum("amountMinor"), 0) as bigint)
        from "transaction"
        where "userId" = $1 and "accountId" = $2 and "deletedAt" is null and "status" = 'completed' and "currency" = $3
          and coalesce("postedDate", "date") <= $4
        "#,
        user,
        id,
        currency.code(),
        until,
    )?;
    Ok(booked.map_or(0, |(sum,)| sum))
}

/// A sum with the rows that the file adds, and without those that it takes out.
fn with_file(
    sum: i64,
    read: &Interpretation,
    ledger: &Ledger,
    verdicts: &[Verdict],
    closing: &Balance,
    until: Date,
) -> Option<i64> {
    let mut sum = sum;
    let mut leaving = compare::deleted(read, ledger);
    for ((_, row), verdict) in read.good_rows().zip(verdicts) {
        match verdict {
            Verdict::New(_) => {}
            Verdict::Replaces(of, _) => leaving.push(of.clone()),
            Verdict::Here | Verdict::Possible(..) => continue,
        }
        let counts = row.status == TransactionStatus::Completed && row.currency == closing.currency;
        if counts && row.date <= until {
            sum = sum.checked_add(row.minor)?;
        }
    }
    for id in &leaving {
        let gone = ledger.named(id).filter(|row| !row.deleted && row.currency == closing.currency);
        if let Some(gone) = gone.filter(|row| row.date <= until) {
            sum = sum.checked_sub(gone.minor)?;
        }
    }
    Some(sum)
}
