//! The passwords that are stored: which forms there are, and those of Better Auth wrapped into ours.

use super::hash::Cost;
use crate::{Backend, Result, auth::credential, fetch_all, fetch_one};

/// Rows that are read, hashed and written together. A stop in between loses no more than their work.
const BATCH: i64 = 50;

/// Looks which forms of passwords are stored, so that from the first comparison on every one costs the same. At each
/// start.
#[tracing::instrument(name = "passwords.survey", skip_all)]
pub async fn survey(backend: &Backend) -> Result<()> {
    let mut tx = backend.db.system().read().await?;
    let (argon2id, scrypt, wrapped): (i64, i64, i64) = fetch_one!(
        tx,
        r#"
        select
            (select count(*) from (select 1 from "account" where "password" like '$%' limit 1) as a),
            (select count(*) from (select 1 from "account" where "password" like '%:%' limit 1) as b),
            (select count(*) from (select 1 from "account" where "password" like 'scrypt$%' limit 1) as c)
        "#,
    )?;
    let stored = Cost { argon2id: argon2id + wrapped > 0, scrypt: scrypt + wrapped > 0 };
    backend.passwords.expected.include(stored);
    Ok(())
}

/// What became of the passwords in Better Auth's form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wrapped {
    /// How many are wrapped now that were not before.
    pub wrapped: u64,
    /// The rows of "account" whose password is in no form that anybody could sign in with.
    pub unreadable: Vec<String>,
}

/// Wraps every password that is still `salt:key`; none where another application reads them. It goes row by row and
/// can be stopped and begun again; a password that is changed meanwhile is left as it then is.
#[tracing::instrument(name = "passwords.wrap", skip_all)]
pub async fn wrap(backend: &Backend) -> Result<Option<Wrapped>> {
    if !backend.is_hardened() || Cost::of_new(backend.passwords.params).scrypt {
        return Ok(None);
    }
    let mut report = Wrapped::default();
    let mut after = String::new();
    loop {
        let rows = next(backend, &after).await?;
        let Some((last, _)) = rows.last() else { return Ok(Some(report)) };
        after.clone_from(last);
        wrap_rows(backend, rows, &mut report).await?;
    }
}

/// The next rows whose password is not in one of our forms.
async fn next(backend: &Backend, after: &str) -> Result<Vec<(String, String)>> {
    let mut tx = backend.db.system().read().await?;
    Ok(fetch_all!(
        tx,
        r#"
        select "id", "password"
        from "account"
        where "id" > $1 and "password" not like '$%' and "password" not like 'scrypt$%'
        order by "id"
        limit $2
        "#,
        after,
        BATCH,
    )?)
}

