//! Adding an account: numbers are encrypted and indexed, only the mask stays readable.

use domain::{
    AccountId, AccountNumber, AccountView, Code, NewAccount, RoutingNumber, UserId,
    activity::Action,
    plan::Limit,
    states::account::{Origin, beginning},
};

use super::{ACCOUNT, one};
use crate::{
    Backend, Error, Result, SignedIn, Timestamp,
    audit::{self, Event},
    billing,
    db::UserTx,
    execute,
    idempotency::{self, Begun, Once, Outcome},
    vault::{Field, Purpose},
};

/// The two numbers as they are stored.
pub(crate) struct Sealed {
    pub number: String,
    pub routing: String,
    /// Finds the same account of the same person.
    pub index: String,
    /// The hash under which rounds of deposits are counted, encrypted: it is the same for everybody.
    pub lock: String,
}

/// Adds an account for the caller. One with numbers is pending until they are verified; one kept by hand is
/// active at once.
///
/// # Errors
/// [`Error::PlanRequired`] when the plan is full; [`Error::Invalid`] with `account_duplicate` when the caller has an account with these numbers; and what
/// [`Once`] can be refused for.
#[tracing::instrument(name = "accounts.create", skip_all, fields(user.id = %caller.user()))]
pub async fn create(
    backend: &Backend,
    caller: &SignedIn,
    new: NewAccount,
    once: Option<&Once>,
) -> Result<Outcome<AccountView>> {
    let id = AccountId::new(backend.new_id());
    let sealed = match &new.numbers {
        Some((routing, number)) => Some(seal(backend, caller.user(), &id, routing, number).await?),
        None => None,
    };
    let now = backend.clock.now();
    let tx = backend.db.as_user(caller.user()).write().await?;
    let mut tx = match idempotency::begin(tx, once, ACCOUNT, now).await? {
        Begun::First(tx) => tx,
        Begun::Again(outcome) => return Ok(outcome),
    };
    billing::admit(&mut tx, backend, Limit::Accounts).await?;
    let mask = new.numbers.as_ref().and_then(|(_, number)| number.mask());
    let created = insert(&mut tx, &id, &new, sealed.as_ref(), mask.as_deref(), now.into()).await;
    let created = match created {
        Ok(()) => {
            let event = Event::by(Action::BankAccountAdded, caller).subject("bank_account", &id);
            audit::record(&mut tx, backend, event).await?;
            one(&mut tx, &id).await
        }
        Err(error) => Err(error),
    };
    idempotency::finish(tx, once, created).await
}

/// Encrypts both numbers for their row. The plain ones end with the form they came in.
pub(crate) async fn seal(
    backend: &Backend,
    user: &UserId,
    id: &AccountId,
    routing: &RoutingNumber,
    number: &AccountNumber,
) -> Result<Sealed> {
    let field = |column| Field { table: "bank_account", column, row: id.as_str(), user };
    let vault = &backend.vault;
    Ok(Sealed {
        number: vault
            .encrypt(Purpose::BankNumber, &field("accountNumber"), number.expose())
            .await?,
        routing: vault.encrypt(Purpose::Routing, &field("routingNumber"), routing.as_str()).await?,
        index: vault.blind_index(user, routing, number),
        lock: vault
            .encrypt(Purpose::BankNumber, &field("numberLock"), &vault.number_hash(routing, number))
            .await?,
    })
}

/// Adds an account whose numbers stay unknown to us, active at once, for the person of this transaction.
pub(crate) async fn open(
    tx: &mut UserTx,
    id: &AccountId,
    new: &NewAccount,
    mask: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    insert(tx, id, new, None, mask, now).await
}

async fn insert(
    tx: &mut UserTx,
    id: &AccountId,
    new: &NewAccount,
    sealed: Option<&Sealed>,
    mask: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    let user = tx.user().clone();
    let beginning = beginning(if sealed.is_some() { Origin::Numbers } else { Origin::Manual });
    let inserted = execute!(
        tx,
        r#"
        insert into "bank_account" ("id", "userId", "bankName", "accountType", "accountNickname", "accountNumber",
                                    "routingNumber", "numberIndex", "mask", "status", "verification", "currency",
                                    "createdAt", "updatedAt", "numberLock")
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14)
        on conflict ("userId", "numberIndex") where "archivedAt" is null do nothing
        "#,
        id,
        user,
        &new.bank_name,
        new.account_type,
        new.nickname.as_deref(),
        sealed.map(|sealed| sealed.number.as_str()),
        sealed.map(|sealed| sealed.routing.as_str()),
        sealed.map(|sealed| sealed.index.as_str()),
        mask,
        beginning.standing.status(),
        beginning.verification,
        new.currency.code(),
        now,
        sealed.map(|sealed| sealed.lock.as_str()),
    )?;
    if inserted == 0 { Err(Error::field("accountNumber", Code::AccountDuplicate)) } else { Ok(()) }
}
