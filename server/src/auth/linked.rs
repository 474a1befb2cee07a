//! `GET /list-accounts` and `POST /unlink-account`.

use axum::{
    Json,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use backend::auth::{self, LinkedAccount, Which};
use serde::Serialize;
use serde_json::json;

use super::{
    Auth,
    body::{Body, Schema},
    error::AuthError,
    guard::{Guard, guarded},
    json::iso,
    schema::Fields,
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    id: &'a str,
    account_id: &'a str,
    provider_id: &'a str,
    /// The name of `providerId` in Better Auth 1.2, whose clients still read it.
    provider: &'a str,
    user_id: &'a str,
    scopes: &'a [String],
    created_at: String,
    updated_at: String,
}

/// The caller's ways in.
#[tracing::instrument(name = "auth.routes.list_accounts", skip_all)]
pub(super) async fn list(
    State(auth): State<Auth>,
    headers: HeaderMap,
) -> Result<Response, AuthError> {
    guarded(&auth, &headers, Guard::Session, async |who| {
        let accounts = auth::linked_accounts(&auth.backend, &who.caller).await;
        let accounts = accounts.map_err(|error| auth.refuse(error.into()))?;
        let user_id = who.user.id.as_str();
        let items: Vec<Item<'_>> = accounts.iter().map(|account| item(account, user_id)).collect();
        Ok(Json(items).into_response())
    })
    .await
}

fn item<'a>(account: &'a LinkedAccount, user_id: &'a str) -> Item<'a> {
    Item {
        id: &account.id,
        account_id: &account.account_id,
        provider_id: &account.provider_id,
        provider: &account.provider_id,
        user_id,
        scopes: &account.scopes,
        created_at: iso(account.created_at),
        updated_at: iso(account.updated_at),
    }
}

/// The account to go: `{accountId}` with the row's id, or the older `{providerId, accountId?}`.
pub(super) struct Unlink(Which);

impl Schema for Unlink {
    fn read(fields: &mut Fields<'_>) -> Self {
        if fields.value("providerId").is_some() {
            let provider_id = fields.string("providerId");
            return Self(Which::Provider {
                provider_id,
                account_id: fields.optional_string("accountId"),
            });
        }
        Self(Which::Row(fields.string("accountId")))
    }
}

/// Removes one of the caller's ways in.
#[tracing::instrument(name = "auth.routes.unlink_account", skip_all)]
pub(super) async fn unlink(
    State(auth): State<Auth>,
    headers: HeaderMap,
    Body(Unlink(which)): Body<Unlink>,
) -> Result<Response, AuthError> {
    guarded(&auth, &headers, Guard::Fresh, async |who| {
        let gone = auth::unlink(&auth.backend, &who.caller, &which).await;
        gone.map_err(|failure| auth.refuse(failure))?;
        Ok(Json(json!({ "status": true })).into_response())
    })
    .await
}
