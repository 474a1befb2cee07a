//! `POST /update-user`, `/update-session`, `/change-password`, `/verify-password`.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use backend::auth::{self, ChangePassword, Password, ProfileChange};
use serde_json::{Value, json};

use super::{
    Auth,
    body::{Body, Schema},
    client::Client,
    cookies::{Jar, Login, append},
    error::AuthError,
    guard::{Guard, Guarded, guarded},
    json::UserJson,
    schema::Fields,
};

/// What is to be different about a person.
pub(super) struct UpdateUser {
    has_email: bool,
    change: Result<ProfileChange, &'static str>,
}

impl Schema for UpdateUser {
    const KINDS: &'static [&'static str] = &["record"];

    fn read(fields: &mut Fields<'_>) -> Self {
        let has_email = fields.value("email").is_some_and(super::body::is_given);
        let name = match fields.value("name") {
            None => Ok(None),
            Some(Value::String(name)) => Ok(Some(name.clone())),
            Some(_) => Err("name"),
        };
        let image = match fields.value("image") {
            None => Ok(None),
            Some(Value::Null) => Ok(Some(None)),
            Some(Value::String(image)) => Ok(Some(Some(image.clone()))),
            Some(_) => Err("image"),
        };
        let change = name.and_then(|name| image.map(|image| ProfileChange { name, image }));
        Self { has_email, change }
    }
}

/// Changes name and picture. Fields that nobody may set are ignored.
#[tracing::instrument(name = "auth.routes.update_user", skip_all)]
pub(super) async fn update_user(
    State(auth): State<Auth>,
    headers: HeaderMap,
    Body(form): Body<UpdateUser>,
) -> Result<Response, AuthError> {
    guarded(&auth, &headers, Guard::Session, async |who| {
        if form.has_email {
            let message = "Email can not be updated";
            return Err(AuthError::new(
                StatusCode::BAD_REQUEST,
                "EMAIL_CAN_NOT_BE_UPDATED",
                message,
            ));
        }
        let change = form.change.map_err(|field| {
            AuthError::validation(&[format!("[body.{field}] Invalid input: expected string")])
        })?;
        if change.name.is_none() && change.image.is_none() {
            return Err(nothing_to_update());
        }
        let user = auth::update_profile(&auth.backend, &who.caller, &change).await;
        let user = user.map_err(|failure| auth.refuse(failure))?;
        let mut response = Json(json!({ "status": true })).into_response();
        append(&mut response, renewed(&auth, &headers, &Guarded { user, ..who }));
        Ok(response)
    })
    .await
}

fn nothing_to_update() -> AuthError {
    AuthError::without_code(StatusCode::BAD_REQUEST, "No fields to update")
}

/// The cookies of the same session, with the person as they are now.
pub(super) fn renewed(
    auth: &Auth,
    headers: &HeaderMap,
    who: &Guarded,
) -> Vec<axum::http::HeaderValue> {
    let jar = Jar::read(headers);
    let remember = !auth.cookies.is_unremembered(&jar);
    let login = Login { user: &who.user, session: &who.session, token: &who.token, remember };
    auth.cookies.start(&jar, auth.backend.clock.now(), &login)
}

/// Additional fields of a session: there are none.
pub(super) struct UpdateSession;

impl Schema for UpdateSession {
    const KINDS: &'static [&'static str] = &["record"];

    fn read(_: &mut Fields<'_>) -> Self {
        Self
    }
}

/// Sets declared additional fields of the session, of which we have none.
#[tracing::instrument(name = "auth.routes.update_session", skip_all)]
pub(super) async fn update_session(
    State(auth): State<Auth>,
    headers: HeaderMap,
    Body(UpdateSession): Body<UpdateSession>,
) -> Result<Response, AuthError> {
    guarded(&auth, &headers, Guard::Session, async |_| Err(nothing_to_update())).await
}

/// The old password and the new one.
pub(super) struct ChangeForm {
    new: Password,
    current: Password,
    revoke_others: Option<bool>,
}

impl Schema for ChangeForm {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            new: fields.string("newPassword").into(),
            current: fields.string("currentPassword").into(),
            revoke_others: fields.optional_bool("revokeOtherSessions"),
        }
    }
}

/// Replaces the password. Where other sessions end, the answer has a new one.
#[tracing::instrument(name = "auth.routes.change_password", skip_all)]
pub(super) async fn change_password(
    State(auth): State<Auth>,
    Client(client): Client,
    headers: HeaderMap,
    Body(form): Body<ChangeForm>,
) -> Result<Response, AuthError> {
    guarded(&auth, &headers, Guard::Sensitive, async |who| {
        let jar = Jar::read(&headers);
        let change = ChangePassword {
            current: form.current,
            new: form.new,
            revoke_others: form.revoke_others,
            remember: !auth.cookies.is_unremembered(&jar),
            client,
        };
        let login = auth::change_password(&auth.backend, &who.user, &change).await;
        let login = login.map_err(|failure| auth.refuse(failure))?;
        let token = login.as_ref().map(|login| login.token.expose());
        let user = UserJson::from(&who.user);
        let mut response = Json(json!({ "token": token, "user": user })).into_response();
        if let Some(login) = &login {
            let now = auth.backend.clock.now();
            append(&mut response, auth.cookies.start(&jar, now, &login.into()));
        }
        Ok(response)
    })
    .await
}

/// A password to compare with.
pub(super) struct VerifyForm {
    password: Password,
}

impl Schema for VerifyForm {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self { password: fields.string("password").into() }
    }
}

/// Whether it is the caller's password.
#[tracing::instrument(name = "auth.routes.verify_password", skip_all)]
pub(super) async fn verify_password(
    State(auth): State<Auth>,
    headers: HeaderMap,
    Body(form): Body<VerifyForm>,
) -> Result<Response, AuthError> {
    guarded(&auth, &headers, Guard::Sensitive, async |who| {
        let right = auth::verify_password(&auth.backend, &who.caller, &form.password).await;
        right.map_err(|failure| auth.refuse(failure))?;
        Ok(Json(json!({ "status": true })).into_response())
    })
    .await
}
