//! Which providers there are and what they may do, as the configuration says.

use secrecy::SecretString;
use url::Url;

/// Sign-in with other people's accounts.
#[derive(Clone, Debug, Default)]
pub struct OAuthSettings {
    /// In the order of their buttons.
    pub providers: Vec<ProviderSettings>,
    /// Ids of providers whose word on an address connects it to the account that has it.
    pub trusted: Vec<String>,
    /// Who may sign up this way.
    pub sign_up: SocialSignUp,
    /// Whether applications may post ID tokens that they got from the provider themselves.
    pub id_tokens: bool,
}

/// Who may sign up with an account of a provider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SocialSignUp {
    /// Everybody.
    #[default]
    On,
    /// Whoever says that they want a new account (`requestSignUp`).
    Requested,
    /// Nobody.
    Off,
}

/// One provider.
#[derive(Clone, Debug)]
pub struct ProviderSettings {
    /// `google`, `github`, `microsoft`, or the lower-case word of `OIDC_<NAME>_…`.
    pub id: String,
    /// What its button says behind "Continue with".
    pub label: String,
    /// How it is spoken to.
    pub kind: Kind,
    /// Who we are there.
    pub client_id: String,
    /// Proves it.
    pub client_secret: SecretString,
    /// Addresses that stand in for the provider's own.
    pub overrides: Overrides,
}

/// How a provider is spoken to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Google.
    Google,
    /// GitHub, which has no ID tokens.
    GitHub,
    /// Microsoft: `common`, `organizations`, `consumers` or the id of one directory.
    Microsoft {
        /// Whose accounts may sign in.
        tenant: String,
    },
    /// Any other, found by `OpenID` Connect Discovery.
    Oidc {
        /// Its issuer, byte for byte as its tokens name it.
        issuer: String,
    },
}

/// Addresses that stand in for a provider's own, in tests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// Where people agree.
    pub authorization: Option<Url>,
    /// Where codes become tokens.
    pub token: Option<Url>,
    /// Where its public keys are.
    pub keys: Option<Url>,
    /// Where it says who somebody is.
    pub user_info: Option<Url>,
}

impl OAuthSettings {
    /// Origins that an operator wrote down: they may be private and speak plain http.
    pub fn named_origins(&self) -> Vec<Url> {
        let of = |provider: &ProviderSettings| {
            let overrides = &provider.overrides;
            let issuer = match &provider.kind {
                Kind::Oidc { issuer } => Url::parse(issuer).ok(),
                Kind::Google | Kind::GitHub | Kind::Microsoft { .. } => None,
            };
            [&overrides.token, &overrides.keys, &overrides.user_info]
                .into_iter()
                .flatten()
                .cloned()
                .chain(issuer)
                .collect::<Vec<_>>()
        };
        self.providers.iter().flat_map(of).collect()
    }
}
