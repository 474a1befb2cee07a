//! What follows when rows of a person changed, whichever way they came.

use domain::UserId;

use crate::{
    Backend, Result, budgets,
    db::{SystemTx, Tx},
    jobs::{self, Job, Options},
    recurring,
    transactions::transfers,
};

/// Asks for [`again`], in the transaction that changed the rows.
pub(crate) async fn later(tx: &mut impl Tx, backend: &Backend, user: &UserId) -> Result<()> {
    let job = Job::LookAgain { user: user.clone() };
    let options = Options { key: Some(format!("look:{user}")), ..Options::default() };
    jobs::enqueue(tx, backend, &job, options).await?;
    Ok(())
}

/// Looks at transfers, then at budgets and at what repeats, which count none of them. Looking twice tells nobody twice.
pub(crate) async fn again(backend: &Backend, user: &UserId) -> Result<SystemTx> {
    transfers::look(backend, user).await?;
    budgets::look(backend, user).await?;
    recurring::look(backend, user).await?;
    Ok(backend.db.system().write().await?)
}
