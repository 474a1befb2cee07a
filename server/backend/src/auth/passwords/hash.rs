//! The forms of stored passwords: argon2id (RFC 9106) as a PHC string, Better Auth's scrypt (RFC 7914) as `salt:key`,
//! and such a key wrapped into argon2id as `scrypt$salt$argon2id$…`.

use std::hint::black_box;

use argon2::{
    Algorithm, Argon2, Params, PasswordHash, Version,
    password_hash::{PasswordHasher, SaltString},
};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Salt of the work that is done for nobody.
pub(super) const DUMMY_SALT: [u8; 16] = *b"nobody has this.";

/// What stands in front of the salt of a wrapped key; the PHC string of the key follows it.
pub(super) const WRAPPED: &str = "scrypt$";

/// What a stored hash may cost: one row must not be able to take the machine's memory.
const MAX_STORED_KIB: u32 = 256 * 1024;
const MAX_STORED_PASSES: u32 = 16;
const MAX_STORED_LANES: u32 = 4;

/// How new passwords are hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashParams(Scheme);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Argon2id { memory_kib: u32, passes: u32, lanes: u32 },
    Scrypt,
}

impl HashParams {
    /// What OWASP's password storage cheat sheet asks of argon2id at least: 19 MiB, two passes, one lane.
    pub const RECOMMENDED: Self =
        Self(Scheme::Argon2id { memory_kib: 19_456, passes: 2, lanes: 1 });

    /// Better Auth's scrypt, so that an application that shares the database can still check passwords.
    pub const BETTER_AUTH: Self = Self(Scheme::Scrypt);

    /// As cheap as argon2 can be. It protects nothing: tests of what lies behind a sign-in need no cost.
    #[cfg(feature = "testing")]
    pub const CHEAP: Self = Self(Scheme::Argon2id { memory_kib: 8, passes: 1, lanes: 1 });

    /// Whether a hash made by argon2id with `stored` need not be replaced.
    fn are_met_by(self, stored: &Params) -> bool {
        match self.0 {
            Scheme::Scrypt => false,
            Scheme::Argon2id { memory_kib, passes, lanes } => {
                stored.m_cost() >= memory_kib
                    && stored.t_cost() >= passes
                    && stored.p_cost() >= lanes
            }
        }
    }
}

/// Which costly functions something runs, each once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cost {
    pub(super) argon2id: bool,
    pub(super) scrypt: bool,
}

impl Cost {
    /// Of hashing a new password.
    pub(super) fn of_new(params: HashParams) -> Self {
        let scrypt = params.0 == Scheme::Scrypt;
        Self { argon2id: !scrypt, scrypt }
    }

    /// Of comparing with this stored text.
    pub(super) fn of_stored(stored: &str) -> Self {
        let (wrapped, phc) = (stored.starts_with(WRAPPED), stored.starts_with('$'));
        Self { argon2id: wrapped || phc, scrypt: wrapped || !phc }
    }

    /// What is left of it when `done` has been run.
    pub(super) fn without(self, done: Self) -> Self {
        Self { argon2id: self.argon2id && !done.argon2id, scrypt: self.scrypt && !done.scrypt }
    }
}

/// What a comparison found.
pub(super) enum Verdict {
    Wrong,
    Right { old: bool },
    Unreadable,
}

/// The text to store for a normalised password.
pub(super) fn hash(params: HashParams, password: &str, salt: &[u8; 16]) -> String {
    match params.0 {
        Scheme::Argon2id { .. } => argon2id(params, password.as_bytes(), salt),
        Scheme::Scrypt => {
            let salt = hex::encode(salt);
            let key = hex::encode(*scrypt_key(password, &salt));
            format!("{salt}:{key}")
        }
    }
}

/// Better Auth's `salt:key` as argon2id over the key, so that it opens to the same password and is as hard to guess as
/// one that is made today; none for any other text.
pub(super) fn wrap(params: HashParams, stored: &str, salt: &[u8; 16]) -> Option<String> {
    let (old_salt, key) = read_scrypt(stored).filter(|(salt, _)| !salt.contains('$'))?;
    Some(format!("{WRAPPED}{old_salt}{}", argon2id(params, &key[..], salt)))
}

/// Runs what `cost` says, for nobody.
pub(super) fn waste(params: HashParams, password: &str, cost: Cost) {
    if cost.argon2id {
        black_box(argon2id(params, password.as_bytes(), &DUMMY_SALT));
    }
    if cost.scrypt {
        black_box(scrypt_key(password, &hex::encode(DUMMY_SALT)));
    }
}

/// Compares a normalised password with whatever is stored.
pub(super) fn verify(params: HashParams, password: &str, stored: &str) -> Verdict {
    if let Some(wrapped) = stored.strip_prefix(WRAPPED) {
        verify_wrapped(params, password, wrapped)
    } else if stored.starts_with('$') {
        verify_argon2(params, password.as_bytes(), stored)
    } else {
        verify_scrypt(params, password, stored)
    }
}

