//! Passkeys (WebAuthn): a way in of its own, a second factor after a password, several for a person.
//!
//! Rows and answers are those of Better Auth's passkey plugin. Both profiles want the person verified by the
//! authenticator, so that a passkey is two factors in one; see `docs/adr/0011-passkeys.md`.

mod ceremony;
mod failure;
mod manage;
mod register;
mod rows;
mod sign_in;
mod webauthn;

#[cfg(feature = "testing")]
pub mod testing;
#[cfg(test)]
mod tests;

pub use ceremony::{
    Attachment, CEREMONY_LIFE, Ceremony, CeremonyToken, CredentialsOf, begin_registration,
    begin_sign_in,
};
pub use failure::PasskeyFailure;
pub use manage::{passkeys, remove, rename};
pub use register::register;
pub use rows::Passkey;
pub use sign_in::{PasskeySignIn, another_session, sign_in};
