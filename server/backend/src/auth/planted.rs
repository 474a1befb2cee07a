//! What somebody put on an account before anybody proved its address. Whoever proves it gets the account without that.

use domain::UserId;

use super::verification;
use crate::{Backend, Result, Timestamp, db::SystemTx, execute};

/// Proves the address of an account, in the transaction of the proof, and removes every way in that was set before
/// it: sessions, the password, accounts at providers, passkeys, the second factor, known and trusted browsers, and
/// every mailed link. Name, money and settings stay with the id.
pub(in crate::auth) async fn remove(
    tx: &mut SystemTx,
    backend: &Backend,
    user: &UserId,
) -> Result<()> {
    execute!(tx, r#"delete from "session" where "userId" = $1"#, user)?;
    execute!(tx, r#"delete from "account" where "userId" = $1"#, user)?;
    execute!(tx, r#"delete from "passkey" where "userId" = $1"#, user)?;
    execute!(tx, r#"delete from "twoFactor" where "userId" = $1"#, user)?;
    execute!(tx, r#"delete from "known_device" where "userId" = $1"#, user)?;
    execute!(tx, r#"delete from "trustedDevice" where "userId" = $1"#, user)?;
    execute!(tx, r#"delete from "explicit_linking" where "userId" = $1"#, user)?;
    verification::void_all(tx, user).await?;
    execute!(
        tx,
        r#"
        update "user"
        set "emailVerified" = true, "twoFactorEnabled" = false, "updatedAt" = $1
        where "id" = $2
        "#,
        Timestamp::from(backend.clock.now()),
        user,
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::{
        Backend,
        auth::{
            Client, Password, SignIn, request_reset, reset_password, sessions, sign_in,
            two_factor::testing::{Person, request},
        },
        both_engines, fetch_one,
        testing::{backend, mails_of, plant_passkey, set_email_verified, token_in},
    };

    const ANN: &str = "ann@example.com";
    const NEW: &str = "an entirely different phrase";

    /// Passkeys, second factors and accounts that are left.
    async fn ways_in(backend: &Backend) -> (i64, i64, i64) {
        let mut tx = backend.db.system().read().await.unwrap();
        fetch_one!(
            tx,
            r#"
            select (select count(*) from "passkey"), (select count(*) from "twoFactor"),
                   (select count(*) from "account")
            "#
        )
        .unwrap()
    }

    async fn reset(backend: &Backend) {
        backend.clock.advance(std::time::Duration::from_secs(1));
        request_reset(backend, ANN, "", &Client::default()).await.unwrap();
        let token = token_in(&mails_of(backend, ANN).await[0]);
        reset_password(backend, &token, &NEW.into()).await.unwrap();
    }

    async fn enter(backend: &Backend) -> SignIn {
        let request = crate::auth::SignInRequest {
            password: Password::from(NEW),
            ..request(ANN, &Client::default())
        };
        sign_in(backend, &request).await.unwrap()
    }

    both_engines! {
        async fn a_reset_of_an_unproven_account_leaves_no_factor_that_somebody_planted(db: TestDb) {
            let backend = backend(db.db.clone());
            let planted = Person::with_app(&backend, ANN).await;
            plant_passkey(&backend, planted.id()).await;
            assert_eq!(ways_in(&backend).await, (1, 1, 1));

            reset(&backend).await;

            assert_eq!(ways_in(&backend).await, (0, 0, 1), "the new password alone");
            let SignIn::Done(login) = enter(&backend).await else { panic!("a planted factor is asked for") };
            assert!(login.user.email_verified && !login.user.two_factor_enabled);
            assert!(sessions::list(&backend, &planted.caller).await.unwrap().len() == 1, "the owner's alone");
        }

        async fn a_reset_of_a_proven_account_skips_no_factor(db: TestDb) {
            let backend = backend(db.db.clone());
            let ann = Person::with_app(&backend, ANN).await;
            plant_passkey(&backend, ann.id()).await;
            set_email_verified(&backend, ANN, true).await;

            reset(&backend).await;

            assert_eq!(ways_in(&backend).await, (1, 1, 1));
            assert!(matches!(enter(&backend).await, SignIn::SecondFactor(_)));
        }
    }
}
