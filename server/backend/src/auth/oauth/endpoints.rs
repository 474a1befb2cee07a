//! Where a provider's doors are, what its tokens are called, and what we ask it for.

use serde_json::{Map, Value};
use url::Url;

use super::{Kind, ProviderSettings};

/// The doors of a provider whose addresses are known.
#[derive(Clone, Debug)]
pub(super) struct Endpoints {
    pub(super) authorization: Url,
    pub(super) token: Url,
    /// Where the keys of its ID tokens are; none for a provider without ID tokens.
    pub(super) keys: Option<Url>,
    pub(super) user_info: Option<Url>,
    /// Signature algorithms of its ID tokens, in the words of RFC 7518.
    pub(super) algorithms: Vec<String>,
}

/// `url` of a literal.
fn literal(text: &str) -> Url {
    Url::parse(text).expect("a literal address")
}

impl Endpoints {
    /// The doors of the providers that do not have to be discovered, with their stand-ins.
    pub(super) fn fixed(settings: &ProviderSettings) -> Option<Self> {
        let rs256 = vec!["RS256".to_owned()];
        let mut endpoints = match &settings.kind {
            Kind::Google => Self {
                authorization: literal("https://accounts.google.com/o/oauth2/v2/auth"),
                token: literal("https://oauth2.googleapis.com/token"),
                keys: Some(literal("https://www.googleapis.com/oauth2/v3/certs")),
                user_info: Some(literal("https://openidconnect.googleapis.com/v1/userinfo")),
                algorithms: rs256,
            },
            Kind::GitHub => Self {
                authorization: literal("https://github.com/login/oauth/authorize"),
                token: literal("https://github.com/login/oauth/access_token"),
                keys: None,
                user_info: Some(literal("https://api.github.com/user")),
                algorithms: Vec::new(),
            },
            Kind::Microsoft { tenant } => {
                let at = |rest: &str| {
                    literal(&format!("https://login.microsoftonline.com/{tenant}/{rest}"))
                };
                Self {
                    authorization: at("oauth2/v2.0/authorize"),
                    token: at("oauth2/v2.0/token"),
                    keys: Some(at("discovery/v2.0/keys")),
                    user_info: Some(literal("https://graph.microsoft.com/oidc/userinfo")),
                    algorithms: rs256,
                }
            }
            Kind::Oidc { .. } => return None,
        };
        endpoints.stand_in(settings);
        Some(endpoints)
    }

    fn stand_in(&mut self, settings: &ProviderSettings) {
        let overrides = settings.overrides.clone();
        if let Some(url) = overrides.authorization {
            self.authorization = url;
        }
        if let Some(url) = overrides.token {
            self.token = url;
        }
        self.keys = overrides.keys.or(self.keys.take());
        self.user_info = overrides.user_info.or(self.user_info.take());
    }
}

impl Kind {
    /// Whether it speaks `OpenID` Connect.
    pub(super) fn has_id_tokens(&self) -> bool {
        !matches!(self, Self::GitHub)
    }

    /// What is asked for unless a request wants more.
    pub(super) fn scopes(&self) -> &'static [&'static str] {
        match self {
            Self::Google => &["email", "profile", "openid"],
            Self::GitHub => &["read:user", "user:email"],
            Self::Microsoft { .. } => {
                &["openid", "profile", "email", "User.Read", "offline_access"]
            }
            Self::Oidc { .. } => &["openid", "profile", "email"],
        }
    }

    /// Parameters of the authorization address that are this provider's own.
    pub(super) fn parameters(&self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Google => &[("include_granted_scopes", "true")],
            Self::GitHub | Self::Microsoft { .. } | Self::Oidc { .. } => &[],
        }
    }

    /// The issuer for the record of an account: with the subject it names one person.
    pub(super) fn issuer(&self) -> String {
        match self {
            Self::Google => "https://accounts.google.com".to_owned(),
            Self::GitHub => "https://github.com".to_owned(),
            Self::Microsoft { .. } => "https://login.microsoftonline.com".to_owned(),
            Self::Oidc { issuer } => issuer.clone(),
        }
    }

    /// Whether `issuer` is the `iss` of this provider's tokens, or of its answers (RFC 9207). Google has two
    /// spellings; Microsoft's names the directory, which the token also claims.
    pub(super) fn is_issuer(&self, issuer: &str, claims: &Map<String, Value>) -> bool {
        match self {
            Self::Google => matches!(issuer, "https://accounts.google.com" | "accounts.google.com"),
            Self::GitHub => issuer == "https://github.com/login/oauth",
            Self::Microsoft { tenant } => is_microsoft(tenant, issuer, claims),
            Self::Oidc { issuer: own } => issuer == own,
        }
    }

    /// Whether the provider itself runs the mailbox: then its word on an address is proof.
    /// Google's: Gmail, or a hosted domain (developers.google.com/identity, "verify the ID token").
    pub(super) fn runs_mailbox(&self, email: &str, claims: &Map<String, Value>) -> bool {
        let hosted = claims.get("hd").and_then(Value::as_str).is_some_and(|hd| !hd.is_empty());
        match self {
            Self::Google => email.to_ascii_lowercase().ends_with("@gmail.com") || hosted,
            Self::GitHub | Self::Microsoft { .. } | Self::Oidc { .. } => false,
        }
    }
}

