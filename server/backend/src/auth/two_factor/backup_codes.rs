//! Backup codes: ten, each good once, for when the authenticator is gone.
//!
//! The hardened profile keeps keyed hashes (HMAC-SHA-256), so that a copy of the database is not enough to try
//! codes; Better Auth keeps an encrypted JSON list.

use domain::UserId;
use hmac::{Hmac, Mac};
use secrecy::ExposeSecret;
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::{AuthProfile, Backend, Error, Result, auth::symmetric};

const COUNT: usize = 10;
const LENGTH: usize = 10;
/// Crockford's base 32: five bits a character, none that is mistaken for another.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// New codes.
pub(super) struct NewCodes {
    /// What the person writes down, shown once: `xxxxx-xxxxx`.
    pub(super) shown: Vec<String>,
    /// What the column holds.
    pub(super) stored: String,
}

/// Draws ten codes of 50 bits and more.
pub(super) fn generate(backend: &Backend, user: &UserId) -> NewCodes {
    let profile = backend.settings.auth.profile;
    let shown: Vec<String> = (0..COUNT)
        .map(|_| {
            let code = match profile {
                AuthProfile::Hardened => easy_to_read(backend),
                AuthProfile::BetterAuth => backend.random.alphanumeric(LENGTH),
            };
            format!("{}-{}", &code[..LENGTH / 2], &code[LENGTH / 2..])
        })
        .collect();
    let stored = match profile {
        AuthProfile::Hardened => {
            to_json(&shown.iter().map(|code| hash(backend, user, code)).collect::<Vec<_>>())
        }
        AuthProfile::BetterAuth => {
            symmetric::encrypt(&backend.settings.auth.secret, &backend.random, &to_json(&shown))
        }
    };
    NewCodes { shown, stored }
}

/// No codes at all, as the column holds them.
pub(super) fn none() -> String {
    to_json(&[])
}

/// The stored text without `code`; nothing when it is not among them.
pub(super) fn spend(
    backend: &Backend,
    user: &UserId,
    stored: &str,
    code: &str,
) -> Result<Option<String>> {
    let list = read(backend, stored)?;
    let looked_for = if list.hashed { hash(backend, user, code) } else { code.trim().to_owned() };
    let is_it = |kept: &String| bool::from(kept.as_bytes().ct_eq(looked_for.as_bytes()));
    let (spent, left): (Vec<String>, Vec<String>) = list.codes.into_iter().partition(is_it);
    if spent.is_empty() {
        return Ok(None);
    }
    Ok(Some(match (backend.settings.auth.profile, list.hashed) {
        (_, true) => to_json(&left),
        (AuthProfile::Hardened, false) => {
            to_json(&left.iter().map(|code| hash(backend, user, code)).collect::<Vec<_>>())
        }
        (AuthProfile::BetterAuth, false) => {
            symmetric::encrypt(&backend.settings.auth.secret, &backend.random, &to_json(&left))
        }
    }))
}

/// How many are left.
pub(super) fn left(backend: &Backend, stored: &str) -> Result<usize> {
    Ok(read(backend, stored)?.codes.len())
}

struct List {
    codes: Vec<String>,
    hashed: bool,
}

/// Either profile reads what the other wrote.
fn read(backend: &Backend, stored: &str) -> Result<List> {
    let hashed = stored.starts_with('[');
    let plain;
    let json = if hashed {
        stored
    } else {
        plain = symmetric::decrypt(&backend.settings.auth.secret, stored)?;
        &plain
    };
    let codes = serde_json::from_str(json).map_err(|_| Error::Corrupt("list of backup codes"))?;
    Ok(List { codes, hashed })
}

fn to_json(codes: &[String]) -> String {
    serde_json::to_string(codes).expect("text is JSON")
}

fn easy_to_read(backend: &Backend) -> String {
    let bytes = backend.random.bytes::<LENGTH>();
    bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect()
}

/// Of a code as people type it: without the hyphen, in any case, `o` for `0`, `i` or `l` for `1`.
fn hash(backend: &Backend, user: &UserId, code: &str) -> String {
    let secret = backend.settings.auth.secret.expose_secret();
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(b"coffer:backup-code:v1|");
    mac.update(user.as_str().as_bytes());
    mac.update(b"|");
    for character in code.chars().filter(|c| !c.is_whitespace() && *c != '-') {
        let character = match character.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        };
        mac.update(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
    hex::encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{auth::two_factor::testing::in_profile, both_engines, testing::backend};

    fn alice() -> UserId {
        UserId::new("alice")
    }

    both_engines! {
        async fn ten_codes_are_each_good_once(db: TestDb) {
            let hardened = backend(db.db.clone());
            for backend in [in_profile(&hardened, AuthProfile::BetterAuth), hardened] {
                let codes = generate(&backend, &alice());
                assert_eq!(codes.shown.len(), 10);
                let mut stored = codes.stored;

                for (spent, code) in codes.shown.iter().enumerate() {
                    assert_eq!(code.len(), 11);
                    assert_eq!(left(&backend, &stored).unwrap(), 10 - spent);
                    let rest = spend(&backend, &alice(), &stored, code).unwrap().unwrap();
                    assert!(spend(&backend, &alice(), &rest, code).unwrap().is_none());
                    stored = rest;
                }

                assert_eq!(left(&backend, &stored).unwrap(), 0);
            }
        }

        async fn hashed_codes_are_read_as_people_type_them(db: TestDb) {
            let backend = backend(db.db.clone());
            let codes = generate(&backend, &alice());
            let code = &codes.shown[3];

            for typed in [code.to_uppercase(), code.replace('-', ""), format!(" {code} "), code.replace('0', "O").replace('1', "l")] {
                assert!(spend(&backend, &alice(), &codes.stored, &typed).unwrap().is_some(), "{typed}");
            }
            assert!(!codes.stored.contains(&**code));
        }

        async fn somebody_elses_codes_are_not_mine(db: TestDb) {
            let backend = backend(db.db.clone());
            let codes = generate(&backend, &alice());

            let tried = spend(&backend, &UserId::new("mallory"), &codes.stored, &codes.shown[0]);

            assert!(tried.unwrap().is_none());
            assert!(spend(&backend, &alice(), &codes.stored, "").unwrap().is_none());
        }

        async fn the_hardened_profile_spends_better_auths_codes_and_hashes_the_rest(db: TestDb) {
            let hardened = backend(db.db.clone());
            let codes = generate(&in_profile(&hardened, AuthProfile::BetterAuth), &alice());

            let rest = spend(&hardened, &alice(), &codes.stored, &codes.shown[0]).unwrap().unwrap();

            assert!(rest.starts_with('['));
            assert_eq!(left(&hardened, &rest).unwrap(), 9);
            assert!(spend(&hardened, &alice(), &rest, &codes.shown[0]).unwrap().is_none());
            assert!(spend(&hardened, &alice(), &rest, &codes.shown[1]).unwrap().is_some());
        }
    }
}
