//! Linking a bank by program: where its customer signs in, what came of it, and which accounts are read.

use axum::{Json, extract::State};
use backend::{
    Backend, SignedIn,
    banks::{LinkStart, ProviderKind, Purpose},
    billing,
    connections::{self, BeginAsk, FinishAsk, Finished},
};
use domain::{
    Code, ConnectionId, FieldError,
    connection::{AccountCandidate, SameForm},
    plan::Limit,
};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use url::Url;
use utoipa::ToSchema;

use super::{
    body::{Body, IdPath},
    error::{invalid, reject},
    list::ErrorBody,
};
use crate::{
    http::Failure,
    session::{Caller, FreshCaller},
};

/// The page that people come back to from a bank.
const RETURN: &str = "/accounts/link/return";

/// Which bank.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewLink {
    /// By way of whom: `simbank`, `plaid`.
    #[schema(example = "plaid")]
    provider: String,
    /// The provider's id of the bank, where it is known.
    #[serde(default)]
    institution: Option<String>,
}

/// How it begins: with an address to go to, or a token for the provider's script.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LinkBegun {
    /// Has to come back with the one-time token. It lasts 30 minutes and is used once.
    state: String,
    /// Where the person signs in at the bank; the way back leads to our own page, which finishes the link.
    url: Option<String>,
    /// What the provider's script is given; what it brings goes to `/api/connections/finish`.
    link_token: Option<String>,
    /// When that token lapses, in UTC.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime)]
    link_token_expires_at: Option<OffsetDateTime>,
}

/// What the provider's script brought.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct LinkReturn {
    /// The one from the beginning.
    state: String,
    /// The provider's one-time token.
    public_token: String,
}

/// What came of it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LinkFinished {
    /// `linked`: choose its accounts now. `repaired`: it is read again. `already_linked`: you have this one; nothing was
    /// added.
    outcome: &'static str,
    /// Which connection.
    connection_id: String,
}

/// An account that a connection could read.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct OfferedAccount {
    /// The provider's id of it, which chooses it.
    provider_id: String,
    /// The bank's name for it.
    name: String,
    /// `checking`, `savings`, `credit`, `loan`, `cash` or `other`.
    account_type: &'static str,
    /// The last digits of its number.
    mask: Option<String>,
    /// ISO 4217.
    currency: String,
    /// What the bank says it holds, in minor units.
    balance_minor: Option<i64>,
    /// It is read already.
    added: bool,
    /// Your accounts that it may be under a new id, by id: choosing it needs an answer in `same`.
    may_be: Vec<String>,
}

impl From<AccountCandidate> for OfferedAccount {
    fn from(account: AccountCandidate) -> Self {
        Self {
            provider_id: account.provider_id,
            name: account.name,
            account_type: account.account_type.as_str(),
            mask: account.mask,
            currency: account.currency,
            balance_minor: account.balance_minor,
            added: account.added,
            may_be: account.may_be.into_iter().map(|one| one.account.into_string()).collect(),
        }
    }
}

/// What the bank offers.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct OfferedAccounts {
    /// In the bank's order.
    items: Vec<OfferedAccount>,
}

/// Which accounts are read.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ChosenAccounts {
    /// By `providerId`.
    accounts: Vec<String>,
    /// Which of your accounts a chosen one is, for each that has `mayBe`.
    #[serde(default)]
    same: Vec<SameAccount>,
}

/// What you say about an account at the bank that may be one of yours.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SameAccount {
    /// The account at the bank.
    provider_id: String,
    /// Your account, which goes on under the new id with its transactions; `none` for a new account.
    account: String,
}

/// What came of the choice.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReadAccounts {
    /// Your bank accounts that are read from now on, by id.
    added: Vec<String>,
    /// Those that are not.
    refused: Vec<RefusedAccount>,
}

/// An account that could not be added.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RefusedAccount {
    /// The bank's name for it.
    name: String,
    /// Why.
    code: &'static str,
}

/// Where people come back to from a bank.
pub(super) fn return_url(backend: &Backend) -> Result<Url, Failure> {
    let joined = backend.settings.app_url.join(RETURN);
    joined.map_err(|_| reject(backend::Error::Corrupt("address")))
}

async fn begin_at(
    backend: &Backend,
    caller: &SignedIn,
    provider: ProviderKind,
    purpose: Purpose,
    institution: Option<&str>,
) -> Result<Json<LinkBegun>, Failure> {
    let return_url = return_url(backend)?;
    let ask = BeginAsk { provider, purpose, institution, return_url: &return_url };
    let begun = connections::begin_link(backend, caller, &ask).await.map_err(reject)?;
    let (url, token) = match begun.start {
        LinkStart::Redirect { url } => (Some(url), None),
        LinkStart::Script { token, expires_at } => (None, Some((token, expires_at))),
    };
    Ok(Json(LinkBegun {
        state: begun.state,
        url,
        link_token: token.as_ref().map(|(token, _)| token.expose_secret().to_owned()),
        link_token_expires_at: token.map(|(_, at)| at),
    }))
}

