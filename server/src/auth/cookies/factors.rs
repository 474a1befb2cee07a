//! The cookies around second factors: the challenge that is owed, the browser that is trusted, the ceremony of a
//! passkey.

use axum::http::HeaderValue;
use backend::auth::{
    Login,
    passkeys::{CEREMONY_LIFE, CeremonyToken},
    two_factor::{CHALLENGE_LIFE, Challenge, ChallengeToken, TRUST_LIFE},
};
use time::{Duration, OffsetDateTime};

use super::{Cookies, DONT_REMEMBER, Jar, PASSKEY, SESSION_TOKEN, TRUST_DEVICE, TWO_FACTOR};

impl Cookies {
    /// The challenge that this browser owes an answer to, if the cookie's signature holds.
    pub fn challenge(&self, jar: &Jar) -> Option<ChallengeToken> {
        let value = self.signer.verify(jar.get(&self.name(TWO_FACTOR))?)?;
        ChallengeToken::from_signed_cookie(&value)
    }

    /// What the cookie of a trusted browser holds, if its signature holds.
    pub fn trusted(&self, jar: &Jar) -> Option<String> {
        self.signer.verify(jar.get(&self.name(TRUST_DEVICE))?)
    }

    /// After a right password that opens nothing yet: no session, whatever the browser had before.
    pub fn owe(&self, jar: &Jar, challenge: &Challenge) -> Vec<HeaderValue> {
        let mut cookies = vec![self.cleared(SESSION_TOKEN)];
        cookies.extend(self.clear_cache(jar));
        if !challenge.remember {
            cookies.push(self.header(DONT_REMEMBER, &self.signer.sign("true"), None));
        } else if jar.get(&self.name(DONT_REMEMBER)).is_some() {
            cookies.push(self.cleared(DONT_REMEMBER));
        }
        // It was not good enough, or nobody would be asked.
        cookies.extend(self.forget_trust(jar));
        let token = self.signer.sign(challenge.token.expose());
        cookies.push(self.header(TWO_FACTOR, &token, Some(seconds(CHALLENGE_LIFE))));
        cookies
    }

    /// All cookies of a login: the session's, and the next one of a trusted browser.
    pub fn signed_in(&self, jar: &Jar, now: OffsetDateTime, login: &Login) -> Vec<HeaderValue> {
        let mut cookies = self.start(jar, now, &login.into());
        if let Some(device) = &login.trusted_device {
            let value = self.signer.sign(device.expose());
            cookies.push(self.header(TRUST_DEVICE, &value, Some(seconds(TRUST_LIFE))));
        }
        cookies
    }

    /// The cookies of a login that ended a challenge.
    pub fn answered(&self, jar: &Jar, now: OffsetDateTime, login: &Login) -> Vec<HeaderValue> {
        let mut cookies = self.signed_in(jar, now, login);
        cookies.push(self.challenge_over());
        cookies
    }

    /// The challenge is over.
    pub fn challenge_over(&self) -> HeaderValue {
        self.cleared(TWO_FACTOR)
    }

    /// Names the `WebAuthn` ceremony that this browser has begun.
    pub fn ceremony(&self, token: &CeremonyToken) -> HeaderValue {
        let value = self.signer.sign(token.expose());
        self.header(PASSKEY, &value, Some(seconds(CEREMONY_LIFE)))
    }

    /// The ceremony that this browser has begun, if the cookie's signature holds.
    pub fn ceremony_of(&self, jar: &Jar) -> Option<CeremonyToken> {
        let value = self.signer.verify(jar.get(&self.name(PASSKEY))?)?;
        Some(CeremonyToken::from_signed_cookie(&value))
    }

    /// This browser is trusted no longer; nothing where it was not.
    pub fn forget_trust(&self, jar: &Jar) -> Option<HeaderValue> {
        jar.get(&self.name(TRUST_DEVICE)).map(|_| self.cleared(TRUST_DEVICE))
    }
}

fn seconds(life: Duration) -> u32 {
    u32::try_from(life.whole_seconds()).unwrap_or(u32::MAX)
}
