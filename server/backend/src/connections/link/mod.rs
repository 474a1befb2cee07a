//! Linking a bank, and repairing a link: bound to one person, used once, for half an hour.

mod attempt;
mod finish;
mod hint;

use url::Url;

use super::{
    CONNECTION, failed, open_token,
    rows::{self, Row},
};
use crate::{
    Backend, Error, Result, SignedIn,
    banks::{BeginLink, LinkStart, ProviderKind, Purpose},
};
pub use attempt::{resume_latest, resume_link};
pub use finish::{FinishAsk, Finished, finish_link};
pub use hint::{Hint, HintAccount};

/// The word for an attempt, in errors.
const LINK: &str = "link";

/// What is asked for.
pub struct BeginAsk<'a> {
    /// By way of whom; a repair goes by way of whoever made the connection.
    pub provider: ProviderKind,
    /// A new connection, or one that needs its owner.
    pub purpose: Purpose,
    /// The bank that was chosen, where it is known.
    pub institution: Option<&'a str>,
    /// Where the provider sends the person back to.
    pub return_url: &'a Url,
}

/// How it begins.
#[derive(Clone, Debug)]
pub struct Begun {
    /// What the answer must carry, beside the one-time token.
    pub state: String,
    /// Where the person goes, or what the provider's script is given.
    pub start: LinkStart,
}

/// Begins to link a bank, or to repair a link.
///
/// # Errors
/// [`Error::Bank`] when the provider does not do it; [`Error::NotFound`] for a connection of somebody else, or a provider
/// that is not configured; [`Error::Expired`] for a connection that has ended: that bank is linked anew.
#[tracing::instrument(name = "connections.begin_link", skip_all, fields(user.id = %caller.user()))]
pub async fn begin_link(backend: &Backend, caller: &SignedIn, ask: &BeginAsk<'_>) -> Result<Begun> {
    let (row, token) = match &ask.purpose {
        Purpose::New => (None, None),
        Purpose::Repair(connection) => {
            let mut tx = backend.db.as_user(caller.user()).read().await?;
            let row = rows::find(&mut tx, connection).await?;
            drop(tx);
            let token = open_token(backend, caller.user(), &row).await?;
            if !row.state.may_call() || token.is_none() {
                return Err(Error::Expired(CONNECTION));
            }
            (Some(row), token)
        }
    };
    let kind = row.as_ref().map_or(Ok(ask.provider), Row::provider)?;
    let provider = backend.banks.provider(kind).ok_or(Error::NotFound("provider"))?;
    let state = backend.random.alphanumeric(attempt::STATE_LENGTH);
    let begin = BeginLink {
        user: caller.user(),
        purpose: &ask.purpose,
        token: token.as_ref(),
        institution: ask.institution,
        return_url: ask.return_url,
        state: &state,
    };
    let bank = row.as_ref().map_or("Your bank", |row| &*row.institution_name);
    let start = provider.begin_link(begin).await;
    let start = start.map_err(|trouble| failed(kind, bank, &trouble))?;
    let connection = row.as_ref().map(|row| &row.id);
    attempt::remember(backend, caller.user(), kind, connection, &state, &start).await?;
    Ok(Begun { state, start })
}
