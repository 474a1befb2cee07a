//! The ways in that a person has: a password, accounts at providers.

use domain::activity::Action;
use time::OffsetDateTime;

use super::{AuthFailure, SignedIn};
use crate::{
    Backend, Result, Timestamp,
    audit::{self, Event},
    execute, fetch_all,
};

/// One way in, without its secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedAccount {
    /// The row's id.
    pub id: String,
    /// The id at the provider; of a password, the person's own id.
    pub account_id: String,
    /// `credential`, `google`, …
    pub provider_id: String,
    /// What the provider granted.
    pub scopes: Vec<String>,
    /// When it was linked.
    pub created_at: OffsetDateTime,
    /// When its tokens or its password last changed.
    pub updated_at: OffsetDateTime,
}

/// Which account is to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// The row with this id.
    Row(String),
    /// The form before Better Auth 1.7: the provider, and the id there if there are several.
    Provider {
        /// The provider.
        provider_id: String,
        /// The id there.
        account_id: Option<String>,
    },
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    id: String,
    account_id: String,
    provider_id: String,
    scope: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Row> for LinkedAccount {
    fn from(row: Row) -> Self {
        let scope = row.scope.unwrap_or_default();
        Self {
            id: row.id,
            account_id: row.account_id,
            provider_id: row.provider_id,
            scopes: scope.split(',').filter(|scope| !scope.is_empty()).map(str::to_owned).collect(),
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
        }
    }
}

/// The caller's ways in, the oldest first.
#[tracing::instrument(name = "auth.linked_accounts", skip_all, fields(user.id = %caller.user()))]
pub async fn linked_accounts(backend: &Backend, caller: &SignedIn) -> Result<Vec<LinkedAccount>> {
    let mut tx = backend.db.system().read().await?;
    rows(&mut tx, caller).await
}

async fn rows(tx: &mut crate::db::SystemTx, caller: &SignedIn) -> Result<Vec<LinkedAccount>> {
    let rows: Vec<Row> = fetch_all!(
        tx,
        r#"
        select "id", "accountId", "providerId", "scope", "createdAt", "updatedAt"
        from "account"
        where "userId" = $1
        order by "createdAt", "id"
        "#,
        caller.user(),
    )?;
    Ok(rows.into_iter().map(LinkedAccount::from).collect())
}

/// Removes one of the caller's ways in. The last one stays.
///
/// # Errors
/// [`AuthFailure::LastAccount`], looked at first; [`AuthFailure::AccountUnknown`].
#[tracing::instrument(name = "auth.unlink", skip_all, fields(user.id = %caller.user()))]
pub async fn unlink(
    backend: &Backend,
    caller: &SignedIn,
    which: &Which,
) -> Result<(), AuthFailure> {
    let mut tx = backend.db.system().write().await?;
    let accounts = rows(&mut tx, caller).await?;
    if accounts.len() == 1 {
        return Err(AuthFailure::LastAccount);
    }
    let found = accounts.iter().find(|account| which.names(account));
    let account = found.ok_or(AuthFailure::AccountUnknown)?;
    execute!(
        tx,
        r#"delete from "account" where "id" = $1 and "userId" = $2"#,
        &account.id,
        caller.user(),
    )?;
    let event = Event::by(Action::ProviderUnlinked, caller).subject("account", &account.id);
    audit::record(&mut tx, backend, event.note("provider", &*account.provider_id)).await?;
    tx.commit().await?;
    Ok(())
}

impl Which {
    fn names(&self, account: &LinkedAccount) -> bool {
        match self {
            Self::Row(id) => account.id == *id,
            Self::Provider { provider_id, account_id } => {
                account.provider_id == *provider_id
                    && account_id
                        .as_ref()
                        .is_none_or(|id| account.account_id == *id || account.id == *id)
            }
        }
    }
}
