//! Second factors: codes of an authenticator app, codes by mail, backup codes, and browsers that are trusted.
//!
//! The tables, cookies and answers are those of Better Auth's two-factor plugin; what the hardened profile does
//! on top stands in `docs/adr/0013-second-factors.md`.

mod answer;
mod backup_codes;
mod challenge;
mod confirm;
mod failure;
pub(in crate::auth) mod letters;
mod otp;
mod qr;
mod rows;
mod secret;
mod status;
mod switch;
mod totp;
mod trust;

#[cfg(test)]
pub(in crate::auth) mod testing;
#[cfg(test)]
mod tests;

pub(in crate::auth) use answer::finish;
pub use answer::{Answer, FactorCode, Passed, answer};
pub(in crate::auth) use challenge::owner as challenged;
pub use challenge::{
    CHALLENGE_LIFE, Challenge, ChallengeToken, FactorMethod, PendingChallenge, pending,
};
pub use confirm::confirm;
pub use failure::FactorFailure;
pub use otp::{CodeFor, send_code};
pub use qr::{QrCode, qr_code};
pub use status::{FactorStatus, status};
pub use switch::{TotpSetup, begin_totp, disable, enable_otp, new_backup_codes, totp_uri};
pub(in crate::auth) use trust::forget_all as forget_devices;
pub(crate) use trust::sweep as sweep_devices;
pub use trust::{TRUST_LIFE, TrustedDevice, TrustedDeviceView, forget_device, trusted_devices};

use domain::UserId;

use super::{Client, Method, UserView, throttle};
use crate::{AuthProfile, Backend, Result, db::SystemTx};

/// The code that an app shows now, for tests: `uri` is the address it scanned.
#[cfg(feature = "testing")]
pub fn code_of_app(backend: &Backend, uri: &str) -> String {
    let uri = url::Url::parse(uri).expect("an address");
    let secret = uri.query_pairs().find(|(name, _)| name == "secret").expect("a secret").1;
    let key = data_encoding::BASE32_NOPAD.decode(secret.as_bytes()).expect("base32");
    totp::code(&key, backend.clock.now().unix_timestamp() / 30)
}

/// What stands between a person and their session.
pub(in crate::auth) enum Owed {
    /// Nothing.
    Nothing,
    /// Nothing, because this browser is trusted; its next cookie.
    Trusted(TrustedDevice),
    /// An answer to a challenge.
    Factor(Challenge),
}

/// Whether the person still owes a second factor after `method`. Better Auth asks after a password alone; the
/// hardened profile after every way in that is not a factor of its own.
pub(in crate::auth) async fn owed(
    tx: &mut SystemTx,
    backend: &Backend,
    user: &UserView,
    client: &Client,
    remember: bool,
    method: &Method,
) -> Result<Owed> {
    let asks = match (backend.settings.auth.profile, method) {
        (_, Method::Password) | (AuthProfile::Hardened, Method::Social(_) | Method::MailLink) => {
            true
        }
        (AuthProfile::BetterAuth, Method::Social(_) | Method::MailLink)
        | (
            _,
            Method::SignUp
            | Method::Passkey
            | Method::SecondFactor
            | Method::NewPassword
            | Method::NewFactor
            | Method::NewAddress,
        ) => false,
    };
    if !user.two_factor_enabled || !asks {
        return Ok(Owed::Nothing);
    }
    Ok(match trust::renew(tx, backend, &user.id, client).await? {
        Some(device) => Owed::Trusted(device),
        None => Owed::Factor(challenge::start(tx, backend, &user.id, remember).await?),
    })
}

/// Runs one comparison of a code. A wrong one is counted before anybody knows that it is wrong, so that many at once
/// are no more than one after the other.
async fn counted<T>(
    backend: &Backend,
    user: &UserId,
    comparison: impl Future<Output = Result<T, FactorFailure>>,
) -> Result<T, FactorFailure> {
    let charges = throttle::second_factor(backend, user).await?;
    let outcome = comparison.await;
    if !outcome.as_ref().is_err_and(FactorFailure::is_wrong_code) {
        charges.give_back().await;
    }
    outcome
}