/// The PHC string of a new hash. Where new passwords are scrypt, one that is wrapped all the same has the usual cost.
fn argon2id(params: HashParams, password: &[u8], salt: &[u8; 16]) -> String {
    #[cfg(feature = "testing")]
    super::tally::argon2id();
    let params = match params.0 {
        Scheme::Argon2id { memory_kib, passes, lanes } => {
            Params::new(memory_kib, passes, lanes, None)
        }
        Scheme::Scrypt => Params::new(19_456, 2, 1, None),
    };
    let params = params.expect("each set of parameters in this file is one that argon2 accepts");
    let salt = SaltString::encode_b64(salt).expect("16 bytes are a salt");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password(password, &salt)
        .expect("a password of at most a few kilobytes can be hashed")
        .to_string()
}

fn verify_argon2(params: HashParams, password: &[u8], stored: &str) -> Verdict {
    let Some((algorithm, version, used, hash)) = read_phc(stored) else {
        return Verdict::Unreadable;
    };
    let (Some(salt), Some(expected)) = (hash.salt, hash.hash) else { return Verdict::Unreadable };
    let mut raw_salt = [0_u8; 64];
    let Ok(raw_salt) = salt.decode_b64(&mut raw_salt) else { return Verdict::Unreadable };
    let mut key = Zeroizing::new(vec![0_u8; expected.len()]);
    let hasher = Argon2::new(algorithm, version, used.clone());
    #[cfg(feature = "testing")]
    super::tally::argon2id();
    if hasher.hash_password_into(password, raw_salt, &mut key).is_err() {
        return Verdict::Unreadable;
    }
    if !bool::from(key.ct_eq(expected.as_bytes())) {
        return Verdict::Wrong;
    }
    let current = algorithm == Algorithm::Argon2id
        && version == Version::V0x13
        && expected.len() >= Params::DEFAULT_OUTPUT_LEN
        && raw_salt.len() >= DUMMY_SALT.len()
        && params.are_met_by(&used);
    Verdict::Right { old: !current }
}

/// `salt$argon2id$…`, the PHC string being that of the key that scrypt makes of password and salt.
fn verify_wrapped(params: HashParams, password: &str, wrapped: &str) -> Verdict {
    let Some(end) = wrapped.find('$').filter(|end| *end > 0) else { return Verdict::Unreadable };
    let (salt, phc) = wrapped.split_at(end);
    match verify_argon2(params, &*scrypt_key(password, salt), phc) {
        Verdict::Right { .. } => Verdict::Right { old: true },
        other => other,
    }
}

fn read_phc(stored: &str) -> Option<(Algorithm, Version, Params, PasswordHash<'_>)> {
    let hash = PasswordHash::new(stored).ok()?;
    let algorithm = Algorithm::try_from(hash.algorithm).ok()?;
    let version = match hash.version {
        Some(version) => Version::try_from(version).ok()?,
        None => Version::V0x10,
    };
    let params = Params::try_from(&hash).ok()?;
    let bearable = params.m_cost() <= MAX_STORED_KIB
        && params.t_cost() <= MAX_STORED_PASSES
        && params.p_cost() <= MAX_STORED_LANES;
    bearable.then_some((algorithm, version, params, hash))
}

fn verify_scrypt(params: HashParams, password: &str, stored: &str) -> Verdict {
    let Some((salt, expected)) = read_scrypt(stored) else { return Verdict::Unreadable };
    if bool::from(scrypt_key(password, salt).ct_eq(expected.as_slice())) {
        Verdict::Right { old: params != HashParams::BETTER_AUTH }
    } else {
        Verdict::Wrong
    }
}

/// `salt:key` in lower-case hex. The salt that goes into scrypt is the hex text itself.
fn read_scrypt(stored: &str) -> Option<(&str, Zeroizing<[u8; SCRYPT_KEY_LEN]>)> {
    let (salt, key) = stored.split_once(':')?;
    let mut raw = Zeroizing::new([0_u8; SCRYPT_KEY_LEN]);
    hex::decode_to_slice(key, &mut *raw).ok()?;
    (!salt.is_empty()).then_some((salt, raw))
}

const SCRYPT_KEY_LEN: usize = 64;

/// N = 2^14, r = 16, p = 1: 32 MiB for its moment.
fn scrypt_key(password: &str, salt: &str) -> Zeroizing<[u8; SCRYPT_KEY_LEN]> {
    #[cfg(feature = "testing")]
    super::tally::scrypt();
    let params = scrypt::Params::new(14, 16, 1, SCRYPT_KEY_LEN).expect("fixed parameters");
    let mut key = Zeroizing::new([0_u8; SCRYPT_KEY_LEN]);
    scrypt::scrypt(password.as_bytes(), salt.as_bytes(), &params, &mut *key)
        .expect("64 bytes are a length scrypt can make");
    key
}
