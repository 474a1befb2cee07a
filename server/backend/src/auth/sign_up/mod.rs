//! Signing up with an address and a password.

use domain::{Code, Email, UserId};
use url::Url;

use super::{AuthFailure, Client, Login, Method, Password, UserView, login};
use crate::{
    AuthProfile, AuthSettings, Backend, Error, OnConflict, Timestamp, db::SystemTx, execute, mail,
};

/// Most UTF-16 units of a password.
pub(super) const PASSWORD_MAX: usize = 128;
const NAME_MAX: usize = 80;
const IMAGE_MAX: usize = 2_048;

/// Who wants an account, and from where.
#[derive(Clone)]
pub struct SignUpRequest {
    /// How they want to be called; may be empty.
    pub name: String,
    /// Their address.
    pub email: String,
    /// The password they chose.
    pub password: Password,
    /// The address of a picture.
    pub image: Option<String>,
    /// Whether the session outlives the browser.
    pub remember: bool,
    /// Where the request comes from.
    pub client: Client,
}

/// A new account.
#[derive(Clone, Debug)]
pub struct SignUpOutcome {
    /// The person.
    pub user: UserView,
    /// Their first session; none when the address has to be proven first. Then the answer is the same for an
    /// address that is taken, and the person is made up.
    pub login: Option<Login>,
}

/// Makes an account and, unless addresses have to be proven first, a session.
#[tracing::instrument(name = "auth.sign_up", skip_all)]
pub async fn sign_up(
    backend: &Backend,
    request: &SignUpRequest,
) -> Result<SignUpOutcome, AuthFailure> {
    let settings = &backend.settings.auth;
    let user = new_user(backend, request)?;
    check_password(backend, request, &user).await?;
    // Before the look at the address, so that a taken one costs the same.
    let hash = backend.passwords.hash(&backend.random, &request.password).await?;

    let mut tx = backend.db.system().write().await?;
    match insert_user(&mut tx, &user, &hash, &backend.random.alphanumeric(32)).await {
        Ok(()) => {}
        Err(Error::AlreadyExists(_)) if settings.require_email_verification => {
            return Ok(SignUpOutcome { user, login: None });
        }
        Err(Error::AlreadyExists(_)) => return Err(AuthFailure::EmailTaken),
        Err(error) => return Err(error.into()),
    }
    let login = if settings.require_email_verification {
        None
    } else {
        let (client, remember) = (&request.client, request.remember);
        mail::welcome(&mut tx, backend, &user.email).await?;
        let user = user.clone();
        Some(login::complete(&mut tx, backend, user, client, remember, Method::SignUp).await?)
    };
    tx.commit().await?;
    Ok(SignUpOutcome { user, login })
}

/// The person as they will be stored.
fn new_user(backend: &Backend, request: &SignUpRequest) -> Result<UserView, AuthFailure> {
    let email = parse_email(&request.email)?;
    let hardened = backend.settings.auth.profile == AuthProfile::Hardened;
    let name = if hardened {
        domain::text::clean_line(&request.name, NAME_MAX).map_err(|code| {
            AuthFailure::NameInvalid(if matches!(code, Code::TextLength(_)) {
                Code::NameLength
            } else {
                code
            })
        })?
    } else if request.name.contains('\0') {
        return Err(AuthFailure::NameInvalid(Code::TextCharacters));
    } else {
        request.name.clone()
    };
    if request.image.as_deref().is_some_and(|image| !is_image(image, hardened)) {
        return Err(AuthFailure::ImageInvalid);
    }
    let now = backend.clock.now();
    Ok(UserView {
        id: UserId::new(backend.random.alphanumeric(32)),
        name,
        email: email.as_str().to_owned(),
        email_verified: false,
        image: request.image.clone(),
        two_factor_enabled: false,
        created_at: now,
        updated_at: now,
    })
}

/// An address exactly as typed: blanks around it are a mistake here, not something to repair.
pub(super) fn parse_email(text: &str) -> Result<Email, AuthFailure> {
    if text.trim() != text {
        return Err(AuthFailure::EmailInvalid);
    }
    Email::parse(text).map_err(|_| AuthFailure::EmailInvalid)
}

fn is_image(text: &str, hardened: bool) -> bool {
    if !hardened {
        return !text.contains('\0');
    }
    text.len() <= IMAGE_MAX
        && Url::parse(text).is_ok_and(|url| url.scheme() == "https" && url.has_host())
}

/// The rules for new passwords. Better Auth has only the two lengths.
async fn check_password(
    backend: &Backend,
    request: &SignUpRequest,
    user: &UserView,
) -> Result<(), AuthFailure> {
    let AuthSettings { password_min, profile, .. } = backend.settings.auth;
    let password = &request.password;
    let length = password.utf16_len();
    if length < password_min {
        return Err(AuthFailure::PasswordTooShort(password_min));
    }
    if length > PASSWORD_MAX {
        return Err(AuthFailure::PasswordTooLong);
    }
    if password.has_nul() {
        return Err(AuthFailure::PasswordCharacters);
    }
    if profile == AuthProfile::BetterAuth {
        return Ok(());
    }
    let email = parse_email(&user.email)?;
    match domain::password::check(password.expose(), &email, &user.name, password_min) {
        Err(Code::PasswordPersonal) => {
            return Err(AuthFailure::PasswordGuessable(Code::PasswordPersonal));
        }
        Err(_) => return Err(AuthFailure::PasswordCharacters),
        Ok(()) => {}
    }
    let about = vec![user.name.clone(), user.email.clone()];
    match backend.passwords.weakness(password, about).await? {
        Some(code) => Err(AuthFailure::PasswordGuessable(code)),
        None => Ok(()),
    }
}

/// The person and their password. [`Error::AlreadyExists`] when the address is taken.
async fn insert_user(
    tx: &mut SystemTx,
    user: &UserView,
    hash: &str,
    account_id: &str,
) -> Result<(), Error> {
    let now = Timestamp::from(user.created_at);
    execute!(
        tx,
        r#"
        insert into "user" ("id", "name", "email", "emailVerified", "image", "createdAt", "updatedAt")
        values ($1, $2, $3, false, $4, $5, $5)
        "#,
        &user.id,
        &user.name,
        &user.email,
        user.image.as_deref(),
        now,
    )
    .on_conflict("user")?;
    execute!(
        tx,
        r#"
        insert into "account" ("id", "accountId", "providerId", "userId", "password", "createdAt", "updatedAt")
        values ($1, $2, 'credential', $2, $3, $4, $4)
        "#,
        account_id,
        &user.id,
        hash,
        now,
    )?;
    Ok(())
}

#[cfg(test)]
mod tests;
