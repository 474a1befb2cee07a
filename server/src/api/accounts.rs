//! `/api/bank-accounts`. The number of an account goes in and never comes out.

use axum::{
    Json,
    extract::{RawQuery, State},
    response::Response,
};
use backend::{
    Backend,
    accounts::{self, AccountChange, Way},
};
use domain::{AccountId, Code, FieldError, NewAccountForm, PageRequest, page::MAX_LIMIT, query};
use utoipa::IntoParams;

use super::{
    account_shapes::{
        Added, AddedBankAccount, BankAccount, Changed, ChangedBankAccount, NewBankAccount, Removed,
        Shift,
    },
    answer::created,
    body::{Body, IdPath},
    error::{invalid, reject},
    key::{IdempotencyKey, KeyHeader},
    list::{ErrorBody, List, PageQuery, numbered},
};
use crate::{http::Failure, session::Caller};

/// The name under which a repeated request is recognised.
const CREATE: &str = "POST /api/bank-accounts";

/// Which of them are wanted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the document is made of it; the query is read by hand")]
pub(super) struct ArchivedQuery {
    /// Those that were put away, instead of the others.
    #[param(required = false, default = false)]
    archived: bool,
}

/// Your bank accounts, in your order; new ones come last.
#[utoipa::path(
    get,
    path = "/api/bank-accounts",
    tag = "Bank accounts",
    params(PageQuery, ArchivedQuery),
    responses(
        (status = 200, description = "One page of them", body = List<BankAccount>),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 422, description = "A parameter is out of range", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.accounts.list", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn list(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<List<BankAccount>>, Failure> {
    let pairs = query::parse(query.as_deref().unwrap_or_default());
    let request = numbered(&pairs)?;
    let archived = pairs.iter().find(|(name, _)| name == "archived").map(|(_, value)| &**value);
    let all = match archived {
        None | Some("false") => accounts::list(&backend, &caller).await,
        Some("true") => accounts::archived(&backend, &caller).await,
        Some(_) => return Err(invalid(&[FieldError::new("archived", Code::OptionUnknown)])),
    };
    let all = all.map_err(reject)?;
    Ok(Json(List::of(all, &request)))
}

/// Adds a bank account. With numbers it is pending until they are verified; without it is active at once.
#[utoipa::path(
    post,
    path = "/api/bank-accounts",
    tag = "Bank accounts",
    params(KeyHeader),
    request_body = NewBankAccount,
    responses(
        (status = 201, description = "Added", body = Added, headers(("Location", description = "Where the account is"), ("Idempotent-Replayed", description = "`true` when an earlier request did it"))),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 409, description = "The first request with this key still runs", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 422, description = "Fields break rules, or the key came with another request", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.accounts.create", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn create(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    key: IdempotencyKey,
    body: Body<NewBankAccount>,
) -> Result<Response, Failure> {
    let once = key.once(CREATE, &body.bytes);
    let new = NewAccountForm::from(body.value).parse().map_err(|errors| invalid(&errors))?;
    let outcome = accounts::create(&backend, &caller, new, once.as_ref()).await.map_err(reject)?;
    let account = outcome.value;
    let location = format!("/api/bank-accounts/{}", account.id);
    let bank_account = AddedBankAccount {
        id: account.id.into_string(),
        bank_name: account.bank_name,
        account_type: account.account_type.as_str(),
        status: account.status.as_str(),
        mask: account.mask,
    };
    Ok(created(&location, Added { success: true, bank_account }, outcome.replayed))
}

/// One of your bank accounts.
#[utoipa::path(
    get,
    path = "/api/bank-accounts/{id}",
    tag = "Bank accounts",
    params(("id" = String, Path, description = "The account")),
    responses(
        (status = 200, description = "The account", body = BankAccount),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such account", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.accounts.get", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn get(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<AccountId>,
) -> Result<Json<BankAccount>, Failure> {
    let account = accounts::get(&backend, &caller, &id).await.map_err(reject)?;
    Ok(Json(account.into()))
}

/// Renames a bank account, puts it away or brings it back.
#[utoipa::path(
    patch,
    path = "/api/bank-accounts/{id}",
    tag = "Bank accounts",
    params(("id" = String, Path, description = "The account")),
    request_body = ChangedBankAccount,
    responses(
        (status = 200, description = "Changed", body = Changed),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 403, description = "The plan has no room for one that comes back", body = ErrorBody),
        (status = 404, description = "You have no such account", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 422, description = "Fields break rules", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.accounts.update", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn update(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<AccountId>,
    Body { value, .. }: Body<ChangedBankAccount>,
) -> Result<Json<Changed>, Failure> {
    let change =
        AccountChange::parse(value.bank_name.as_deref(), value.account_nickname.as_deref())
            .map_err(|errors| invalid(&errors))?;
    let mut account = accounts::update(&backend, &caller, &id, &change).await.map_err(reject)?;
    if let Some(archived) = value.archived {
        account = if archived {
            accounts::archive(&backend, &caller, &id).await.map_err(reject)?
        } else {
            accounts::unarchive(&backend, &caller, &id).await.map_err(reject)?
        };
    }
    Ok(Json(Changed { success: true, bank_account: account.into() }))
}

/// Moves a bank account past its neighbour of the same type, up or down in your order. At the end of those it stays
/// where it is.
#[utoipa::path(
    post,
    path = "/api/bank-accounts/{id}/shift",
    tag = "Bank accounts",
    params(("id" = String, Path, description = "The account")),
    request_body = Shift,
    responses(
        (status = 200, description = "All of them in that order", body = List<BankAccount>),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such account, or it was put away", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 422, description = "The way is neither `up` nor `down`", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.accounts.shift", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn shift(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<AccountId>,
    Body { value, .. }: Body<Shift>,
) -> Result<Json<List<BankAccount>>, Failure> {
    let way = match value.way.as_str() {
        "up" => Way::Up,
        "down" => Way::Down,
        _ => return Err(invalid(&[FieldError::new("way", Code::OptionUnknown)])),
    };
    accounts::shift(&backend, &caller, &id, way).await.map_err(reject)?;
    let all = accounts::list(&backend, &caller).await.map_err(reject)?;
    Ok(Json(List::of(all, &PageRequest::Page { page: 1, limit: MAX_LIMIT })))
}

/// Deletes a bank account with its transactions and imports, for good.
#[utoipa::path(
    delete,
    path = "/api/bank-accounts/{id}",
    tag = "Bank accounts",
    params(("id" = String, Path, description = "The account")),
    responses(
        (status = 200, description = "Deleted", body = Removed),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such account", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.accounts.delete", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn delete(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<AccountId>,
) -> Result<Json<Removed>, Failure> {
    let deleted = accounts::delete(&backend, &caller, &id).await.map_err(reject)?;
    Ok(Json(Removed { success: true, transactions: deleted.transactions }))
}
