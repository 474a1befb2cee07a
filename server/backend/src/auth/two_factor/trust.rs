//! Browsers that are not asked for a second factor for 30 days, each with a token that changes at every sign-in.
//!
//! The cookie is Better Auth's: `<HMAC of user and name>!<name>`. Its profile keeps the name in "verification"; the
//! hardened profile keeps a hash in a table that a person can look at and clear.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::UserId;
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};

use crate::{
    AuthProfile, Backend, Error, Result, SignedIn, Timestamp,
    auth::{
        Client,
        verification::{self, New, Purpose},
    },
    db::SystemTx,
    execute, fetch_all,
};

/// How long a browser is trusted after its last sign-in.
pub const TRUST_LIFE: Duration = Duration::days(30);
const MARK: &str = "trust-device-";
const LENGTH: usize = 32;
/// Bytes of a `User-Agent` that are worth keeping.
const USER_AGENT_MAX: usize = 512;

/// What the cookie of a trusted browser holds. Never printed.
#[derive(Clone, Debug)]
pub struct TrustedDevice(SecretString);

impl TrustedDevice {
    /// The text, for the cookie.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// A trusted browser as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedDeviceView {
    /// Names it to [`forget_device`].
    pub id: String,
    /// The browser's own words; empty where Better Auth's profile keeps none.
    pub user_agent: String,
    /// Where it was trusted; empty when unknown.
    pub ip_address: String,
    /// Since when.
    pub created_at: OffsetDateTime,
    /// Its last sign-in.
    pub last_used_at: OffsetDateTime,
    /// Until when, unless it signs in again.
    pub expires_at: OffsetDateTime,
}

/// Trusts this browser.
pub(in crate::auth) async fn trust(
    tx: &mut SystemTx,
    backend: &Backend,
    user: &UserId,
    client: &Client,
) -> Result<TrustedDevice> {
    let token = backend.random.alphanumeric(LENGTH);
    let now = backend.clock.now();
    match backend.settings.auth.profile {
        AuthProfile::BetterAuth => remember(tx, backend, user, &token).await?,
        AuthProfile::Hardened => {
            execute!(
                tx,
                r#"
                insert into "trustedDevice" ("id", "userId", "tokenHash", "userAgent", "ipAddress", "createdAt",
                                             "lastUsedAt", "expiresAt")
                values ($1, $2, $3, $4, $5, $6, $6, $7)
                "#,
                backend.new_id(),
                user,
                hash(&token),
                kept(&client.user_agent),
                &client.ip,
                Timestamp::from(now),
                Timestamp::from(now + TRUST_LIFE),
            )?;
        }
    }
    Ok(cookie(backend, user, &token))
}

/// The next cookie of a browser that is trusted; nothing for any other. The token it came with is spent.
pub(in crate::auth) async fn renew(
    tx: &mut SystemTx,
    backend: &Backend,
    user: &UserId,
    client: &Client,
) -> Result<Option<TrustedDevice>> {
    let Some(old) = client.trusted.as_deref().and_then(|text| token_of(backend, user, text)) else {
        return Ok(None);
    };
    let token = backend.random.alphanumeric(LENGTH);
    let known = match backend.settings.auth.profile {
        AuthProfile::BetterAuth => {
            let owner = verification::take(tx, backend, Purpose::TrustDevice, old).await?;
            let known = owner.as_deref() == Some(user.as_str());
            if known {
                remember(tx, backend, user, &token).await?;
            }
            known
        }
        AuthProfile::Hardened => {
            let now = backend.clock.now();
            let renewed = execute!(
                tx,
                r#"
                update "trustedDevice"
                set "tokenHash" = $1, "lastUsedAt" = $2, "expiresAt" = $3, "ipAddress" = $4
                where "tokenHash" = $5 and "userId" = $6 and "expiresAt" > $2
                "#,
                hash(&token),
                Timestamp::from(now),
                Timestamp::from(now + TRUST_LIFE),
                &client.ip,
                hash(old),
                user,
            )?;
            renewed == 1
        }
    };
    Ok(known.then(|| cookie(backend, user, &token)))
}

/// Trusts this browser no longer.
pub(in crate::auth) async fn forget(
    tx: &mut SystemTx,
    backend: &Backend,
    user: &UserId,
    client: &Client,
) -> Result<()> {
    let Some(token) = client.trusted.as_deref().and_then(|text| token_of(backend, user, text))
    else {
        return Ok(());
    };
    match backend.settings.auth.profile {
        AuthProfile::BetterAuth => {
            verification::take(tx, backend, Purpose::TrustDevice, token).await?;
        }
        AuthProfile::Hardened => {
            execute!(
                tx,
                r#"delete from "trustedDevice" where "tokenHash" = $1 and "userId" = $2"#,
                hash(token),
                user,
            )?;
        }
    }
    Ok(())
}

