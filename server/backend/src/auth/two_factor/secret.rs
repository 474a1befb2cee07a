//! Keys of authenticator apps, as rows keep them.
//!
//! The hardened profile draws 160 bits (RFC 4226, section 4, R6) and seals them; Better Auth draws 32 characters,
//! whose ASCII is the key, and encrypts those. Either profile reads what the other wrote, so that an adopted
//! database goes on working.

use data_encoding::BASE32_NOPAD;
use domain::UserId;
use zeroize::Zeroizing;

use crate::{
    AuthProfile, Backend, Error, Result,
    auth::symmetric,
    vault::{Field, Purpose},
};

/// In front of a key that is written in base32 instead of being text itself; Better Auth's own mark.
const BASE32_MARK: &str = "base32:";

/// A new key.
pub(super) struct NewSecret {
    /// What the column holds.
    pub(super) stored: String,
    /// What the HMAC takes.
    pub(super) key: Zeroizing<Vec<u8>>,
}

/// Draws a key for the row with this id. Call it before the transaction begins: the vault may have to make a key
/// of its own.
pub(super) async fn generate(backend: &Backend, row: &str, user: &UserId) -> Result<NewSecret> {
    match backend.settings.auth.profile {
        AuthProfile::Hardened => {
            let key = Zeroizing::new(backend.random.bytes::<20>().to_vec());
            let text = Zeroizing::new(format!("{BASE32_MARK}{}", BASE32_NOPAD.encode(&key)));
            let stored = backend.vault.encrypt(Purpose::Totp, &field(row, user), &text).await?;
            Ok(NewSecret { stored, key })
        }
        AuthProfile::BetterAuth => {
            let text = Zeroizing::new(backend.random.alphanumeric(32));
            let secret = &backend.settings.auth.secret;
            let stored = symmetric::encrypt(secret, &backend.random, &text);
            Ok(NewSecret { stored, key: Zeroizing::new(text.as_bytes().to_vec()) })
        }
    }
}

/// The key behind a stored text. Call it outside transactions, as [`generate`].
pub(super) async fn open(
    backend: &Backend,
    row: &str,
    user: &UserId,
    stored: &str,
) -> Result<Zeroizing<Vec<u8>>> {
    let text = if stored.starts_with("cfr1.") {
        backend.vault.decrypt(Purpose::Totp, &field(row, user), stored).await?
    } else {
        symmetric::decrypt(&backend.settings.auth.secret, stored)?
    };
    match text.strip_prefix(BASE32_MARK) {
        Some(base32) => BASE32_NOPAD
            .decode(base32.trim_end_matches('=').to_ascii_uppercase().as_bytes())
            .map(Zeroizing::new)
            .map_err(|_| Error::Corrupt("key of an authenticator app")),
        None => Ok(Zeroizing::new(text.as_bytes().to_vec())),
    }
}

fn field<'a>(row: &'a str, user: &'a UserId) -> Field<'a> {
    Field { table: "twoFactor", column: "secret", row, user }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{auth::two_factor::testing::in_profile, both_engines, testing::backend};

    both_engines! {
        async fn both_profiles_read_what_either_wrote(db: TestDb) {
            let hardened = backend(db.db.clone());
            let better_auth = in_profile(&hardened, AuthProfile::BetterAuth);
            let user = UserId::new("alice");

            let sealed = generate(&hardened, "row", &user).await.unwrap();
            let plain = generate(&better_auth, "row", &user).await.unwrap();

            assert_eq!((sealed.key.len(), plain.key.len()), (20, 32));
            assert!(sealed.stored.starts_with("cfr1."));
            assert!(plain.stored.bytes().all(|byte| byte.is_ascii_hexdigit()));
            for backend in [&hardened, &better_auth] {
                assert_eq!(open(backend, "row", &user, &sealed.stored).await.unwrap(), sealed.key);
                assert_eq!(open(backend, "row", &user, &plain.stored).await.unwrap(), plain.key);
            }
        }

        async fn a_sealed_key_belongs_to_its_row_and_its_person(db: TestDb) {
            let backend = backend(db.db.clone());
            let alice = UserId::new("alice");
            let made = generate(&backend, "row", &alice).await.unwrap();

            assert!(open(&backend, "other", &alice, &made.stored).await.is_err());
            assert!(open(&backend, "row", &UserId::new("mallory"), &made.stored).await.is_err());
        }

        async fn a_key_that_came_from_another_provider_is_base32(db: TestDb) {
            let backend = backend(db.db.clone());
            let secret = &backend.settings.auth.secret;
            let stored = symmetric::encrypt(secret, &backend.random, "base32:mfrgg===");

            let key = open(&backend, "row", &UserId::new("alice"), &stored).await.unwrap();

            assert_eq!(&*key, b"abc");
        }
    }
}