/// Begins to link a bank, with a sign-in of a short time ago.
#[utoipa::path(
    post,
    path = "/api/connections/link",
    tag = "Connections",
    request_body = NewLink,
    responses(
        (status = 200, description = "Where it goes on", body = LinkBegun),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 403, description = "The last sign-in is too long ago, or the plan has no room", body = ErrorBody),
        (status = 404, description = "This provider is not set up", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 422, description = "There is no such provider", body = ErrorBody),
        (status = 502, description = "The provider does not do its part", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.connections.link", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn begin(
    State(backend): State<Backend>,
    FreshCaller(caller): FreshCaller,
    body: Body<NewLink>,
) -> Result<Json<LinkBegun>, Failure> {
    let unknown = || invalid(&[FieldError::new("provider", Code::OptionUnknown)]);
    let provider = ProviderKind::parse(&body.value.provider).ok_or_else(unknown)?;
    billing::plan_required(&backend, &caller, Limit::Accounts).await.map_err(reject)?;
    begin_at(&backend, &caller, provider, Purpose::New, body.value.institution.as_deref()).await
}

/// Begins to repair a connection that needs its owner, with a sign-in of a short time ago.
#[utoipa::path(
    post,
    path = "/api/connections/{id}/repair",
    tag = "Connections",
    params(("id" = String, Path, description = "The connection")),
    responses(
        (status = 200, description = "Where it goes on", body = LinkBegun),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 403, description = "The last sign-in is too long ago", body = ErrorBody),
        (status = 404, description = "You have no such connection", body = ErrorBody),
        (status = 410, description = "The connection has ended: link the bank again", body = ErrorBody),
        (status = 502, description = "The provider does not do its part", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.connections.repair", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn repair(
    State(backend): State<Backend>,
    FreshCaller(caller): FreshCaller,
    IdPath(id): IdPath<ConnectionId>,
) -> Result<Json<LinkBegun>, Failure> {
    // Whoever made the connection repairs it.
    begin_at(&backend, &caller, ProviderKind::Simbank, Purpose::Repair(id), None).await
}

/// Finishes what was begun, with what the provider's script brought.
#[utoipa::path(
    post,
    path = "/api/connections/finish",
    tag = "Connections",
    request_body = LinkReturn,
    responses(
        (status = 200, description = "What came of it", body = LinkFinished),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 410, description = "The state was used already, or took too long", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 502, description = "The provider does not do its part", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.connections.finish", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn finish(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    body: Body<LinkReturn>,
) -> Result<Json<LinkFinished>, Failure> {
    let LinkReturn { state, public_token } = body.value;
    let ask = FinishAsk { state: &state, public_token: &public_token.into(), hint: None };
    let finished = connections::finish_link(&backend, &caller, &ask).await.map_err(reject)?;
    let (outcome, connection) = match finished {
        Finished::Linked { connection } => ("linked", connection),
        Finished::Repaired { connection } => ("repaired", connection),
        Finished::AlreadyLinked { connection, .. } => ("already_linked", connection),
    };
    Ok(Json(LinkFinished { outcome, connection_id: connection.into_string() }))
}

/// The accounts that a connection could read; those that it reads are among them.
#[utoipa::path(
    get,
    path = "/api/connections/{id}/accounts",
    tag = "Connections",
    params(("id" = String, Path, description = "The connection")),
    responses(
        (status = 200, description = "What the bank offers", body = OfferedAccounts),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such connection", body = ErrorBody),
        (status = 410, description = "The connection has ended", body = ErrorBody),
        (status = 502, description = "The bank does not say", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.connections.candidates", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn candidates(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<ConnectionId>,
) -> Result<Json<OfferedAccounts>, Failure> {
    let offered = connections::candidates(&backend, &caller, &id).await.map_err(reject)?;
    Ok(Json(OfferedAccounts { items: offered.into_iter().map(Into::into).collect() }))
}

/// Chooses accounts of a connection: they are read from now on. Chosen again, nothing happens.
#[utoipa::path(
    post,
    path = "/api/connections/{id}/accounts",
    tag = "Connections",
    params(("id" = String, Path, description = "The connection")),
    request_body = ChosenAccounts,
    responses(
        (status = 200, description = "What came of it", body = ReadAccounts),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 403, description = "The plan has no room for all of them: none was added", body = ErrorBody),
        (status = 404, description = "You have no such connection", body = ErrorBody),
        (status = 410, description = "The connection has ended", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 422, description = "None of them is offered", body = ErrorBody),
        (status = 502, description = "The bank does not say", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.connections.choose", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn choose(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<ConnectionId>,
    body: Body<ChosenAccounts>,
) -> Result<Json<ReadAccounts>, Failure> {
    let ChosenAccounts { accounts, same } = body.value;
    let said =
        same.into_iter().map(|one| SameForm { provider: one.provider_id, account: one.account });
    let said: Vec<SameForm> = said.collect();
    let chosen = connections::choose_as(&backend, &caller, &id, &accounts, &said).await;
    let chosen = chosen.map_err(reject)?;
    let refused = chosen
        .refused
        .into_iter()
        .map(|refused| RefusedAccount { name: refused.name, code: refused.code.as_str() });
    let added = chosen.added.into_iter().map(domain::AccountId::into_string).collect();
    Ok(Json(ReadAccounts { added, refused: refused.collect() }))
}
