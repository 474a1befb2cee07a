//! People and sessions as Better Auth writes them in JSON.

use backend::auth::{SessionToken, SessionView, UserView};
use serde::{Serialize, Serializer};
use time::{OffsetDateTime, UtcOffset};

/// The `user` object.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UserJson<'a> {
    name: &'a str,
    email: &'a str,
    email_verified: bool,
    image: Option<&'a str>,
    #[serde(serialize_with = "as_iso")]
    created_at: OffsetDateTime,
    #[serde(serialize_with = "as_iso")]
    updated_at: OffsetDateTime,
    /// Left out where it is off, so that the object is that of a server without the plugin. Clients read a
    /// missing field as false.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    two_factor_enabled: bool,
    id: &'a str,
}

impl<'a> From<&'a UserView> for UserJson<'a> {
    fn from(user: &'a UserView) -> Self {
        Self {
            name: &user.name,
            email: &user.email,
            email_verified: user.email_verified,
            image: user.image.as_deref(),
            created_at: user.created_at,
            updated_at: user.updated_at,
            two_factor_enabled: user.two_factor_enabled,
            id: user.id.as_str(),
        }
    }
}

/// The `session` object, its token included.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SessionJson<'a> {
    #[serde(serialize_with = "as_iso")]
    expires_at: OffsetDateTime,
    token: &'a str,
    #[serde(serialize_with = "as_iso")]
    created_at: OffsetDateTime,
    #[serde(serialize_with = "as_iso")]
    updated_at: OffsetDateTime,
    ip_address: &'a str,
    user_agent: &'a str,
    user_id: &'a str,
    id: &'a str,
}

impl<'a> SessionJson<'a> {
    pub(super) fn new(session: &'a SessionView, token: &'a SessionToken) -> Self {
        Self {
            expires_at: session.expires_at,
            token: token.expose(),
            created_at: session.created_at,
            updated_at: session.updated_at,
            ip_address: &session.ip_address,
            user_agent: &session.user_agent,
            user_id: session.user_id.as_str(),
            id: session.id.as_str(),
        }
    }
}

fn as_iso<S: Serializer>(at: &OffsetDateTime, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&iso(*at))
}

/// `2026-11-21T06:57:00.405Z`: exactly three digits, because clients read the fraction as milliseconds.
pub(super) fn iso(at: OffsetDateTime) -> String {
    let at = at.to_offset(UtcOffset::UTC);
    let (date, time) = (at.date(), at.time());
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        date.year(),
        u8::from(date.month()),
        date.day(),
        time.hour(),
        time.minute(),
        time.second(),
        time.millisecond()
    )
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn dates_have_exactly_three_fractional_digits() {
        assert_eq!(iso(datetime!(2026-11-21 06:57:00 UTC)), "2026-11-21T06:57:00.000Z");
        assert_eq!(iso(datetime!(2026-11-21 08:57:00.405999 +02:00)), "2026-11-21T06:57:00.405Z");
    }
}
