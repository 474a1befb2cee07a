//! Encryption of single fields at rest, and the index that finds an account number without telling it.
//!
//! Data keys encrypt fields; root keys, which are never in the database, wrap the data keys. A stored text says
//! which key reads it, and is bound to its table, column, row and owner, so that it cannot be moved
//! (NIST SP 800-38D; SP 800-57 for the life of a key).

mod envelope;
mod keys;
mod store;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, RwLock, atomic::Ordering},
};

use domain::{AccountNumber, RoundId, RoutingNumber, UserId};
use zeroize::Zeroizing;

use crate::{Clock, Db, Error, Random, Result};

pub use envelope::Field;
use envelope::Sealed;
pub use keys::{VaultKeys, VaultKeysError};
use store::{ActiveKey, DataKey};

/// What a data key is for: a leaked one opens one kind of field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Numbers of bank accounts.
    BankNumber,
    /// Routing numbers of banks.
    Routing,
    /// Secrets of authenticator apps.
    Totp,
    /// Tokens of accounts at other providers.
    OAuthToken,
    /// Tokens that read a bank.
    ProviderToken,
}

impl Purpose {
    /// The word in the table of keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BankNumber => "bank_number",
            Self::Routing => "routing",
            Self::Totp => "totp",
            Self::OAuthToken => "oauth_token",
            Self::ProviderToken => "provider_token",
        }
    }
}

/// Encrypts and decrypts fields. Clones share their keys.
#[derive(Clone)]
pub struct Vault(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Clock,
    random: Random,
    keys: VaultKeys,
    /// Every data key that was needed so far, by its name.
    known: RwLock<HashMap<String, Arc<DataKey>>>,
    /// The key that encrypts, for each purpose.
    active: Mutex<HashMap<Purpose, Arc<ActiveKey>>>,
    /// Held while an active key is found, made or replaced: one of many callers does it.
    turn: tokio::sync::Mutex<()>,
}

impl Vault {
    /// A vault on a database. Reads nothing yet: data keys are fetched, or made, when a field needs them.
    pub fn open(db: &Db, clock: &Clock, random: &Random, keys: VaultKeys) -> Self {
        Self(Arc::new(Inner {
            db: db.clone(),
            clock: clock.clone(),
            random: random.clone(),
            keys,
            known: RwLock::default(),
            active: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
        }))
    }

    /// The text to store: `cfr1.<kid>.<nonce>.<ciphertext and tag>`, with a new nonce each time.
    ///
    /// Call it before the transaction of the row begins: it may have to make a key, in a transaction of its own.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the key in the database does not belong to our root keys.
    pub async fn encrypt(
        &self,
        purpose: Purpose,
        field: &Field<'_>,
        plain: &str,
    ) -> Result<String> {
        let key = self.key_for_one_use(purpose).await?;
        Ok(envelope::seal(
            &key.cipher,
            &key.kid,
            self.0.random.bytes(),
            &field.bound()?,
            plain.as_bytes(),
        )
        .encode())
    }

    /// The plain text behind a stored one. Nothing but the hand-over to a provider and a change of keys has a
    /// reason to call it.
    ///
    /// # Errors
    /// [`Error::Corrupt`] for a text of another form, an unknown key, or anything that was changed or moved.
    pub async fn decrypt(
        &self,
        purpose: Purpose,
        field: &Field<'_>,
        stored: &str,
    ) -> Result<Zeroizing<String>> {
        let opened = self.try_decrypt(purpose, field, stored).await;
        if matches!(opened, Err(Error::Corrupt(_))) {
            metrics::counter!("coffer_decrypt_failures_total", "purpose" => purpose.as_str())
                .increment(1);
        }
        opened
    }

    async fn try_decrypt(
        &self,
        purpose: Purpose,
        field: &Field<'_>,
        stored: &str,
    ) -> Result<Zeroizing<String>> {
        let unreadable = || Error::Corrupt("field");
        let sealed = Sealed::parse(stored).ok_or_else(unreadable)?;
        let key = self.key_named(&sealed.kid).await?;
        if key.purpose != purpose.as_str() {
            return Err(unreadable());
        }
        let plain = envelope::open(&key.cipher, &sealed, &field.bound()?).ok_or_else(unreadable)?;
        let text = std::str::from_utf8(&plain).map_err(|_| unreadable())?;
        Ok(Zeroizing::new(text.to_owned()))
    }

