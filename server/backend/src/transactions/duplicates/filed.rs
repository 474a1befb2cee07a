//! Every pair that was ever filed, as its owner takes it along.

use domain::{
    DoubtId, TransactionId,
    states::doubt::{DoubtKind, DoubtState},
};
use serde::Serialize;
use time::OffsetDateTime;

use crate::{Result, Timestamp, db::UserTx, fetch_all};

/// Two rows that may be one, and what their owner said.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Filed {
    id: DoubtId,
    kind: DoubtKind,
    kept: TransactionId,
    other: TransactionId,
    state: DoubtState,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    decided_at: Option<OffsetDateTime>,
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    id: DoubtId,
    kind: DoubtKind,
    kept_id: TransactionId,
    other_id: TransactionId,
    state: DoubtState,
    created_at: Timestamp,
    decided_at: Option<Timestamp>,
}

impl From<Row> for Filed {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            kept: row.kept_id,
            other: row.other_id,
            state: row.state,
            created_at: row.created_at.into(),
            decided_at: row.decided_at.map(OffsetDateTime::from),
        }
    }
}

/// The pairs of the person whose transaction this is, the oldest first.
pub(crate) async fn all(tx: &mut UserTx) -> Result<Vec<Filed>> {
    let user = tx.user().clone();
    let rows: Vec<Row> = fetch_all!(
        tx,
        r#"
        select "id", "kind", "keptId", "otherId", "state", "createdAt", "decidedAt"
        from "duplicate_pair"
        where "userId" = $1
        order by "createdAt", "id"
        "#,
        user,
    )?;
    Ok(rows.into_iter().map(Filed::from).collect())
}
