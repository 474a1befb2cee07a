//! Choosing which accounts of a bank are read: proven by the bank, so active at once.

use std::collections::{BTreeSet, HashMap};

use domain::{
    AccountId, Code, ConnectionId, FieldError, activity::Action, connection::SameForm, plan::Limit,
};

use super::{
    CONNECTION,
    candidates::{Ready, may_be, ready, same},
    rows, shared_numbers, state,
};
use crate::{
    Backend, Error, Result, SignedIn,
    accounts::banked::{self, Arrival, Known, SealedNumbers},
    audit,
    banks::{Numbers, ProviderAccount},
    billing,
    db::UserTx,
    look,
    transactions::reported,
};

/// What came of a choice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// Accounts that are read from now on.
    pub added: Vec<AccountId>,
    /// Those that are not.
    pub refused: Vec<Refused>,
}

/// An account that could not be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The bank's name for it.
    pub name: String,
    /// Why.
    pub code: Code,
}

/// An account that was chosen, and the one of the person that it may be.
struct Choice {
    account: ProviderAccount,
    known: Option<Known>,
    /// Its owner says that it is that one, under a new id.
    moved: bool,
    id: AccountId,
    numbers: Option<SealedNumbers>,
}

/// Adds the chosen accounts as [`choose_as`] does, where none of them may be one that is here.
///
/// # Errors
/// As [`choose_as`].
pub async fn choose(
    backend: &Backend,
    caller: &SignedIn,
    connection: &ConnectionId,
    chosen: &[String],
) -> Result<Chosen> {
    choose_as(backend, caller, connection, chosen, &[]).await
}

/// Adds the chosen accounts, by [`domain::connection::AccountCandidate::provider_id`], and asks for their rows. Chosen
/// again, nothing happens. One that may be an account that is here under a new id
/// ([`domain::connection::AccountCandidate::may_be`]) needs an answer: that account goes on with its rows, or a new one is
/// added.
///
/// # Errors
/// [`Error::PlanRequired`] when the plan has no room for all of them: then none is added; [`Error::Bank`] when the bank
/// does not say; [`Error::Invalid`] when nothing was chosen, and at `same[n].account` for an answer that is missing;
/// [`Error::NotFound`] also for a connection of somebody else.
#[tracing::instrument(name = "connections.choose", skip_all, fields(user.id = %caller.user()))]
pub async fn choose_as(
    backend: &Backend,
    caller: &SignedIn,
    connection: &ConnectionId,
    chosen: &[String],
    said: &[SameForm],
) -> Result<Chosen> {
    let ready = ready(backend, caller, connection).await?;
    let all = ready.accounts().await?;
    let mut accounts = all.clone();
    accounts.retain(|account| chosen.contains(&account.id));
    if accounts.is_empty() {
        return Err(Error::field("accounts", Code::AccountRequired));
    }
    let choices = prepare(backend, caller, &ready, accounts, &Said { all: &all, said }).await?;

    let now = backend.clock.now();
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    let mut row = rows::hold(&mut tx, connection).await?;
    if !row.state.may_call() {
        return Err(Error::Expired(CONNECTION));
    }
    let mut outcome = Chosen::default();
    for choice in choices {
        match add(&mut tx, backend, caller, &row, &choice).await? {
            Some(true) => outcome.added.push(choice.id),
            Some(false) => outcome
                .refused
                .push(Refused { name: choice.account.name, code: Code::AccountDuplicate }),
            None => {}
        }
    }
    if !outcome.added.is_empty() {
        // Their past has not been read: everything is read again, and what is here stays as it is.
        row.cursor = None;
        row.next_sync_at = Some(now.into());
        row.new_accounts = false;
        if row.state.may_sync() {
            state::look_again(&mut tx, backend, &mut row).await?;
        }
        rows::save(&mut tx, &row, now.into()).await?;
        look::later(&mut tx, backend, caller.user()).await?;
    }
    tx.commit().await?;
    Ok(outcome)
}

/// What the bank has, and what the person says about it.
struct Said<'a> {
    all: &'a [ProviderAccount],
    said: &'a [SameForm],
}

impl Said<'_> {
    /// Whether the bank has no account of the id that this one had.
    fn is_gone(&self, known: &Known) -> bool {
        self.all.iter().all(|account| known.provider_id.as_ref() != Some(&account.id))
    }

    /// The account that this one is by its owner's word.
    fn same<'k>(
        &self,
        known: &'k [Known],
        ready: &Ready,
        account: &ProviderAccount,
    ) -> std::result::Result<Option<&'k Known>, FieldError> {
        let possible = may_be(known, &ready.row, self.all, account);
        if possible.is_empty() {
            return Ok(None);
        }
        let answer = self.said.iter().enumerate().find(|(_, one)| one.provider == account.id);
        let (field, answer) = match answer {
            Some((n, one)) => (format!("same[{n}].account"), one.account.trim()),
            None => ("same".to_owned(), ""),
        };
        if answer == SameForm::NONE {
            return Ok(None);
        }
        let found = possible.into_iter().find(|known| known.id.as_str() == answer);
        found.map(Some).ok_or_else(|| FieldError::new(&field, Code::OptionUnknown))
    }
}

