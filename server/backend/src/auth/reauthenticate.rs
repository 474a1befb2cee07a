//! Asking somebody who is signed in for their password once more, before something that cannot be taken back.

use super::{
    AuthFailure, Client, Password, SignIn, SignInRequest, SignedIn, credential, sessions, sign_in,
    users,
};
use crate::Backend;

/// Signs the caller in again with their password. The new session is remembered as the old one was and takes its
/// place; a second factor is asked for as at any other sign-in.
///
/// # Errors
/// [`AuthFailure::PasswordWrong`]; [`AuthFailure::CredentialMissing`] for somebody who has no password; what
/// [`sign_in`] refuses.
#[tracing::instrument(name = "auth.reauthenticate", skip_all, fields(user.id = %caller.user()))]
pub async fn reauthenticate(
    backend: &Backend,
    caller: &SignedIn,
    password: Password,
    client: Client,
) -> Result<SignIn, AuthFailure> {
    let mut tx = backend.db.system().read().await?;
    let user = users::by_id(&mut tx, caller.user()).await?.ok_or(AuthFailure::UserUnknown)?;
    let credential = credential::find(&mut tx, &user.id).await?;
    let remember = sessions::is_remembered(&mut tx, caller).await?.unwrap_or_default();
    drop(tx);
    if credential.is_none_or(|credential| credential.hash.is_none()) {
        return Err(AuthFailure::CredentialMissing);
    }
    let replaces = Some(caller.clone());
    let request = SignInRequest { email: user.email, password, remember, client, replaces };
    sign_in(backend, &request).await.map_err(|failure| match failure {
        // Whose password it is, is known here.
        AuthFailure::CredentialsWrong | AuthFailure::PasswordTooLong => AuthFailure::PasswordWrong,
        other => other,
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{
        auth::{
            Login, SessionToken, SignUpRequest,
            sessions::{Extend, find},
            sign_up,
        },
        both_engines,
        testing::{backend, person},
    };

    const PASSWORD: &str = "correct horse battery staple";

    /// Ann, signed in for the length of her browser's life.
    async fn ann(backend: &Backend) -> (SignedIn, SessionToken) {
        let request = SignUpRequest {
            name: "Ann Lee".into(),
            email: "ann@example.com".into(),
            password: PASSWORD.into(),
            image: None,
            callback: String::new(),
            remember: false,
            client: Client::default(),
        };
        let login = sign_up(backend, &request).await.unwrap().login.unwrap();
        let found = find(backend, &login.token, Extend::Never).await.unwrap().unwrap();
        (found.caller, login.token)
    }

    async fn again(
        backend: &Backend,
        caller: &SignedIn,
        password: &str,
    ) -> Result<Login, AuthFailure> {
        let done = reauthenticate(backend, caller, password.into(), Client::default()).await?;
        let SignIn::Done(login) = done else { panic!("nobody here has a second factor") };
        Ok(login)
    }

    both_engines! {
        async fn the_right_password_starts_a_fresh_session_in_place_of_the_old_one(db: TestDb) {
            let backend = backend(db.db.clone());
            let (caller, old) = ann(&backend).await;
            backend.clock.advance(Duration::from_mins(20));
            assert!(!caller.is_fresh(&backend));

            let login = again(&backend, &caller, PASSWORD).await.unwrap();

            assert!(!login.remember);
            let found = find(&backend, &login.token, Extend::Never).await.unwrap().unwrap();
            assert!(found.caller.is_fresh(&backend));
            assert!(find(&backend, &old, Extend::Never).await.unwrap().is_none());
        }

        async fn a_wrong_password_changes_nothing(db: TestDb) {
            let backend = backend(db.db.clone());
            let (caller, token) = ann(&backend).await;

            for wrong in ["wrong horse battery staple", &"x".repeat(200)] {
                let refused = again(&backend, &caller, wrong).await;
                assert!(matches!(refused, Err(AuthFailure::PasswordWrong)), "{refused:?}");
            }

            assert!(find(&backend, &token, Extend::Never).await.unwrap().is_some());
        }

        async fn somebody_without_a_password_is_told_so(db: TestDb) {
            let backend = backend(db.db.clone());
            let eve = person(&backend, "eve").await;

            let refused = again(&backend, &eve, PASSWORD).await;

            assert!(matches!(refused, Err(AuthFailure::CredentialMissing)), "{refused:?}");
        }
    }
}
