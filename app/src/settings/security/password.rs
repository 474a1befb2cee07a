//! The password: changed by whoever knows it, set by whoever came in by a provider.

use backend::auth::{self, sessions};
use domain::{Code, FieldError};
use leptos::prelude::*;
use leptos_axum::redirect;

use super::super::{at_field, client};
use crate::{
    AppError,
    auth::refuse,
    flash,
    flash::Flash,
    routes,
    server::{CookieChange, SignInCookies, fresh, own_row, reject, signed_in, site},
    ui::{Button, Card, PasswordField, PostForm, UsernameField},
};

/// Where the form that changes the password posts to.
const CHANGE: &str = "/settings/security/password";
/// Where the form that sets a first one posts to.
const FIRST: &str = "/settings/security/first-password";

/// `POST /settings/security/password`: replaces the password and signs out every other browser.
#[server(prefix = "", endpoint = "settings/security/password")]
pub async fn change_password(
    #[server(default)]
    #[server(rename = "currentPassword")]
    current_password: String,
    #[server(default)]
    #[server(rename = "newPassword")]
    new_password: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let missing = |field: &str, text: &str| {
        text.is_empty().then(|| FieldError::new(field, Code::PasswordRequired))
    };
    let problems: Vec<_> =
        [missing("currentPassword", &current_password), missing("newPassword", &new_password)]
            .into_iter()
            .flatten()
            .collect();
    if !problems.is_empty() {
        return Err(AppError::Invalid(problems));
    }

    let all = sessions::list(&backend, &caller).await.map_err(reject)?;
    let change = auth::ChangePassword {
        current: current_password.into(),
        new: new_password.into(),
        revoke_others: Some(true),
        remember: all.iter().any(|own| own.current && own.session.remembered),
        client: client(),
    };
    let login = auth::change_password(&backend, &own_row()?, &change)
        .await
        .map_err(|failure| at_field(refuse(failure), "password", "newPassword"))?;

    if let Some(login) = &login {
        SignInCookies::set(CookieChange::Start(login));
    }
    flash::set(&Flash::done("Password changed. You're signed out everywhere else."));
    redirect(routes::SECURITY);
    Ok(())
}

/// `POST /settings/security/first-password`: gives somebody who comes in by a provider a password as well.
#[server(prefix = "", endpoint = "settings/security/first-password")]
pub async fn set_password(
    #[server(default)]
    #[server(rename = "newPassword")]
    new_password: String,
) -> Result<(), AppError> {
    let (backend, caller) = fresh()?;
    auth::set_password(&backend, &caller, &new_password.into())
        .await
        .map_err(|failure| at_field(refuse(failure), "password", "newPassword"))?;

    flash::set(&Flash::done(
        "Password set. You can sign in with your e-mail and this password now.",
    ));
    redirect(routes::SECURITY);
    Ok(())
}

/// The form that changes or sets the password.
#[component]
pub fn PasswordCard(
    /// Whose it is, for password managers.
    email: String,
    /// Whether there is one.
    has_password: bool,
) -> AnyView {
    let form = if has_password {
        view! {
            <PostForm action=CHANGE page=routes::SECURITY>
                <UsernameField value=email/>
                <PasswordField name="currentPassword" label="Current password" autocomplete="current-password"/>
                <NewPassword/>
                <p class="text-sm text-ink-2">"You stay signed in here and are signed out everywhere else."</p>
                <div><Button busy="Changing…">"Change password"</Button></div>
            </PostForm>
        }
        .into_any()
    } else {
        view! {
            <PostForm action=FIRST page=routes::SECURITY>
                <p class="text-ink-2">
                    "You sign in with another provider. With a password you can also sign in without it."
                </p>
                <UsernameField value=email/>
                <NewPassword/>
                <div><Button busy="Saving…">"Set password"</Button></div>
            </PostForm>
        }
        .into_any()
    };
    view! { <Card id="password" title="Password">{form}</Card> }.into_any()
}

/// The new password. It looks up its form when it is drawn, so it stands inside of one.
#[component]
fn NewPassword() -> AnyView {
    let least = site().password_min;
    let hint = format!("At least {least} characters. A few words you can remember are fine.");
    view! {
        <PasswordField name="newPassword" label="New password" autocomplete="new-password" hint least/>
    }
    .into_any()
}
