//! Passwords: hashed (with argon2id, or as Better Auth does) in a bounded pool of their own, so that a rush of sign-ins takes neither the
//! memory nor the threads of everything else.

mod bench;
mod breached;
mod gate;
mod hash;
mod plain;
pub(in crate::auth) mod rules;
mod stored;
mod strength;
#[cfg(feature = "testing")]
mod tally;

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use domain::Code;

use crate::{Error, Random, Result};

pub use bench::{Timing, bench};
use gate::Gate;
pub use hash::HashParams;
use hash::{Cost, Verdict};
pub use plain::Password;
pub use stored::{Wrapped, survey, wrap};
#[cfg(feature = "testing")]
pub use tally::Runs;

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
    expected: Arc<Expected>,
    #[cfg(feature = "testing")]
    runs: Arc<std::sync::Mutex<Runs>>,
}

/// What every comparison costs: as much as with the most costly form that was seen, so that the time tells neither
/// which form somebody's password has nor whether there is one.
#[derive(Debug)]
struct Expected {
    argon2id: AtomicBool,
    scrypt: AtomicBool,
}

impl Expected {
    fn new(Cost { argon2id, scrypt }: Cost) -> Self {
        Self { argon2id: argon2id.into(), scrypt: scrypt.into() }
    }

    fn include(&self, Cost { argon2id, scrypt }: Cost) -> Cost {
        Cost {
            argon2id: self.argon2id.fetch_or(argon2id, Ordering::Relaxed) || argon2id,
            scrypt: self.scrypt.fetch_or(scrypt, Ordering::Relaxed) || scrypt,
        }
    }
}

impl Passwords {
    /// A pool that hashes at most `threads` passwords at the same time.
    pub fn new(threads: usize, params: HashParams) -> Self {
        Self {
            params,
            gate: Arc::new(Gate::new(threads)),
            expected: Arc::new(Expected::new(Cost::of_new(params))),
            #[cfg(feature = "testing")]
            runs: Arc::default(),
        }
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
        self.run(move || hash::hash(params, &text, &salt)).await
    }

    /// The text to store for one of Better Auth's, which stays the text of the same password; none for another form.
    async fn wrap(&self, random: &Random, stored: String) -> Result<Option<String>> {
        let (params, salt) = (self.params, random.bytes());
        self.run(move || hash::wrap(params, &stored, &salt)).await
    }

    /// Compares with a stored hash: a PHC string of argon2, Better Auth's `salt:key` of scrypt, or one in the other.
    ///
    /// # Errors
    /// [`Error::Corrupt`] for a stored text of neither form, [`Error::Busy`] when too many wait.
    pub async fn verify(&self, password: &Password, stored: &str) -> Result<Match> {
        let Ok(text) = password.normalised() else {
            self.verify_dummy(password).await?;
            return Ok(Match::Wrong);
        };
        let (params, stored) = (self.params, stored.to_owned());
        let own = Cost::of_stored(&stored);
        let rest = self.expected.include(own).without(own);
        let verdict = self.run(move || {
            let verdict = hash::verify(params, &text, &stored);
            hash::waste(params, &text, rest);
            verdict
        });
        let verdict = verdict.await?;
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
        let (params, cost) = (self.params, self.expected.include(Cost::default()));
        self.run(move || hash::waste(params, &text, cost)).await
    }

    /// One place in the pool, however many functions run there.
    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        #[cfg(feature = "testing")]
        let work = {
            let runs = self.runs.clone();
            move || {
                tally::taken();
                let done = work();
                let (ran, mut runs) = (tally::taken(), runs.lock().expect("no test panics here"));
                runs.argon2id += ran.argon2id;
                runs.scrypt += ran.scrypt;
                done
            }
        };
        self.gate.run(work).await
    }

    /// Why a new password would be guessed early, if so. `about` is what is known of the person: their name
    /// and address.
    pub async fn weakness(&self, password: &Password, about: Vec<String>) -> Result<Option<Code>> {
        let Ok(text) = password.normalised() else { return Ok(None) };
        self.gate.judge(move || strength::weakness(&text, &about)).await
    }

    /// Which costly functions have run, and how often.
    #[cfg(feature = "testing")]
    pub fn runs_so_far(&self) -> Runs {
        *self.runs.lock().expect("no test panics here")
    }

    /// How many pieces of work had a place in the pool: tests compare the work of two ways through the code.
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
