//! Signing up with an address and a password.

use domain::{Code, Email, UserId};
use url::Url;

use super::{
    AuthFailure, Client, Login, Method, Password, UserView, credential, email, links, login, mails,
    passwords::rules::check_new, throttle,
};
use crate::{
    AuthProfile, Backend, Error, OnConflict, Timestamp, billing::customers, db::SystemTx, execute,
    mail,
};

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
    /// The page after the mailed link.
    pub callback: String,
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
    let charges = throttle::sign_up(backend, &request.client).await?;
    let outcome = make(backend, request).await;
    match &outcome {
        Ok(_) | Err(AuthFailure::EmailTaken) => {}
        // A slip of the pen is no attempt.
        Err(_) => charges.give_back().await,
    }
    outcome
}

async fn make(backend: &Backend, request: &SignUpRequest) -> Result<SignUpOutcome, AuthFailure> {
    let settings = &backend.settings.auth;
    let user = new_user(backend, request)?;
    check_new(backend, &request.password, &user.name, &user.email).await?;
    // Before the look at the address, so that a taken one costs the same.
    let hash = backend.passwords.hash(&backend.random, &request.password).await?;

    let mut tx = backend.db.system().write().await?;
    match insert_user(&mut tx, backend, &user, &hash).await {
        Ok(()) => {}
        Err(Error::AlreadyExists(_)) if settings.require_email_verification => {
            drop(tx);
            tell_owner(backend, &user.email).await?;
            return Ok(SignUpOutcome { user, login: None });
        }
        Err(Error::AlreadyExists(_)) => return Err(AuthFailure::EmailTaken),
        Err(error) => return Err(error.into()),
    }
    email::mail_verification(&mut tx, backend, &user, &request.callback).await?;
    let login = if settings.require_email_verification {
        None
    } else {
        let (client, remember, user) = (&request.client, request.remember, user.clone());
        Some(login::complete(&mut tx, backend, user, client, remember, Method::SignUp).await?)
    };
    tx.commit().await?;
    Ok(SignUpOutcome { user, login })
}

/// The owner of a taken address learns that somebody tried, and that they have an account. Better Auth sends
/// nothing.
async fn tell_owner(backend: &Backend, email: &str) -> Result<(), Error> {
    let mut tx = backend.db.system().write().await?;
    match backend.settings.auth.profile {
        AuthProfile::Hardened if throttle::may_mail(backend, email).await => {
            let letter = mails::already_here(links::page(backend, "/sign-in"));
            mail::post(&mut tx, backend, email, &letter).await?;
        }
        _ => mail::post_nothing(&mut tx, backend).await?,
    }
    tx.commit().await?;
    Ok(())
}

/// The person as they will be stored.
fn new_user(backend: &Backend, request: &SignUpRequest) -> Result<UserView, AuthFailure> {
    let email = parse_email(&request.email)?;
    let hardened = backend.is_hardened();
    let name = clean_name(&request.name, hardened)?;
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

/// The name as it will be stored; may be empty.
pub(super) fn clean_name(text: &str, hardened: bool) -> Result<String, AuthFailure> {
    if !hardened {
        let plain = !text.contains('\0');
        let name = plain.then(|| text.to_owned());
        return name.ok_or(AuthFailure::NameInvalid(Code::TextCharacters));
    }
    domain::text::clean_line(text, NAME_MAX).map_err(|code| {
        let long = matches!(code, Code::TextLength(_));
        AuthFailure::NameInvalid(if long { Code::NameLength } else { code })
    })
}

/// An address exactly as typed: blanks around it are a mistake here, not something to repair.
pub(super) fn parse_email(text: &str) -> Result<Email, AuthFailure> {
    if text.trim() != text {
        return Err(AuthFailure::EmailInvalid);
    }
    Email::parse(text).map_err(|_| AuthFailure::EmailInvalid)
}

/// Whether the address of a picture may be kept. The hardened profile takes https alone.
pub(super) fn is_image(text: &str, hardened: bool) -> bool {
    if !hardened {
        return !text.contains('\0');
    }
    text.len() <= IMAGE_MAX
        && Url::parse(text).is_ok_and(|url| url.scheme() == "https" && url.has_host())
}

/// The person and their password. [`Error::AlreadyExists`] when the address is taken.
async fn insert_user(
    tx: &mut SystemTx,
    backend: &Backend,
    user: &UserView,
    hash: &str,
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
    customers::signed_up(tx, backend, &user.id).await?;
    credential::insert(tx, backend, &user.id, hash).await
}

#[cfg(test)]
mod tests;