/// Asks for the numbers, and encrypts each for the account it will belong to.
async fn prepare(
    backend: &Backend,
    caller: &SignedIn,
    ready: &Ready,
    accounts: Vec<ProviderAccount>,
    said: &Said<'_>,
) -> Result<Vec<Choice>> {
    let ids: Vec<String> = accounts.iter().map(|account| account.id.clone()).collect();
    let bank = &ready.row.institution_name;
    let numbers = shared_numbers(&*ready.provider, bank, &ready.token, &ids).await?;
    let mut numbers: HashMap<String, Numbers> =
        numbers.into_iter().map(|numbers| (numbers.account.clone(), numbers)).collect();
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let known = banked::known(&mut tx).await?;
    drop(tx);
    // In the order of the bank, which is the order of their ids.
    let mut new_ids: Vec<String> = accounts.iter().map(|_| backend.new_id()).collect();
    new_ids.sort_unstable();
    let (mut choices, mut errors) = (Vec::new(), Vec::new());
    let mut claimed = BTreeSet::new();
    for (account, new_id) in accounts.into_iter().zip(new_ids) {
        let numbers = numbers.remove(&account.id);
        let index = numbers.as_ref().map(|numbers| {
            backend.vault.blind_index(caller.user(), &numbers.routing, &numbers.number)
        });
        let by_number =
            || known.iter().find(|known| index.is_some() && known.number_index == index);
        let by_id = same(&known, &ready.row.id, &account);
        let found = match by_id.or_else(by_number) {
            Some(found) => Some(found),
            None => said.same(&known, ready, &account).unwrap_or_else(|error| {
                errors.push(error);
                None
            }),
        };
        // Its number, or its owner, says that it is one whose id the bank does not know any more.
        let moved = by_id.is_none() && found.is_some_and(|known| said.is_gone(known));
        let found = found.cloned();
        if moved && found.as_ref().is_some_and(|known| !claimed.insert(known.id.clone())) {
            // Two of the bank's are not one of the person's.
            errors.push(FieldError::new("same", Code::OptionUnknown));
        }
        let id = found.as_ref().map_or_else(|| AccountId::new(new_id), |known| known.id.clone());
        let numbers = match numbers {
            Some(numbers) => Some(banked::seal(backend, caller.user(), &id, numbers).await?),
            None => None,
        };
        choices.push(Choice { account, known: found, moved, id, numbers });
    }
    if errors.is_empty() { Ok(choices) } else { Err(Error::Invalid(errors)) }
}

/// True when it is read from now on, false when another connection reads it, nothing when this one does already.
async fn add(
    tx: &mut UserTx,
    backend: &Backend,
    caller: &SignedIn,
    row: &rows::Row,
    choice: &Choice,
) -> Result<Option<bool>> {
    let now = backend.clock.now().into();
    let arrival = Arrival {
        id: choice.id.clone(),
        connection: &row.id,
        bank_name: &row.institution_name,
        account: &choice.account,
        numbers: choice.numbers.as_ref(),
    };
    let added = match &choice.known {
        Some(known) if known.connection_id.as_ref() == Some(&row.id) && known.is_read() => {
            if !choice.moved {
                return Ok(None);
            }
            let moved = banked::move_on(tx, known, &arrival, now).await?;
            if moved {
                // The bank calls its rows by other ids, too.
                reported::unbind(tx, &known.id, row.provider()?.as_str()).await?;
            }
            moved
        }
        Some(known) if known.is_read() => return Ok(Some(false)),
        Some(known) => {
            let adopted = banked::adopt(tx, known, &arrival, now).await?;
            if adopted {
                // A new login may call the same rows by other ids: they are found by date and amount.
                reported::unbind(tx, &known.id, row.provider()?.as_str()).await?;
            }
            adopted
        }
        None => {
            billing::admit(tx, backend, Limit::Accounts).await?;
            banked::add(tx, &arrival, now).await?
        }
    };
    if added {
        let event = audit::Event::by(Action::BankAccountAdded, caller);
        let event = event.subject("bank_account", &choice.id).note("by", "connection");
        audit::record(tx, backend, event).await?;
    }
    Ok(Some(added))
}
