//! Passwords: hashed (with argon2id, or as Better Auth does) in a bounded pool of their own, so that a rush of sign-ins takes neither the
//! memory nor the threads of everything else.

mod breached;
mod gate;
mod hash;
mod plain;
pub(in crate::auth) mod rules;
mod strength;

use std::{fmt, sync::Arc};

use domain::Code;

use crate::{Error, Random, Result};

use gate::Gate;
pub use hash::HashParams;
use hash::{DUMMY_SALT, Verdict};
pub use plain::Password;

/// What a comparison found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    /// Another password.
    Wrong,
    /// This password, hashed as we hash today.
    Right,
    /// This password, hashed in an older or weaker way: replace the hash.
    RightButOld,
}

/// Hashes and compares. Clones share one pool.
#[derive(Clone)]
pub struct Passwords {
    params: HashParams,
    gate: Arc<Gate>,
}

impl Passwords {
    /// A pool that hashes at most `threads` passwords at the same time.
    pub fn new(threads: usize, params: HashParams) -> Self {
        Self { params, gate: Arc::new(Gate::new(threads)) }
    }

    /// Whether the pool works, however many wait: part of readiness.
    pub fn moves(&self) -> bool {
        self.gate.moves()
    }

    /// Keeps the pool busy until the answer is dropped: a flood without the work of one.
    #[cfg(feature = "testing")]
    pub async fn occupy(&self) -> Result<impl Sized + Send> {
        self.gate.occupy().await
    }

    /// How many wait for their turn.
    #[cfg(feature = "testing")]
    pub fn waiting(&self) -> usize {
        self.gate.waiting()
    }

    /// The text to store for a new password.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a password that cannot be hashed, [`Error::Busy`] when too many wait.
    pub async fn hash(&self, random: &Random, password: &Password) -> Result<String> {
        let text = password.normalised().map_err(|code| Error::field("password", code))?;
        let (params, salt) = (self.params, random.bytes());
        self.gate.run(move || hash::hash(params, &text, &salt)).await
    }

    /// Compares with a stored hash: a PHC string of argon2, or Better Auth's `salt:key` of scrypt.
    ///
    /// # Errors
    /// [`Error::Corrupt`] for a stored text of neither form, [`Error::Busy`] when too many wait.
    pub async fn verify(&self, password: &Password, stored: &str) -> Result<Match> {
        let Ok(text) = password.normalised() else {
            self.verify_dummy(password).await?;
            return Ok(Match::Wrong);
        };
        let (params, stored) = (self.params, stored.to_owned());
        let verdict = self.gate.run(move || hash::verify(params, &text, &stored)).await?;
        match verdict {
            Verdict::Wrong => Ok(Match::Wrong),
            Verdict::Right { old: false } => Ok(Match::Right),
            Verdict::Right { old: true } => Ok(Match::RightButOld),
            Verdict::Unreadable => Err(Error::Corrupt("password hash")),
        }
    }

    /// The work of [`Passwords::verify`] where there is nothing to compare with, so that an unknown address
    /// takes as long as a wrong password.
    pub async fn verify_dummy(&self, password: &Password) -> Result<()> {
        let text = password.normalised().unwrap_or_default();
        let params = self.params;
        self.gate.run(move || hash::hash(params, &text, &DUMMY_SALT)).await.map(drop)
    }

    /// Why a new password would be guessed early, if so. `about` is what is known of the person: their name
    /// and address.
    pub async fn weakness(&self, password: &Password, about: Vec<String>) -> Result<Option<Code>> {
        let Ok(text) = password.normalised() else { return Ok(None) };
        self.gate.judge(move || strength::weakness(&text, &about)).await
    }

    /// How many times the costly function has run: tests compare the work of two ways through the code.
    #[cfg(feature = "testing")]
    pub fn hashes_so_far(&self) -> u64 {
        self.gate.runs()
    }
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passwords").field("params", &self.params).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
