//! Small deposits that prove an account: they arrive on their banking day, by the bank's clock, or come back. As at a
//! bank, whoever looks at the account sees the amounts.

use domain::Date;
use time::OffsetDateTime;

use super::Simbank;
use crate::{
    Result, Timestamp,
    banks::{DepositKind, DepositStatus, Deposits, StartDeposits},
    execute, fetch_all, fetch_optional,
};

/// Deposits to numbers that end so come back with this ACH return code (Nacha Operating Rules, appendix four).
pub const RETURNS: [(&str, &str); 5] =
    [("0002", "R02"), ("0003", "R03"), ("0004", "R04"), ("0016", "R16"), ("0020", "R20")];

/// Deposits as the account's own statement shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimDeposits {
    /// The bank's reference.
    pub reference: String,
    /// What kind.
    pub kind: DepositKind,
    /// The two amounts in cents as `32,45`, or the code.
    pub answer: String,
    /// The day they arrive.
    pub posts_on: Date,
    /// Whether they are there.
    pub posted: bool,
    /// The ACH return code, where they come back.
    pub returned: Option<String>,
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    reference: String,
    kind: DepositKind,
    answer: String,
    posts_on: Date,
    ended_at: Option<Timestamp>,
    returned: Option<String>,
}

impl Simbank {
    pub(super) async fn send(&self, ask: &StartDeposits<'_>) -> Result<Deposits> {
        let number = ask.number.expose();
        let returned = RETURNS.iter().find(|(ending, _)| number.ends_with(ending));
        let reference = format!("dep-sim-{}", ask.key);
        let mut tx = self.db.system().write().await?;
        execute!(
            tx,
            r#"
            insert into "simbank_deposit" ("reference", "numberHash", "kind", "answer", "postsOn", "returned")
            values ($1, $2, $3, $4, $5, $6)
            on conflict ("reference") do nothing
            "#,
            &reference,
            ask.number_hash,
            ask.kind,
            ask.answer,
            ask.expected_on,
            returned.map(|(_, code)| *code),
        )?;
        tx.commit().await?;
        Ok(Deposits { reference })
    }

    /// How deposits stand; none that are not the bank's.
    pub(super) async fn standing(&self, reference: &str) -> Result<Option<DepositStatus>> {
        let today = self.today().await?;
        let mut tx = self.db.system().write().await?;
        execute!(
            tx,
            r#"
            update "simbank_deposit" set "endedAt" = $3
            where "reference" = $1 and "postsOn" <= $2 and "endedAt" is null
            "#,
            reference,
            today,
            Timestamp::from(self.clock.now()),
        )?;
        let row: Option<(Option<Timestamp>, Option<String>)> = fetch_optional!(
            tx,
            r#"select "endedAt", "returned" from "simbank_deposit" where "reference" = $1"#,
            reference,
        )?;
        tx.commit().await?;
        Ok(row.map(|row| match row {
            (None, _) => DepositStatus::Sent,
            (Some(_), Some(code)) => DepositStatus::Returned(code),
            (Some(at), None) => DepositStatus::Posted(OffsetDateTime::from(at)),
        }))
    }

    /// Lets everything arrive that is on its way; answers how many deposits that were.
    pub async fn post_deposits_now(&self) -> Result<u64> {
        let mut tx = self.db.system().write().await?;
        let posted = execute!(
            tx,
            r#"update "simbank_deposit" set "endedAt" = $1 where "endedAt" is null"#,
            Timestamp::from(self.clock.now()),
        )?;
        tx.commit().await?;
        Ok(posted)
    }

    /// Lets deposits with this reference arrive, if they are on their way.
    pub async fn post_now(&self, reference: &str) -> Result<()> {
        let mut tx = self.db.system().write().await?;
        execute!(
            tx,
            r#"update "simbank_deposit" set "endedAt" = $2 where "reference" = $1 and "endedAt" is null"#,
            reference,
            Timestamp::from(self.clock.now()),
        )?;
        tx.commit().await?;
        Ok(())
    }

    /// What the statement of an account shows, the newest first: found by the keyed hash of its numbers.
    pub async fn deposits_to(&self, number_hash: &str) -> Result<Vec<SimDeposits>> {
        let mut tx = self.db.system().read().await?;
        let rows: Vec<Row> = fetch_all!(
            tx,
            r#"
            select "reference", "kind", "answer", "postsOn", "endedAt", "returned"
            from "simbank_deposit"
            where "numberHash" = $1
            order by "postsOn" desc, "reference"
            "#,
            number_hash,
        )?;
        Ok(rows.into_iter().map(Row::into_view).collect())
    }

    /// Deposits by the bank's reference.
    pub async fn deposits(&self, reference: &str) -> Result<Option<SimDeposits>> {
        let mut tx = self.db.system().read().await?;
        let row: Option<Row> = fetch_optional!(
            tx,
            r#"
            select "reference", "kind", "answer", "postsOn", "endedAt", "returned"
            from "simbank_deposit"
            where "reference" = $1
            "#,
            reference,
        )?;
        Ok(row.map(Row::into_view))
    }
}

impl Row {
    fn into_view(self) -> SimDeposits {
        SimDeposits {
            kind: self.kind,
            posted: self.ended_at.is_some() && self.returned.is_none(),
            reference: self.reference,
            answer: self.answer,
            posts_on: self.posts_on,
            returned: self.returned,
        }
    }
}
