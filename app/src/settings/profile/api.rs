//! The server functions of the profile.

#![expect(clippy::unused_async, reason = "server functions are async")]

use backend::auth::{self, ProfileChange};
use domain::{Code, FieldError, picture};
use leptos::prelude::*;
use leptos_axum::redirect;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::super::{at_field, client};
use crate::{
    AppError,
    auth::refuse,
    flash,
    flash::Flash,
    routes,
    server::{fresh, own_row, signed_in},
    session::{Session, use_session},
};

/// What somebody may see and change of themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// The name they gave.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Whether the mailbox was proven to be theirs.
    pub email_verified: bool,
    /// Whether the address can be changed here.
    pub email_can_change: bool,
    /// The address of their picture.
    pub image: Option<String>,
    /// When they signed up.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

/// Who is signed in, for components.
#[server(prefix = "/api/fn", endpoint = "session/get")]
pub async fn get_session() -> Result<Session, AppError> {
    signed_in()?;
    use_session().ok_or(AppError::SignedOut)
}

/// The caller's profile.
#[server(prefix = "/api/fn", endpoint = "profile/get")]
pub async fn get_profile() -> Result<Profile, AppError> {
    let (backend, _) = signed_in()?;
    let user = own_row()?;
    Ok(Profile {
        name: user.name,
        email: user.email,
        email_verified: user.email_verified,
        email_can_change: backend.settings.auth.change_email,
        image: user.image,
        created_at: user.created_at,
    })
}

/// `POST /settings/profile`: changes name and picture; an empty address means initials.
#[server(prefix = "", endpoint = "settings/profile")]
pub async fn save_profile(
    #[server(default)] name: String,
    #[server(default)] image: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let image = read_image(&image)?;
    let change = ProfileChange { name: Some(name), image: Some(image) };
    auth::update_profile(&backend, &caller, &change).await.map_err(refuse)?;

    flash::set(&Flash::done("Profile saved."));
    redirect(routes::PROFILE);
    Ok(())
}

/// The address of a picture that pages show.
fn read_image(text: &str) -> Result<Option<String>, AppError> {
    let text = text.trim();
    let code = match text {
        "" => return Ok(None),
        text if picture::is_shown(text) => return Ok(Some(text.to_owned())),
        text if text.starts_with("https://") => Code::ImageHost,
        _ => Code::ImageInvalid,
    };
    Err(AppError::Invalid(vec![FieldError::new("image", code)]))
}

/// `POST /settings/profile/email`: asks for another address. Nothing changes before it is proven.
#[server(prefix = "", endpoint = "settings/profile/email")]
pub async fn change_email(
    #[server(default)]
    #[server(rename = "newEmail")]
    new_email: String,
) -> Result<(), AppError> {
    let (backend, _) = fresh()?;
    if new_email.trim().is_empty() {
        return Err(AppError::Invalid(vec![FieldError::new("newEmail", Code::EmailRequired)]));
    }
    let (user, client) = (own_row()?, client());
    auth::email::change_email(&backend, &user, new_email.trim(), routes::PROFILE, &client)
        .await
        .map_err(|failure| at_field(refuse(failure), "email", "newEmail"))?;

    redirect(routes::EMAIL_CHANGE_ASKED);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_one_that_is_shown_or_none() {
        let shown = "https://www.gravatar.com/avatar/1";
        assert_eq!(read_image(" "), Ok(None));
        assert_eq!(read_image(&format!(" {shown} ")), Ok(Some(shown.to_owned())));

        let code = |text| read_image(text).unwrap_err().fields()[0].code.clone();
        assert_eq!(code("https://evil.example/a.png"), "image_host");
        assert_eq!(code("http://www.gravatar.com/avatar/1"), "image_invalid");
        assert_eq!(code("me.png"), "image_invalid");
    }
}
