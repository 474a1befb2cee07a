//! Two series that are one: what a merge would join, and the merge.

use domain::{Code, SeriesId, recurring::SeriesView, states::series::Choice};
use serde::{Deserialize, Serialize};

use super::{
    decide::decide,
    page::{SeriesRow, find, rows_of},
    rows::{self, Stored},
};
use crate::{Backend, Error, Result, SignedIn, execute, preferences};

/// What a merge would join.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MergeLook {
    /// The one that becomes part of the other, and stands nowhere for itself any more.
    pub series: SeriesView,
    /// The other: its amount, rhythm and next date stay.
    pub into: SeriesView,
    /// The rows that come along, the newest first.
    pub rows: Vec<SeriesRow>,
    /// The rows that the other has, the newest first.
    pub into_rows: Vec<SeriesRow>,
}

/// What would be joined if one of the caller's series became part of another. Nothing is written.
///
/// # Errors
/// As [`merge`].
#[tracing::instrument(name = "recurring.look_at_merge", skip_all, fields(user.id = %caller.user()))]
pub async fn look_at_merge(
    backend: &Backend,
    caller: &SignedIn,
    id: &SeriesId,
    into: &SeriesId,
) -> Result<MergeLook> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let today = preferences::today(&mut tx, backend).await?;
    let stored = rows::on_day(&mut tx, today).await?;
    let (one, other) = both(&stored, id, into)?;
    Ok(MergeLook {
        rows: rows_of(&mut tx, &stored, one).await?,
        into_rows: rows_of(&mut tx, &stored, other).await?,
        series: one.view(&stored),
        into: other.view(&stored),
    })
}

/// Makes one of the caller's series part of another: its rows count there from now on. For good.
///
/// # Errors
/// [`Error::Invalid`] at `into` for a series that it can't be part of; [`Error::NotFound`] also for a series of somebody
/// else, and for one that was merged into another.
#[tracing::instrument(name = "recurring.merge", skip_all, fields(user.id = %caller.user()))]
pub async fn merge(
    backend: &Backend,
    caller: &SignedIn,
    id: &SeriesId,
    into: &SeriesId,
) -> Result<()> {
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    let stored = rows::stored(&mut tx).await?;
    let (one, _) = both(&stored, id, into)?;
    execute!(
        tx,
        r#"update "recurring_series" set "mergedInto" = $3 where "userId" = $1 and "mergedInto" = $2"#,
        caller.user(),
        id,
        into,
    )?;
    decide(&mut tx, backend, one, Choice::Merge, Some(into)).await?;
    tx.commit().await?;
    Ok(())
}

/// A series, and the one that it is to be part of.
fn both<'s>(
    stored: &'s [Stored],
    id: &SeriesId,
    into: &SeriesId,
) -> Result<(&'s Stored, &'s Stored)> {
    let one = find(stored, id)?;
    let other =
        find(stored, into).ok().filter(|other| other.id != one.id && may_be_one(one, other));
    Ok((one, other.ok_or_else(|| Error::field("into", Code::OptionUnknown))?))
}

/// Whether one can be part of the other: money of one currency that goes the same way.
pub(super) fn may_be_one(one: &Stored, other: &Stored) -> bool {
    other.merged_into.is_none()
        && one.currency == other.currency
        && (one.amount_minor > 0) == (other.amount_minor > 0)
}