/// Trusts none of the person's browsers any longer.
pub(in crate::auth) async fn forget_all(tx: &mut SystemTx, user: &UserId) -> Result<()> {
    verification::void(tx, Purpose::TrustDevice, user).await?;
    execute!(tx, r#"delete from "trustedDevice" where "userId" = $1"#, user)?;
    Ok(())
}

/// The caller's trusted browsers, the one used last first.
pub async fn trusted_devices(
    backend: &Backend,
    caller: &SignedIn,
) -> Result<Vec<TrustedDeviceView>> {
    let mut tx = backend.db.system().read().await?;
    let rows: Vec<(String, String, String, Timestamp, Timestamp, Timestamp)> = fetch_all!(
        tx,
        r#"
        select "id", "userAgent", "ipAddress", "createdAt", "lastUsedAt", "expiresAt"
        from "trustedDevice"
        where "userId" = $1 and "expiresAt" > $2
        union all
        select "id", '', '', "createdAt", "createdAt", "expiresAt"
        from "verification"
        where "userId" = $1 and "expiresAt" > $2 and "identifier" like 'trust-device-%'
        order by 5 desc, 1
        "#,
        caller.user(),
        Timestamp::from(backend.clock.now()),
    )?;
    Ok(rows
        .into_iter()
        .map(|(id, user_agent, ip_address, created, used, expires)| TrustedDeviceView {
            id,
            user_agent,
            ip_address,
            created_at: created.into(),
            last_used_at: used.into(),
            expires_at: expires.into(),
        })
        .collect())
}

/// Trusts one of the caller's browsers no longer.
///
/// # Errors
/// [`Error::NotFound`] for an id that is not one of theirs.
#[tracing::instrument(name = "two_factor.forget_device", skip_all, fields(user.id = %caller.user()))]
pub async fn forget_device(backend: &Backend, caller: &SignedIn, id: &str) -> Result<()> {
    let mut tx = backend.db.system().write().await?;
    let ours = execute!(
        tx,
        r#"delete from "trustedDevice" where "id" = $1 and "userId" = $2"#,
        id,
        caller.user(),
    )?;
    let shared = execute!(
        tx,
        r#"
        delete from "verification"
        where "id" = $1 and "userId" = $2 and "identifier" like 'trust-device-%'
        "#,
        id,
        caller.user(),
    )?;
    tx.commit().await?;
    if ours + shared == 0 { Err(Error::NotFound("device")) } else { Ok(()) }
}

/// Deletes devices whose time is over; answers how many there were.
pub(crate) async fn sweep(tx: &mut SystemTx, now: OffsetDateTime) -> Result<u64> {
    let deleted = execute!(
        tx,
        r#"delete from "trustedDevice" where "expiresAt" <= $1"#,
        Timestamp::from(now),
    )?;
    Ok(deleted)
}

async fn remember(tx: &mut SystemTx, backend: &Backend, user: &UserId, token: &str) -> Result<()> {
    let new = New {
        purpose: Purpose::TrustDevice,
        token,
        value: user.as_str(),
        user: Some(user),
        life: TRUST_LIFE,
    };
    verification::put(tx, backend, new).await
}

fn cookie(backend: &Backend, user: &UserId, token: &str) -> TrustedDevice {
    let mac = URL_SAFE_NO_PAD.encode(mac(backend, user, token).finalize().into_bytes());
    TrustedDevice(format!("{mac}!{MARK}{token}").into())
}

/// The token in a cookie's text, if the text was made for this person.
fn token_of<'a>(backend: &Backend, user: &UserId, text: &'a str) -> Option<&'a str> {
    let (sent, name) = text.split_once('!')?;
    let token = name.strip_prefix(MARK)?;
    let sent = URL_SAFE_NO_PAD.decode(sent).ok()?;
    mac(backend, user, token).verify_slice(&sent).ok()?;
    Some(token)
}

fn mac(backend: &Backend, user: &UserId, token: &str) -> Hmac<Sha256> {
    let secret = backend.settings.auth.secret.expose_secret();
    Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .expect("HMAC takes keys of any length")
        .chain_update(format!("{user}!{MARK}{token}"))
}

fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}

fn kept(user_agent: &str) -> String {
    let end = user_agent.floor_char_boundary(USER_AGENT_MAX);
    user_agent[..end].replace('\0', "")
}