    /// Encrypts a text that waits a short time, such as a queued mail with a link in it. `what` names the one
    /// place it may be opened in. Needs no database: the key is derived from the current root key (RFC 5869).
    pub fn seal_waiting(&self, what: &str, plain: &str) -> String {
        let (kid, cipher) = self.0.keys.waiting();
        let bound = waiting_in(what);
        envelope::seal(cipher, kid, self.0.random.bytes(), &bound, plain.as_bytes()).encode()
    }

    /// Opens what [`Vault::seal_waiting`] made for the same place.
    ///
    /// # Errors
    /// [`Error::Corrupt`] for anything else, and for a root key that is gone.
    pub fn open_waiting(&self, what: &str, stored: &str) -> Result<Zeroizing<String>> {
        let opened = Sealed::parse(stored).and_then(|sealed| {
            let cipher = self.0.keys.waiting_since(&sealed.kid)?;
            let plain = envelope::open(cipher, &sealed, &waiting_in(what))?;
            std::str::from_utf8(&plain).ok().map(|text| Zeroizing::new(text.to_owned()))
        });
        opened.ok_or(Error::Corrupt("waiting text"))
    }

    /// What finds the same account of the same person again: HMAC-SHA256 over owner, bank and number.
    ///
    /// Account numbers can be guessed one by one, so it is only as secret as its key, which no other use has.
    pub fn blind_index(
        &self,
        user: &UserId,
        routing: &RoutingNumber,
        number: &AccountNumber,
    ) -> String {
        self.0.keys.blind_index(user, routing, number)
    }

    /// What counts the rounds of deposits to one pair of numbers, whoever asks: the same for everybody.
    pub fn number_hash(&self, routing: &RoutingNumber, number: &AccountNumber) -> String {
        self.0.keys.number_hash(routing, number)
    }

    /// What is kept of the answer of a round. There are few answers, so it is only as secret as its key.
    pub fn answer_hash(&self, round: &RoundId, answer: &str) -> String {
        self.0.keys.answer_hash(round, answer)
    }

    /// The active key of a purpose, with one of its uses spent.
    async fn key_for_one_use(&self, purpose: Purpose) -> Result<Arc<DataKey>> {
        if let Some(key) = self.spend(purpose) {
            return Ok(key);
        }
        let _turn = self.0.turn.lock().await;
        if let Some(key) = self.spend(purpose) {
            return Ok(key);
        }
        let active = Arc::new(store::reserve(self, purpose).await?);
        active.left.fetch_sub(1, Ordering::Relaxed);
        let key = Arc::clone(&active.key);
        self.active().insert(purpose, active);
        Ok(key)
    }

    /// Takes one use of the batch that was counted in the database; none when it is used up or too old.
    fn spend(&self, purpose: Purpose) -> Option<Arc<DataKey>> {
        let active = self.active().get(&purpose).cloned()?;
        if self.0.clock.now() >= active.replace_at {
            return None;
        }
        (active.left.fetch_sub(1, Ordering::Relaxed) > 0).then(|| Arc::clone(&active.key))
    }

    async fn key_named(&self, kid: &str) -> Result<Arc<DataKey>> {
        let known = self.0.known.read().unwrap_or_else(PoisonError::into_inner).get(kid).cloned();
        match known {
            Some(key) => Ok(key),
            None => store::load(self, kid).await,
        }
    }

    fn remember(&self, key: DataKey) -> Arc<DataKey> {
        let mut known = self.0.known.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(key.kid.clone()).or_insert_with(|| Arc::new(key)))
    }

    fn active(&self) -> std::sync::MutexGuard<'_, HashMap<Purpose, Arc<ActiveKey>>> {
        self.0.active.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn waiting_in(what: &str) -> String {
    format!("coffer:waiting:v1|{what}")
}

#[cfg(test)]
mod tests;
