//! Who a provider says somebody is.

use http::{HeaderMap, HeaderValue, StatusCode, header};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use url::Url;

use super::{
    Kind, Provider,
    id_token::{self, Claims, IdTokenError},
    tokens::Tokens,
};
use crate::{Error, Result};

/// Somebody, in the words of one provider.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Their id there; never changes.
    pub subject: String,
    /// Their address, as the provider writes it.
    pub email: Option<String>,
    /// Whether the provider says that the address is theirs.
    pub email_verified: bool,
    /// Whether the provider itself runs the mailbox, so that its word is proof.
    pub runs_mailbox: bool,
    /// Their name.
    pub name: Option<String>,
    /// The address of their picture.
    pub image: Option<String>,
    /// Everything that was said.
    pub claims: Map<String, Value>,
}

impl Identity {
    /// Somebody as `OpenID` Connect's standard claims describe them (Core 5.1); none without a subject.
    pub(super) fn from_claims(kind: &Kind, claims: Claims) -> Option<Self> {
        let text =
            |name: &str| claims.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let subject = text("sub")?.to_owned();
        let email = text("email").map(str::to_owned);
        let verified = is_true(claims.get("email_verified"))
            || (matches!(kind, Kind::Microsoft { .. }) && is_true(claims.get("xms_edov")));
        let email_verified = email.is_some() && verified;
        let runs_mailbox =
            email.as_deref().is_some_and(|email| kind.runs_mailbox(email, &claims)) && verified;
        Some(Self {
            subject,
            email_verified,
            runs_mailbox,
            name: text("name").map(str::to_owned),
            image: text("picture").map(str::to_owned),
            email,
            claims,
        })
    }

    /// The address in lower case.
    pub fn email_lower(&self) -> Option<String> {
        self.email.as_ref().map(|email| email.to_lowercase())
    }
}

/// `true`, also where it came as a text or as a number.
fn is_true(value: Option<&Value>) -> bool {
    match value {
        Some(Value::Bool(value)) => *value,
        Some(Value::String(text)) => text == "true" || text == "1",
        Some(Value::Number(number)) => number.as_i64() == Some(1),
        _ => false,
    }
}

/// Somebody who has just come back from the provider with these tokens; none where the tokens do not prove it.
pub(super) async fn of_new_tokens(
    provider: &Provider,
    tokens: &Tokens,
    nonce: Option<&str>,
) -> Result<Option<Identity>> {
    if !provider.kind().has_id_tokens() {
        return of_access_token(provider, &tokens.access).await;
    }
    let Some(token) = &tokens.id else { return Ok(None) };
    let claims = match id_token::verify(provider, token.expose_secret(), nonce).await {
        Ok(claims) => claims,
        Err(IdTokenError::Refused(why)) => {
            tracing::warn!(provider = provider.id(), why, "an ID token was refused");
            return Ok(None);
        }
        Err(IdTokenError::Other(error)) => return Err(error),
    };
    let identity = Identity::from_claims(provider.kind(), claims);
    // Some providers keep the address for the other door (Core 5.4).
    if let (Some(known), Kind::Oidc { .. }) = (&identity, provider.kind())
        && known.email.is_none()
        && let Some(more) = of_access_token(provider, &tokens.access).await?
        && more.subject == known.subject
    {
        return Ok(Some(more));
    }
    Ok(identity)
}

/// Somebody whose access token this is; none where the provider does not say.
pub(super) async fn of_access_token(
    provider: &Provider,
    token: &SecretString,
) -> Result<Option<Identity>> {
    let endpoints = provider.endpoints().await?;
    let Some(door) = endpoints.user_info else { return Ok(None) };
    let Some(claims) = ask(provider, &door, token).await? else { return Ok(None) };
    let Value::Object(claims) = claims else { return Ok(None) };
    if *provider.kind() == Kind::GitHub {
        return of_github(provider, &door, token, claims).await;
    }
    Ok(Identity::from_claims(provider.kind(), claims))
}

/// GitHub's own words; its list of addresses says which are verified.
async fn of_github(
    provider: &Provider,
    door: &Url,
    token: &SecretString,
    user: Map<String, Value>,
) -> Result<Option<Identity>> {
    let Some(id) = user.get("id").and_then(Value::as_u64) else { return Ok(None) };
    let text = |name: &str| user.get(name).and_then(Value::as_str).map(str::to_owned);
    let emails = Url::parse(&format!("{}/emails", door.as_str().trim_end_matches('/')));
    let emails = match emails {
        Ok(emails) => ask(provider, &emails, token).await?.unwrap_or_default(),
        Err(_) => Value::Null,
    };
    let emails = emails.as_array().map(Vec::as_slice).unwrap_or_default();
    let is = |entry: &Value, name: &str| entry.get(name).and_then(Value::as_bool) == Some(true);
    let address = |entry: &Value| entry.get("email").and_then(Value::as_str).map(str::to_owned);
    let primary = emails.iter().find(|entry| is(entry, "primary")).and_then(address);
    let email = text("email").filter(|email| !email.is_empty()).or(primary);
    let verified = emails.iter().any(|entry| address(entry) == email && is(entry, "verified"));
    Ok(Some(Identity {
        subject: id.to_string(),
        email_verified: email.is_some() && verified,
        runs_mailbox: false,
        name: text("name").or_else(|| text("login")),
        image: text("avatar_url"),
        email,
        claims: user,
    }))
}

/// What a door answers to this token; none when it refuses.
async fn ask(provider: &Provider, door: &Url, token: &SecretString) -> Result<Option<Value>> {
    let mut bearer = HeaderValue::from_str(&format!("Bearer {}", token.expose_secret()))
        .map_err(|_| Error::Corrupt("access token"))?;
    bearer.set_sensitive(true);
    let headers = HeaderMap::from_iter([
        (header::AUTHORIZATION, bearer),
        (header::ACCEPT, HeaderValue::from_static("application/json")),
    ]);
    let answer = provider.outgoing().get(door, headers).await;
    let answer = answer.map_err(|error| error.of("oauth"))?;
    if answer.status() != StatusCode::OK {
        return Ok(None);
    }
    Ok(serde_json::from_slice(answer.body()).ok())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn google(claims: Value) -> Option<Identity> {
        Identity::from_claims(&Kind::Google, claims.as_object().unwrap().clone())
    }

    #[test]
    fn an_address_is_verified_when_the_provider_says_so_in_whatever_form() {
        for (value, verified) in [
            (json!(true), true),
            (json!("true"), true),
            (json!(false), false),
            (json!("false"), false),
            (json!(null), false),
        ] {
            let claims = json!({ "sub": "1", "email": "Ann@gmail.com", "email_verified": value });
            let identity = google(claims).unwrap();
            assert_eq!((identity.email_verified, identity.runs_mailbox), (verified, verified));
            assert_eq!(identity.email_lower().as_deref(), Some("ann@gmail.com"));
        }
    }

    #[test]
    fn nobody_without_a_subject_and_no_proof_without_an_address() {
        assert!(google(json!({ "email": "a@b.co" })).is_none());
        assert!(google(json!({ "sub": "" })).is_none());
        let nameless = google(json!({ "sub": "1", "email_verified": true })).unwrap();
        assert!(!nameless.email_verified && nameless.email.is_none());
    }
}
