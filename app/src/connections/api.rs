//! What connections do on the server. The forms post to paths without the connection's id; it travels in a field.

use std::collections::HashMap;

use backend::{
    Backend, Error, SignedIn,
    banks::{LinkStart, ProviderKind, Purpose, simbank},
    connections::{self, BeginAsk, Chosen, FinishAsk, Finished, Hint, History, SyncAsked},
};
use domain::{
    AccountId, Code, ConnectionId, FieldError,
    connection::{AccountCandidate, ConnectionView, SameForm},
    plan::Limit,
    states::connection::ConnectionState,
};
use leptos::prelude::*;
use leptos_axum::redirect;
use url::Url;

use crate::{
    AppError, flash,
    flash::Flash,
    routes,
    server::{fresh, plan_required, reference, reject, signed_in},
};

/// What is said of an attempt that is over.
pub(super) const LAPSED: &str = "This sign-in was used already, or took longer than 30 minutes. What it linked is under Accounts.";

/// The caller's connections, the oldest first.
pub async fn all_connections() -> Result<Vec<ConnectionView>, AppError> {
    let (backend, caller) = signed_in()?;
    connections::list(&backend, &caller).await.map_err(reject)
}

/// One of the caller's connections.
pub(super) async fn get(id: &ConnectionId) -> Result<ConnectionView, AppError> {
    let (backend, caller) = signed_in()?;
    connections::get(&backend, &caller, id).await.map_err(reject)
}

/// What the bank of a connection offers.
pub(super) async fn offered(
    id: &ConnectionId,
) -> Result<Result<Vec<AccountCandidate>, String>, AppError> {
    let (backend, caller) = signed_in()?;
    match connections::candidates(&backend, &caller, id).await {
        Err(backend::Error::Bank { problem, bank }) => Ok(Err(problem.sentence(&bank))),
        Err(backend::Error::Expired(_)) => {
            Ok(Err("This connection has ended. Link the bank again.".to_owned()))
        }
        offered => offered.map(Ok).map_err(reject),
    }
}

/// Which of these connections is behind each of the caller's accounts, where one is.
pub async fn by_account(
    views: &[ConnectionView],
) -> Result<HashMap<AccountId, ConnectionView>, AppError> {
    let (backend, caller) = signed_in()?;
    if views.is_empty() {
        return Ok(HashMap::new());
    }
    let sides = connections::bank_sides(&backend, &caller).await.map_err(reject)?;
    let pairs = sides.into_iter().filter_map(|side| {
        let behind = side.connection?;
        let view = views.iter().find(|view| view.id == behind)?;
        Some((side.account, view.clone()))
    });
    Ok(pairs.collect())
}

/// The connection that reads one of the caller's accounts.
pub async fn connection_of(account: &AccountId) -> Result<Option<ConnectionView>, AppError> {
    let views = all_connections().await?;
    Ok(by_account(&views).await?.remove(account))
}

/// `POST /accounts/link/begin`: goes to the bank's own page to sign in there, or to the provider's window. Whoever
/// signed in long ago confirms first (spec: security SES-9).
#[server(prefix = "", endpoint = "accounts/link/begin")]
pub async fn begin_bank(
    #[server(default)] institution: String,
    #[server(default)] provider: String,
) -> Result<(), AppError> {
    signed_in()?;
    plan_required(Limit::Accounts).await?;
    let (backend, caller) = fresh()?;
    if provider == ProviderKind::Plaid.as_str() {
        // Its window asks for the bank.
        return begin(&backend, &caller, ProviderKind::Plaid, Purpose::New, None).await;
    }
    let known = simbank::institution(&institution)
        .filter(|known| known.deposits.is_none() && backend.banks.simbank().is_some());
    let Some(known) = known else {
        return Err(AppError::Invalid(vec![FieldError::new("institution", Code::OptionUnknown)]));
    };
    begin(&backend, &caller, ProviderKind::Simbank, Purpose::New, Some(known.id)).await
}

/// `POST /connections/repair`: goes to the bank to sign in there once more, with a recent sign-in here.
#[server(prefix = "", endpoint = "connections/repair")]
pub async fn repair(#[server(default)] id: String) -> Result<(), AppError> {
    let (backend, caller) = fresh()?;
    let purpose = Purpose::Repair(ConnectionId::new(id));
    // Whoever made the connection repairs it.
    begin(&backend, &caller, ProviderKind::Simbank, purpose, None).await
}

async fn begin(
    backend: &Backend,
    caller: &SignedIn,
    provider: ProviderKind,
    purpose: Purpose,
    institution: Option<&str>,
) -> Result<(), AppError> {
    let return_url = return_url(backend)?;
    let ask = BeginAsk { provider, purpose, institution, return_url: &return_url };
    let begun = connections::begin_link(backend, caller, &ask).await.map_err(reject)?;
    match begun.start {
        LinkStart::Redirect { url } => redirect(&url),
        LinkStart::Script { .. } => redirect(&routes::link_window(&begun.state)),
    }
    Ok(())
}

/// `POST /accounts/link/finish`: what the provider's window brought is spent. The next page is another address.
#[server(prefix = "", endpoint = "accounts/link/finish")]
pub async fn finish_bank(
    #[server(default)] state: String,
    #[server(default)] public_token: String,
    #[server(default)] institution: String,
    #[server(default)] accounts: String,
) -> Result<(), AppError> {
    signed_in()?;
    let hint = Hint::of_plaid(&institution, &accounts);
    match spend(&state, &public_token, hint).await? {
        Ok(next) => redirect(&next),
        Err(sentence) => {
            flash::set(&Flash::failed(sentence));
            redirect(routes::ADD_ACCOUNT);
        }
    }
    Ok(())
}

