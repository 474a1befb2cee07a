//! Prices that rose, until their owner has seen it.

use domain::{Date, SeriesId, recurring::SeriesView};

use super::{SERIES, rows};
use crate::{Backend, Error, Result, SignedIn, Timestamp, db::UserTx, execute};

/// What is paid again and again by the person whose transaction this is, and costs more since a short time.
pub(crate) async fn rises(tx: &mut UserTx, today: Date) -> Result<Vec<SeriesView>> {
    let stored = rows::on_day(tx, today).await?;
    let news = stored.iter().filter(|one| one.is_running() && one.is_news());
    let views = news.map(|one| one.view(&stored));
    Ok(views.filter(|view| view.price_rise(today).is_some()).collect())
}

/// The caller has seen what one of their series costs now.
///
/// # Errors
/// [`Error::NotFound`] also for a series of somebody else.
#[tracing::instrument(name = "recurring.see_price", skip_all, fields(user.id = %caller.user()))]
pub async fn see_price(backend: &Backend, caller: &SignedIn, id: &SeriesId) -> Result<()> {
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    let seen = execute!(
        tx,
        r#"
        update "recurring_series" set "seenOn" = "changedOn", "updatedAt" = $3
        where "userId" = $1 and "id" = $2
        "#,
        caller.user(),
        id,
        Timestamp::from(backend.clock.now()),
    )?;
    if seen == 0 {
        return Err(Error::NotFound(SERIES));
    }
    tx.commit().await?;
    Ok(())
}

/// The caller wants to see it again.
///
/// # Errors
/// [`Error::NotFound`] as [`see_price`].
#[tracing::instrument(name = "recurring.forget_price", skip_all, fields(user.id = %caller.user()))]
pub async fn forget_price(backend: &Backend, caller: &SignedIn, id: &SeriesId) -> Result<()> {
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    let forgotten = execute!(
        tx,
        r#"
        update "recurring_series" set "seenOn" = null, "updatedAt" = $3
        where "userId" = $1 and "id" = $2
        "#,
        caller.user(),
        id,
        Timestamp::from(backend.clock.now()),
    )?;
    if forgotten == 0 {
        return Err(Error::NotFound(SERIES));
    }
    tx.commit().await?;
    Ok(())
}
