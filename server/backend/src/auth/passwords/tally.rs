//! How much work was done, for tests that compare two ways through the code.

use std::cell::Cell;

/// How often the costly functions have run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Runs {
    /// Argon2, whatever its parameters.
    pub argon2id: u64,
    /// Scrypt.
    pub scrypt: u64,
}

thread_local! {
    static RUNS: Cell<Runs> = const { Cell::new(Runs { argon2id: 0, scrypt: 0 }) };
}

/// Argon2 runs on this thread.
pub(super) fn argon2id() {
    let so_far = RUNS.get();
    RUNS.set(Runs { argon2id: so_far.argon2id + 1, ..so_far });
}

/// Scrypt runs on this thread.
pub(super) fn scrypt() {
    let so_far = RUNS.get();
    RUNS.set(Runs { scrypt: so_far.scrypt + 1, ..so_far });
}

/// What has run on this thread since it was asked last.
pub(super) fn taken() -> Runs {
    RUNS.take()
}
