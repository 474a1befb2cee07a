//! The pairs as their owner takes them along.

use domain::{PairId, TransactionId, states::pair::PairState};
use serde::Serialize;
use time::OffsetDateTime;

use crate::{Result, Timestamp, db::UserTx, fetch_all};

/// Two rows that are a transfer, may be one, or are none.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Kept {
    id: PairId,
    out_id: TransactionId,
    in_id: TransactionId,
    state: PairState,
    /// We found it and were sure.
    by_rule: bool,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    decided_at: Option<OffsetDateTime>,
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    id: PairId,
    out_id: TransactionId,
    in_id: TransactionId,
    state: PairState,
    by_rule: bool,
    created_at: Timestamp,
    decided_at: Option<Timestamp>,
}

impl From<Row> for Kept {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            out_id: row.out_id,
            in_id: row.in_id,
            state: row.state,
            by_rule: row.by_rule,
            created_at: row.created_at.into(),
            decided_at: row.decided_at.map(Into::into),
        }
    }
}

/// Every pair of the person whose transaction this is, the oldest first.
pub(crate) async fn all(tx: &mut UserTx) -> Result<Vec<Kept>> {
    let user = tx.user().clone();
    let rows: Vec<Row> = fetch_all!(
        tx,
        r#"
        select "id", "outId", "inId", "state", "byRule", "createdAt", "decidedAt"
        from "transfer_pair"
        where "userId" = $1
        order by "id"
        "#,
        user,
    )?;
    Ok(rows.into_iter().map(Into::into).collect())
}
