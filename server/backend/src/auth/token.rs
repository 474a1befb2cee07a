//! The secret of one session.

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::{AuthProfile, Random};

const LENGTH: usize = 32;

/// Whoever holds it, with its signature, holds the session. Never printed.
#[derive(Clone, Debug)]
pub struct SessionToken(SecretString);

impl SessionToken {
    /// A new one: 32 letters and digits, 190 bits.
    pub(super) fn generate(random: &Random) -> Self {
        Self(random.alphanumeric(LENGTH).into())
    }

    /// One that came in a cookie whose signature was right.
    pub fn from_signed_cookie(text: impl Into<String>) -> Self {
        Self(text.into().into())
    }

    /// The text, for the cookie and for Better Auth's answers.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// What the database keeps: a hash that opens nothing, or, in a database that a Better Auth application
    /// shares, the token as that application writes it.
    pub(super) fn at_rest(&self, profile: AuthProfile) -> String {
        match profile {
            AuthProfile::Hardened => hex::encode(Sha256::digest(self.expose())),
            AuthProfile::BetterAuth => self.expose().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_never_printed() {
        let token = SessionToken::from_signed_cookie("GWZZ6DolvHNMKngXfq2f6kReAopeihQI");

        assert!(!format!("{token:?}").contains("GWZZ"));
    }

    #[test]
    fn the_database_keeps_a_hash_unless_it_is_shared_with_better_auth() {
        let token = SessionToken::from_signed_cookie("abc");

        assert_eq!(
            token.at_rest(AuthProfile::Hardened),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(token.at_rest(AuthProfile::BetterAuth), "abc");
    }
}