async fn wrap_rows(
    backend: &Backend,
    rows: Vec<(String, String)>,
    report: &mut Wrapped,
) -> Result<()> {
    let mut done = Vec::with_capacity(rows.len());
    for (id, old) in rows {
        match backend.passwords.wrap(&backend.random, old.clone()).await? {
            Some(new) => done.push((id, old, new)),
            None => report.unreadable.push(id),
        }
    }
    let mut tx = backend.db.system().write().await?;
    for (id, old, new) in &done {
        let replaced = credential::replace(&mut tx, backend, id, old, new).await?;
        report.wrapped += u64::from(replaced);
    }
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{
        super::{HashParams, Passwords, Runs},
        *,
    };
    use crate::{
        AuthProfile, Random,
        auth::{
            AuthFailure, Client, SignIn, SignInRequest, sign_in,
            two_factor::testing::{PASSWORD, in_profile, request, somebody},
        },
        both_engines, execute,
        testing::backend,
    };

    /// Better Auth's hash of "correct horse battery".
    const LEGACY: &str = "00112233445566778899aabbccddeeff:267a33c2ae63f1c2d542f84d50b7d87c68900c8b9475f6a47ade71cf44b234822e0a34af1d226572b5caf52809319d4c486f3d209cc2fd022fb53bb4eaeb35b1";
    const OLD_PASSWORD: &str = "correct horse battery";

    /// Signs somebody up, and stores another text for their password.
    async fn person(backend: &Backend, email: &str, stored: Option<&str>) {
        let user = somebody(backend, email).await;
        let Some(stored) = stored else { return };
        let mut tx = backend.db.system().write().await.unwrap();
        execute!(
            tx,
            r#"update "account" set "password" = $1 where "userId" = $2"#,
            stored,
            user.user()
        )
        .unwrap();
        tx.commit().await.unwrap();
    }

    async fn stored_of(backend: &Backend, email: &str) -> (String, String) {
        let mut tx = backend.db.system().read().await.unwrap();
        fetch_one!(
            tx,
            r#"
            select a."id", a."password"
            from "account" a join "user" u on u."id" = a."userId"
            where u."email" = $1
            "#,
            email,
        )
        .unwrap()
    }

    async fn enter(backend: &Backend, email: &str, password: &str) -> Result<SignIn, AuthFailure> {
        let asked = request(email, &Client::default());
        sign_in(backend, &SignInRequest { password: password.into(), ..asked }).await
    }

    both_engines! {
        async fn old_passwords_are_wrapped_and_open_as_before(db: TestDb) {
            let backend = backend(db.db.clone());
            person(&backend, "ann@example.com", Some(LEGACY)).await;
            person(&backend, "ben@example.com", None).await;
            person(&backend, "gil@example.com", Some("nonsense")).await;
            let ben = stored_of(&backend, "ben@example.com").await;
            let (gil, _) = stored_of(&backend, "gil@example.com").await;

            let first = wrap(&backend).await.unwrap();
            let second = wrap(&backend).await.unwrap();

            assert_eq!(first, Some(Wrapped { wrapped: 1, unreadable: vec![gil.clone()] }));
            assert_eq!(second, Some(Wrapped { wrapped: 0, unreadable: vec![gil] }));
            assert_eq!(stored_of(&backend, "ben@example.com").await, ben);
            let (_, wrapped) = stored_of(&backend, "ann@example.com").await;
            assert!(wrapped.starts_with("scrypt$00112233445566778899aabbccddeeff$argon2id$v=19$"), "{wrapped}");
            assert!(enter(&backend, "ann@example.com", "correct horse batteri").await.is_err());
            assert_eq!(stored_of(&backend, "ann@example.com").await.1, wrapped);
            assert!(enter(&backend, "ann@example.com", OLD_PASSWORD).await.is_ok());
            let (_, new) = stored_of(&backend, "ann@example.com").await;
            assert!(new.starts_with("$argon2id$"), "{new}");
            assert!(enter(&backend, "ann@example.com", OLD_PASSWORD).await.is_ok());
        }

        async fn a_stopped_run_is_finished_by_the_next(db: TestDb) {
            let backend = backend(db.db.clone());
            let user = somebody(&backend, "ann@example.com").await;
            let mut tx = backend.db.system().write().await.unwrap();
            for n in 0..120 {
                execute!(
                    tx,
                    r#"
                    insert into "account" ("id", "accountId", "providerId", "userId", "password", "createdAt", "updatedAt")
                    select $1, $1, 'credential', "userId", $2, "createdAt", "updatedAt"
                    from "account"
                    where "userId" = "accountId" and "userId" = $3
                    "#,
                    format!("row{n:03}"),
                    LEGACY,
                    user.user(),
                )
                .unwrap();
            }
            tx.commit().await.unwrap();
            let mut stopped = Wrapped::default();
            let rows = next(&backend, "").await.unwrap();
            wrap_rows(&backend, rows, &mut stopped).await.unwrap();

            let rest = wrap(&backend).await.unwrap().unwrap();

            assert_eq!((stopped.wrapped, rest.wrapped), (50, 70));
            assert!(next(&backend, "").await.unwrap().is_empty());
        }

        async fn a_password_that_is_changed_meanwhile_is_left_as_it_then_is(db: TestDb) {
            let backend = backend(db.db.clone());
            person(&backend, "ann@example.com", Some(LEGACY)).await;
            let rows = next(&backend, "").await.unwrap();
            enter(&backend, "ann@example.com", OLD_PASSWORD).await.unwrap();
            let changed = stored_of(&backend, "ann@example.com").await;

            let mut report = Wrapped::default();
            wrap_rows(&backend, rows, &mut report).await.unwrap();

            assert_eq!((report.wrapped, stored_of(&backend, "ann@example.com").await), (0, changed));
        }

        async fn what_another_application_reads_is_left_alone(db: TestDb) {
            let backend = backend(db.db.clone());
            person(&backend, "ann@example.com", Some(LEGACY)).await;
            let shared = in_profile(&backend, AuthProfile::BetterAuth);
            let scrypt = Backend { passwords: Passwords::new(1, HashParams::BETTER_AUTH), ..backend.clone() };

            for other in [shared, scrypt] {
                assert_eq!(wrap(&other).await.unwrap(), None);
            }
            assert_eq!(stored_of(&backend, "ann@example.com").await.1, LEGACY);
        }

        async fn an_unknown_address_costs_as_much_as_a_wrong_password_of_any_form(db: TestDb) {
            // As after a restart.
            let fresh = || Backend { random: Random::system(), ..backend(db.db.clone()) };
            let each = async |backend: &Backend| {
                survey(backend).await.unwrap();
                let mut costs = Vec::new();
                for who in ["nobody", "ann", "ben"] {
                    let before = backend.passwords.runs_so_far();
                    let refused = enter(backend, &format!("{who}@example.com"), "not the password").await;
                    assert!(matches!(refused, Err(AuthFailure::CredentialsWrong)));
                    let after = backend.passwords.runs_so_far();
                    costs.push((after.argon2id - before.argon2id, after.scrypt - before.scrypt));
                }
                costs
            };
            let first = fresh();
            person(&first, "ben@example.com", None).await;
            assert_eq!(each(&fresh()).await, [(1, 0); 3], "no old form is stored");

            person(&first, "ann@example.com", Some(LEGACY)).await;
            assert_eq!(each(&fresh()).await, [(1, 1); 3]);

            wrap(&first).await.unwrap();
            assert_eq!(each(&fresh()).await, [(1, 1); 3]);

            assert!(enter(&first, "ann@example.com", OLD_PASSWORD).await.is_ok());
            assert!(enter(&first, "ben@example.com", PASSWORD).await.is_ok());
            assert_eq!(each(&fresh()).await, [(1, 0); 3], "everybody has signed in since");
            assert_eq!(fresh().passwords.runs_so_far(), Runs::default());
        }
    }
}
