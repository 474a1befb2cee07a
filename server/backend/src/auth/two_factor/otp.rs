//! Codes by mail: six digits, three minutes, five tries.

use domain::UserId;
use hmac::{Hmac, Mac};
use secrecy::ExposeSecret;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use time::Duration;

use super::{ChallengeToken, FactorFailure, challenge, letters};
use crate::{
    Backend, Result, SignedIn,
    auth::{
        users,
        verification::{self, New, Purpose},
    },
    db::SystemTx,
    mail,
};

const LIFE: Duration = Duration::minutes(3);
const MOST_ATTEMPTS: u32 = 5;

/// Who asks for a code.
#[derive(Clone, Copy, Debug)]
pub enum CodeFor<'a> {
    /// Somebody whose password was right.
    Challenge(&'a ChallengeToken),
    /// Somebody signed in.
    Session(&'a SignedIn),
}

/// Mails a code to the person's address, through the queue. A newer code replaces an older one.
#[tracing::instrument(name = "two_factor.send_code", skip_all)]
pub async fn send_code(backend: &Backend, to: CodeFor<'_>) -> Result<(), FactorFailure> {
    let mut tx = backend.db.system().write().await?;
    let (user, key) = match to {
        CodeFor::Challenge(token) => {
            (challenge::owner(&mut tx, backend, token).await?, token.expose().to_owned())
        }
        CodeFor::Session(caller) => {
            let user = users::by_id(&mut tx, caller.user()).await?;
            (user.ok_or(FactorFailure::ChallengeOver)?, key_of(caller))
        }
    };
    let code = six_digits(backend);
    let value = format!("{}:0", at_rest(backend, &key, &code));
    write(&mut tx, backend, &key, &user.id, &value, LIFE).await?;
    mail::post(&mut tx, backend, &user.email, &letters::code(&code)).await?;
    tx.commit().await?;
    Ok(())
}

/// What names the mailed code of a session.
pub(super) fn key_of(caller: &SignedIn) -> String {
    format!("{}!{}", caller.user(), caller.session())
}

/// Spends the mailed code behind `key` if it is `code`. A wrong one is counted; commit `tx` whatever comes out.
pub(super) async fn check(
    tx: &mut SystemTx,
    backend: &Backend,
    key: &str,
    user: &UserId,
    code: &str,
) -> Result<(), FactorFailure> {
    let taken = verification::take_row(tx, backend, Purpose::TwoFactorOtp, key).await?;
    let taken = taken.ok_or(FactorFailure::OtpExpired)?;
    let (kept, count) = taken.value.split_once(':').unwrap_or((&taken.value, ""));
    let count: u32 = count.parse().unwrap_or(0);
    if count >= MOST_ATTEMPTS {
        return Err(FactorFailure::OtpSpent);
    }
    if bool::from(kept.as_bytes().ct_eq(at_rest(backend, key, code).as_bytes())) {
        return Ok(());
    }
    write(tx, backend, key, user, &format!("{kept}:{}", count + 1), taken.left).await?;
    Err(FactorFailure::CodeWrong)
}

async fn write(
    tx: &mut SystemTx,
    backend: &Backend,
    key: &str,
    user: &UserId,
    value: &str,
    life: Duration,
) -> Result<()> {
    let new = New { purpose: Purpose::TwoFactorOtp, token: key, value, user: Some(user), life };
    verification::put(tx, backend, new).await
}

/// Each number equally likely.
fn six_digits(backend: &Backend) -> String {
    /// The largest multiple of a million in 32 bits: what lies above would favour small numbers.
    const FAIR: u32 = u32::MAX - u32::MAX % 1_000_000;
    loop {
        let number = u32::from_le_bytes(backend.random.bytes());
        if number < FAIR {
            return format!("{:06}", number % 1_000_000);
        }
    }
}

/// The code as Better Auth keeps it; or a keyed hash, because a million codes are quickly tried.
fn at_rest(backend: &Backend, key: &str, code: &str) -> String {
    if !backend.is_hardened() {
        return code.to_owned();
    }
    let secret = backend.settings.auth.secret.expose_secret();
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .expect("HMAC takes keys of any length")
        .chain_update(format!("coffer:otp:v1|{key}|{code}"));
    hex::encode(mac.finalize().into_bytes())
}