/// Spends what a bank or a provider's window brought: where that leads, or why it leads nowhere.
pub(super) async fn spend(
    state: &str,
    token: &str,
    hint: Option<Hint>,
) -> Result<Result<String, String>, AppError> {
    let (backend, caller) = signed_in()?;
    let ask = FinishAsk { state, public_token: &token.to_owned().into(), hint };
    match connections::finish_link(&backend, &caller, &ask).await {
        Ok(Finished::Linked { connection }) => Ok(Ok(routes::connection_accounts(&connection))),
        Ok(Finished::Repaired { connection }) => {
            flash::set(&Flash::done("You're signed in again. The bank is being read."));
            Ok(Ok(routes::connection(&connection)))
        }
        Ok(Finished::AlreadyLinked { connection, institution_name }) => {
            flash::set(&Flash::note(format!(
                "You linked these accounts of {institution_name} before. This is that connection; nothing was added."
            )));
            Ok(Ok(routes::connection(&connection)))
        }
        Err(Error::Expired(_)) => Ok(Err(LAPSED.to_owned())),
        Err(Error::Bank { problem, bank }) => Ok(Err(problem.sentence(&bank))),
        Err(error) => Err(reject(error)),
    }
}

pub(super) fn return_url(backend: &Backend) -> Result<Url, AppError> {
    let joined = backend.settings.app_url.join(routes::LINK_RETURN);
    joined.map_err(|_| AppError::Internal { reference: reference() })
}

/// `POST /accounts/demo`: links the demonstration bank in one step.
#[server(prefix = "", endpoint = "accounts/demo")]
pub async fn link_demo() -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let id = connections::link_demo(&backend, &caller, &return_url(&backend)?).await;
    let id = id.map_err(reject)?;
    redirect(&routes::connection_added(&id));
    Ok(())
}

/// `POST /connections/choose`: the chosen accounts come in, and their rows are read. One that may be here under another id
/// comes with the person's word on it.
#[server(prefix = "", endpoint = "connections/choose")]
pub async fn choose_accounts(
    #[server(default)] id: String,
    #[server(default)] accounts: Vec<String>,
    #[server(default)] same: Vec<SameForm>,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let id = ConnectionId::new(id);
    let chosen = connections::choose_as(&backend, &caller, &id, &accounts, &same).await;
    let chosen = chosen.map_err(reject)?;

    if let Some(sentence) = left_out(&chosen) {
        flash::set(&Flash::note(sentence));
    }
    redirect(&routes::connection_added(&id));
    Ok(())
}

/// What is said of accounts that another connection reads.
fn left_out(chosen: &Chosen) -> Option<String> {
    let names: Vec<&str> = chosen.refused.iter().map(|refused| &*refused.name).collect();
    match names.as_slice() {
        [] => None,
        [one] => Some(format!("{one} was left out: another connection reads it already.")),
        more => Some(format!(
            "{} were left out: other connections read them already.",
            more.join(" and ")
        )),
    }
}

/// `POST /connections/sync`: reads the bank now.
#[server(prefix = "", endpoint = "connections/sync")]
pub async fn sync_now(#[server(default)] id: String) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let id = ConnectionId::new(id);
    let view = connections::get(&backend, &caller, &id).await.map_err(reject)?;
    let bank = view.institution_name;
    let asked = connections::sync_now(&backend, &caller, &id).await.map_err(reject)?;

    flash::set(&match asked {
        SyncAsked::Begins => Flash::done(format!("Syncing {bank} now.")),
        SyncAsked::Follows => {
            Flash::note(format!("{bank} is being read. Another sync follows this one."))
        }
        SyncAsked::NeedsOwner => Flash::failed(format!("{bank} needs you to sign in again first.")),
    });
    redirect(&routes::connection(&id));
    Ok(())
}

/// `POST /connections/disconnect`: ends access at the bank, with a recent sign-in; of the test bank, where nothing is
/// anybody's, with any. Sent twice, it ends once.
#[server(prefix = "", endpoint = "connections/disconnect")]
pub async fn disconnect(
    #[server(default)] id: String,
    #[server(default)] history: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let id = ConnectionId::new(id);
    let view = connections::get(&backend, &caller, &id).await.map_err(reject)?;
    if !connections::is_invented(&view) {
        fresh()?;
    }
    let (history, rest) = match history.as_str() {
        "keep" => (History::Keep, "Its accounts and transactions are kept."),
        "delete" => (History::Delete, "Its accounts and their transactions are deleted."),
        _ => return Err(AppError::Invalid(vec![FieldError::new("history", Code::OptionUnknown)])),
    };
    if view.state == ConnectionState::Removed {
        flash::set(&Flash::note(format!("{} was disconnected already.", view.institution_name)));
    } else {
        connections::remove(&backend, &caller, &id, history).await.map_err(reject)?;
        flash::set(&Flash::done(format!("{} is disconnected. {rest}", view.institution_name)));
    }
    redirect(routes::ACCOUNTS);
    Ok(())
}

#[cfg(test)]
mod tests {
    use backend::connections::Refused;

    use super::*;

    #[test]
    fn what_another_connection_reads_is_named() {
        let refused = |names: &[&str]| Chosen {
            added: Vec::new(),
            refused: names
                .iter()
                .map(|name| Refused { name: (*name).to_owned(), code: Code::AccountDuplicate })
                .collect(),
        };

        assert_eq!(left_out(&refused(&[])), None);
        assert_eq!(
            left_out(&refused(&["Checking"])).unwrap(),
            "Checking was left out: another connection reads it already."
        );
        assert!(left_out(&refused(&["A", "B"])).unwrap().starts_with("A and B were left out"));
    }
}
