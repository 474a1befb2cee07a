//! What the use cases need to know of the configuration. `server` reads the environment; nothing here does.

use secrecy::SecretString;
use url::Url;

use crate::{auth::oauth::OAuthSettings, banks::BankSettings, billing::BillingSettings};

/// Settings of one running program.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The origin people see, without a path: `https://bank.example`.
    pub app_url: Url,
    /// Rules of sign-in.
    pub auth: AuthSettings,
    /// Sign-in with other people's accounts.
    pub oauth: OAuthSettings,
    /// Plans and payments; none: everybody may use everything, and nothing is sold.
    pub billing: Option<BillingSettings>,
    /// Whom people may write to when something cannot be reached; none: nobody is named.
    pub support_email: Option<String>,
    /// Providers of bank data.
    pub banks: BankSettings,
}

/// Which of the two ways to keep Better Auth's contract is spoken. See `docs/adr/0002-better-auth-protocol.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthProfile {
    /// Tokens hashed at rest, passwords of 12 and more, step-up for risky acts.
    Hardened,
    /// The contract to the letter, rows as Better Auth writes them.
    BetterAuth,
}

/// Rules of sign-in.
#[derive(Clone, Debug)]
pub struct AuthSettings {
    /// Which profile is spoken.
    pub profile: AuthProfile,
    /// Signs cookies (`BETTER_AUTH_SECRET`).
    pub secret: SecretString,
    /// Fewest UTF-16 units of a password.
    pub password_min: usize,
    /// No session before the address is proven.
    pub require_email_verification: bool,
    /// Whether people may change their address.
    pub change_email: bool,
    /// Whether people may delete their account.
    pub delete_user: bool,
    /// The range API that knows passwords of known breaches; none: nobody is asked.
    pub breached_passwords: Option<Url>,
    /// Passwords hashed at the same time; each takes 19 MiB for its moment.
    pub hashing_threads: usize,
}
