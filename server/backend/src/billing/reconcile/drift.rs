//! Where our rows and Polar differed, for an administrator: each line is a webhook that did not come, or came late.

use domain::page::PageRequest;
use metrics::counter;
use time::{Duration, OffsetDateTime};

use crate::{Backend, Result, Timestamp, db::SystemTx, execute, fetch_all, fetch_one};

/// As long as the bodies of webhooks, with which a difference can be explained.
const KEPT: Duration = Duration::days(90);

/// One difference to be. Never a name or an address.
pub(super) struct Found<'a> {
    pub kind: &'static str,
    pub object: &'a str,
    pub field: &'static str,
    pub ours: Option<String>,
    pub theirs: Option<String>,
    pub repaired: bool,
}

impl Found<'_> {
    pub async fn record(self, tx: &mut SystemTx, backend: &Backend) -> Result<()> {
        let Self { kind, object, field, ours, theirs, repaired } = self;
        counter!("coffer_polar_drift_total", "kind" => kind, "field" => field).increment(1);
        tracing::warn!(kind, object.id = object, field, repaired, "our row and Polar differ");
        execute!(
            tx,
            r#"
            insert into "polar_drift" ("id", "at", "kind", "objectId", "field", "ours", "theirs", "repaired")
            values ($1, $2, $3, $4, $5, $6, $7, $8)
            "#,
            backend.new_id(),
            Timestamp::from(backend.clock.now()),
            kind,
            object,
            field,
            ours,
            theirs,
            repaired,
        )?;
        Ok(())
    }
}

/// A difference between our row and Polar's answer.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub struct Drift {
    /// Its own id.
    pub id: String,
    /// When it was seen.
    pub at: Timestamp,
    /// `subscription` or `order`.
    pub kind: String,
    /// Polar's id of it.
    pub object_id: String,
    /// Our name of the field; `row` when we had no row at all.
    pub field: String,
    /// What we had.
    pub ours: Option<String>,
    /// What Polar had.
    pub theirs: Option<String>,
    /// Whether our row is like Polar's now.
    pub repaired: bool,
}

/// One page of the differences, the newest first, and how many there are.
pub async fn drift(backend: &Backend, page: PageRequest) -> Result<(Vec<Drift>, i64)> {
    let mut tx = backend.db.system().read().await?;
    let (total,): (i64,) = fetch_one!(tx, r#"select count(*) from "polar_drift""#)?;
    let rows = fetch_all!(
        tx,
        r#"
        select "id", "at", "kind", "objectId", "field", "ours", "theirs", "repaired"
        from "polar_drift"
        order by "at" desc, "id" desc
        limit $1 offset $2
        "#,
        page.limit(),
        page.offset(),
    )?;
    Ok((rows, total))
}

/// Drops differences whose time is over; answers how many.
pub(crate) async fn sweep(tx: &mut SystemTx, now: OffsetDateTime) -> Result<u64> {
    Ok(execute!(tx, r#"delete from "polar_drift" where "at" <= $1"#, Timestamp::from(now - KEPT),)?)
}
