//! What a verification reads and writes of an account: its numbers, where it stands, and how far its proof is.

use domain::{
    AccountId, AccountNumber, AccountStatus, Code, ConnectionId, RoutingNumber, UserId,
    states::{
        account::{Standing, Suspension},
        verification::VerificationState,
    },
    verification::VerificationMethod,
};
use zeroize::Zeroizing;

pub(crate) use super::create::{Sealed, seal};
use super::{ACCOUNT, touch};
use crate::{
    Backend, Error, OnConflict, Result, Timestamp,
    db::UserTx,
    execute, fetch_optional,
    vault::{Field, Purpose},
};

/// An account as its verification sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub(crate) struct Proof {
    pub id: AccountId,
    pub bank_name: String,
    account_number: Option<String>,
    routing_number: Option<String>,
    number_index: Option<String>,
    number_lock: Option<String>,
    connection_id: Option<ConnectionId>,
    status: AccountStatus,
    status_reason: Option<Suspension>,
    pub verification: VerificationState,
    pub verification_method: Option<VerificationMethod>,
    pub verified_at: Option<Timestamp>,
    archived_at: Option<Timestamp>,
}

impl Proof {
    /// Where the account stands.
    pub fn standing(&self) -> Standing {
        Standing::new(self.status, self.status_reason)
    }

    /// Where it stands from now on.
    pub fn stand(&mut self, standing: Standing) {
        (self.status, self.status_reason) = (standing.status(), standing.reason());
    }

    /// Whether there is something to send deposits to.
    pub fn has_numbers(&self) -> bool {
        self.account_number.is_some() && self.routing_number.is_some() && self.number_lock.is_some()
    }

    /// Whether its owner is asked for its numbers: it waits for a proof, and they were erased.
    pub fn needs_numbers(&self) -> bool {
        !self.has_numbers()
            && self.connection_id.is_none()
            && self.verification.may_start()
            && self.standing().awaits_proof()
    }

    /// Whether it has these numbers.
    pub fn is_of(&self, numbers: &Sealed) -> bool {
        self.has_numbers() && self.number_index.as_deref() == Some(&*numbers.index)
    }

    /// The hash under which rounds for its numbers are counted; none once they are erased. The numbers stay encrypted. Not
    /// within a transaction: it may look for a key.
    pub async fn number_hash(
        &self,
        backend: &Backend,
        user: &UserId,
    ) -> Result<Option<Zeroizing<String>>> {
        let Some(lock) = &self.number_lock else { return Ok(None) };
        let field =
            Field { table: "bank_account", column: "numberLock", row: self.id.as_str(), user };
        Ok(Some(backend.vault.decrypt(Purpose::BankNumber, &field, lock).await?))
    }

    /// The numbers in plain text, for whoever sends deposits; none once they are erased. Not within a transaction: it may
    /// look for a key.
    pub async fn numbers(
        &self,
        backend: &Backend,
        user: &UserId,
    ) -> Result<Option<(RoutingNumber, AccountNumber)>> {
        let (Some(routing), Some(number)) = (&self.routing_number, &self.account_number) else {
            return Ok(None);
        };
        let field = |column| Field { table: "bank_account", column, row: self.id.as_str(), user };
        let vault = &backend.vault;
        let routing = vault.decrypt(Purpose::Routing, &field("routingNumber"), routing).await?;
        let number = vault.decrypt(Purpose::BankNumber, &field("accountNumber"), number).await?;
        let unreadable = |_| Error::Corrupt("account number");
        Ok(Some((
            // One from a provider may have a prefix that no bank has.
            RoutingNumber::from_provider(&routing).map_err(unreadable)?,
            AccountNumber::parse(&number).map_err(unreadable)?,
        )))
    }
}

/// One account of the person whose transaction this is.
///
/// # Errors
/// [`Error::NotFound`] also for an account of somebody else, and for one that was put away.
pub(crate) async fn find(tx: &mut UserTx, account: &AccountId) -> Result<Proof> {
    let proof = read(tx, account).await?;
    if proof.archived_at.is_none() { Ok(proof) } else { Err(Error::NotFound(ACCOUNT)) }
}

/// The same, put away or not: for what is only looked at.
///
/// # Errors
/// [`Error::NotFound`] also for an account of somebody else.
pub(crate) async fn read(tx: &mut UserTx, account: &AccountId) -> Result<Proof> {
    let user = tx.user().clone();
    let found: Option<Proof> = fetch_optional!(
        tx,
        r#"
        select "id", "bankName", "accountNumber", "routingNumber", "numberIndex", "numberLock", "connectionId", "status",
               "statusReason", "verification", "verificationMethod", "verifiedAt", "archivedAt"
        from "bank_account"
        where "userId" = $1 and "id" = $2
        "#,
        user,
        account,
    )?;
    found.ok_or(Error::NotFound(ACCOUNT))
}

/// The same, and nobody else changes it before this transaction ends.
///
/// # Errors
/// As [`find`].
pub(crate) async fn hold(tx: &mut UserTx, account: &AccountId, now: Timestamp) -> Result<Proof> {
    touch(tx, account, now).await?;
    find(tx, account).await
}

/// Gives an account the numbers that its owner typed once more.
///
/// # Errors
/// [`Error::Invalid`] with `account_duplicate` when another of their accounts has these numbers.
pub(crate) async fn enter(
    tx: &mut UserTx,
    account: &AccountId,
    numbers: &Sealed,
    mask: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    let user = tx.user().clone();
    let entered = execute!(
        tx,
        r#"
        update "bank_account"
        set "accountNumber" = $3, "routingNumber" = $4, "numberIndex" = $5, "numberLock" = $6, "numberIsToken" = false,
            "mask" = $7, "updatedAt" = $8
        where "userId" = $1 and "id" = $2
          and not exists (
              select 1 from "bank_account" o
              where o."userId" = $1 and o."id" <> $2 and o."numberIndex" = $5 and o."archivedAt" is null)
        "#,
        user,
        account,
        &numbers.number,
        &numbers.routing,
        &numbers.index,
        &numbers.lock,
        mask,
        now,
    )
    .on_conflict(ACCOUNT);
    match entered {
        Ok(0) | Err(Error::AlreadyExists(_)) => {
            Err(Error::field("accountNumber", Code::AccountDuplicate))
        }
        entered => entered.map(drop),
    }
}

/// Writes back where it stands.
pub(crate) async fn save(tx: &mut UserTx, proof: &Proof, now: Timestamp) -> Result<()> {
    let user = tx.user().clone();
    execute!(
        tx,
        r#"
        update "bank_account"
        set "status" = $3, "statusReason" = $4, "verification" = $5, "verificationMethod" = $6, "verifiedAt" = $7,
            "updatedAt" = $8
        where "userId" = $1 and "id" = $2
        "#,
        user,
        &proof.id,
        proof.status,
        proof.status_reason,
        proof.verification,
        proof.verification_method,
        proof.verified_at,
        now,
    )?;
    Ok(())
}
