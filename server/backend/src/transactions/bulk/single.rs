//! A change of one row: a batch of one, so that it can be undone like one.

use domain::{BatchId, TransactionId, batch::Deed};

use super::{change::Making, fields::Fields, rows};
use crate::{
    Backend, Error, Result,
    db::UserTx,
    transactions::{TRANSACTION, split},
};

/// Makes one row what it is told to be; answers what undoes it, and nothing when the row is so already.
///
/// # Errors
/// [`Error::NotFound`] also for a row of somebody else.
pub(in crate::transactions) async fn change_one(
    tx: &mut UserTx,
    backend: &Backend,
    id: &TransactionId,
    deed: Deed,
    fields: Fields,
) -> Result<Option<BatchId>> {
    rows::hold(tx).await?;
    let mut found = rows::of(tx, std::slice::from_ref(id)).await?;
    let mut row = found.pop().ok_or(Error::NotFound(TRANSACTION))?;
    if fields.parts.is_some() {
        row.parts = split::parts(tx, id).await?;
    }
    if fields.hold(&row) {
        return Ok(None);
    }
    if deed != Deed::Delete {
        // What is set by hand is not undone by an older change.
        rows::forget(tx, id).await?;
    }
    let mut making = Making::begin(tx, backend, deed, None).await?;
    if let Some(parts) = &fields.parts {
        split::put(tx, backend, id, parts).await?;
    }
    making.write(tx, 1, vec![(row, fields)]).await?;
    Ok(Some(making.finish(tx).await?.id))
}