/// The directory of personal accounts.
const CONSUMERS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

fn is_microsoft(tenant: &str, issuer: &str, claims: &Map<String, Value>) -> bool {
    let named = issuer
        .strip_prefix("https://login.microsoftonline.com/")
        .and_then(|rest| rest.strip_suffix("/v2.0"));
    let Some(directory) = named.filter(|named| !named.is_empty() && !named.contains('/')) else {
        return false;
    };
    // An address of the authorization answer comes without claims.
    let claimed = claims.get("tid").and_then(Value::as_str);
    if claimed.is_some_and(|claimed| claimed != directory) {
        return false;
    }
    match tenant {
        "common" => true,
        "organizations" => directory != CONSUMERS,
        "consumers" => directory == CONSUMERS,
        tenant => directory == tenant,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn claims(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn each_provider_knows_its_own_issuer() {
        let none = Map::new();
        assert!(Kind::Google.is_issuer("accounts.google.com", &none));
        assert!(Kind::Google.is_issuer("https://accounts.google.com", &none));
        assert!(!Kind::Google.is_issuer("https://accounts.google.com/", &none));
        let oidc = Kind::Oidc { issuer: "https://login.example".into() };
        assert!(oidc.is_issuer("https://login.example", &none));
        assert!(!oidc.is_issuer("https://login.example/", &none));
    }

    #[test]
    fn a_microsoft_token_names_its_directory_twice() {
        let directory = "11111111-2222-3333-4444-555555555555";
        let issuer = |id: &str| format!("https://login.microsoftonline.com/{id}/v2.0");
        let says = |id: &str| claims(json!({ "tid": id }));
        let kind = |tenant: &str| Kind::Microsoft { tenant: tenant.into() };

        assert!(kind("common").is_issuer(&issuer(directory), &says(directory)));
        assert!(kind(directory).is_issuer(&issuer(directory), &says(directory)));
        assert!(kind("consumers").is_issuer(&issuer(CONSUMERS), &says(CONSUMERS)));
        assert!(!kind("organizations").is_issuer(&issuer(CONSUMERS), &says(CONSUMERS)));
        assert!(!kind("common").is_issuer(&issuer(directory), &says(CONSUMERS)));
        assert!(!kind(CONSUMERS).is_issuer(&issuer(directory), &says(directory)));
        assert!(!kind("common").is_issuer("https://evil.example/x/v2.0", &says("x")));
    }

    #[test]
    fn google_runs_gmail_and_hosted_domains_alone() {
        let google = |email: &str, value: Value| Kind::Google.runs_mailbox(email, &claims(value));

        assert!(google("ann@gmail.com", json!({})));
        assert!(google("ann@bank.example", json!({ "hd": "bank.example" })));
        assert!(!google("ann@bank.example", json!({})));
        assert!(!google("ann@gmail.com.evil.example", json!({ "hd": "" })));
        let other = Kind::Oidc { issuer: "https://login.example".into() };
        assert!(!other.runs_mailbox("ann@gmail.com", &claims(json!({ "hd": "x" }))));
    }
}
