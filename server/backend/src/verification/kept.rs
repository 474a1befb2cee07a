//! Every round of deposits, as its owner takes it along: without the answer, and without what a provider calls it.

use domain::{
    AccountId, Date, RoundId, day,
    states::verification::VerificationState,
    verification::{DepositKind, Failure},
};
use serde::Serialize;
use time::OffsetDateTime;

use crate::{Result, Timestamp, db::UserTx, fetch_all};

/// One round.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Kept {
    id: RoundId,
    account: AccountId,
    kind: DepositKind,
    state: VerificationState,
    tries: i64,
    #[serde(with = "day::iso")]
    expected_on: Date,
    #[serde(with = "time::serde::rfc3339")]
    sent_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    posted_at: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option")]
    ended_at: Option<OffsetDateTime>,
    reason: Option<Failure>,
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    id: RoundId,
    account_id: AccountId,
    kind: DepositKind,
    state: VerificationState,
    tries: i64,
    expected_on: Date,
    sent_at: Timestamp,
    posted_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    reason: Option<Failure>,
}

impl From<Row> for Kept {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            account: row.account_id,
            kind: row.kind,
            state: row.state,
            tries: row.tries,
            expected_on: row.expected_on,
            sent_at: row.sent_at.into(),
            posted_at: row.posted_at.map(OffsetDateTime::from),
            ended_at: row.ended_at.map(OffsetDateTime::from),
            reason: row.reason,
        }
    }
}

/// The rounds of the person whose transaction this is, the oldest first.
pub(crate) async fn all(tx: &mut UserTx) -> Result<Vec<Kept>> {
    let user = tx.user().clone();
    let rows: Vec<Row> = fetch_all!(
        tx,
        r#"
        select "id", "accountId", "kind", "state", "tries", "expectedOn", "sentAt", "postedAt", "endedAt", "reason"
        from "verification_round"
        where "userId" = $1
        order by "sentAt", "id"
        "#,
        user,
    )?;
    Ok(rows.into_iter().map(Kept::from).collect())
}
