//! How a session begins: with a row and a token of its own, in the transaction of the sign-in.

use domain::{SessionId, UserId};

use super::{
    ABSOLUTE, Client, LIFETIME, LIFETIME_UNREMEMBERED, SessionToken, SessionView, SignedIn,
};
use crate::{Backend, Result, Timestamp, db::SystemTx, execute};

/// Bytes of a `User-Agent` that are worth keeping.
const USER_AGENT_MAX: usize = 512;

/// Starts a session with a new token. Ways in call [`crate::auth::login::complete`] instead.
pub(in crate::auth) async fn start(
    tx: &mut SystemTx,
    backend: &Backend,
    user: &UserId,
    client: &Client,
    remember: bool,
) -> Result<(SessionView, SessionToken)> {
    let now = backend.clock.now();
    let token = SessionToken::generate(&backend.random);
    let life = if remember { LIFETIME } else { LIFETIME_UNREMEMBERED };
    let session = SessionView {
        id: SessionId::new(backend.random.alphanumeric(32)),
        user_id: user.clone(),
        expires_at: now + life,
        created_at: now,
        updated_at: now,
        ip_address: client.ip.clone(),
        user_agent: kept(&client.user_agent),
        remembered: remember,
    };
    execute!(
        tx,
        r#"
        insert into "session" ("id", "expiresAt", "token", "createdAt", "updatedAt", "ipAddress", "userAgent",
                               "userId", "authAt", "lastSeenAt", "absoluteAt", "remembered")
        values ($1, $2, $3, $4, $4, $5, $6, $7, $4, $4, $8, $9)
        "#,
        &session.id,
        Timestamp::from(session.expires_at),
        token.at_rest(backend.settings.auth.profile),
        Timestamp::from(now),
        &session.ip_address,
        &session.user_agent,
        user,
        Timestamp::from(now + ABSOLUTE),
        remember,
    )?;
    Ok((session, token))
}

/// Ends a session in the transaction of the sign-in that takes its place.
pub(in crate::auth) async fn replace(tx: &mut SystemTx, old: &SignedIn) -> Result<()> {
    execute!(
        tx,
        r#"delete from "session" where "id" = $1 and "userId" = $2"#,
        old.session(),
        old.user(),
    )?;
    Ok(())
}

/// The first part of a `User-Agent`, without the character that no text column takes.
fn kept(user_agent: &str) -> String {
    let mut end = user_agent.len().min(USER_AGENT_MAX);
    while !user_agent.is_char_boundary(end) {
        end -= 1;
    }
    user_agent[..end].replace('\0', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_user_agent_is_cut_between_characters() {
        let text = format!("{}é and more", "x".repeat(511));

        assert_eq!(kept(&text), "x".repeat(511));
        assert_eq!(kept("a\0b"), "ab");
    }
}
