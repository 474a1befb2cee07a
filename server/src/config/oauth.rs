//! Where people may sign in instead of here.

use secrecy::SecretString;
use url::Url;

use super::{
    reader::Reader,
    variables::{Variable, named},
};

/// The accounts people may sign in with.
#[derive(Clone, Debug, Default)]
pub struct OAuthConfig {
    /// Google.
    pub google: Option<ClientConfig>,
    /// GitHub.
    pub github: Option<ClientConfig>,
    /// Microsoft.
    pub microsoft: Option<ClientConfig>,
    /// Whose Microsoft accounts: `common`, `organizations`, `consumers` or the id of one directory.
    pub microsoft_tenant: String,
    /// Any other, by `OpenID` Connect Discovery.
    pub oidc: Vec<OidcConfig>,
    /// Ids of providers whose word on an address is enough to connect it.
    pub trusted: Vec<String>,
    /// Who may sign up with such an account.
    pub sign_up: SocialSignUp,
    /// Whether applications may post ID tokens.
    pub id_tokens: Option<bool>,
    /// Stands in for Google's token endpoint, in tests.
    pub google_token_url: Option<Url>,
    /// Stands in for Google's keys, in tests.
    pub google_jwks_url: Option<Url>,
}

/// Who we are at a provider.
#[derive(Clone, Debug)]
pub struct ClientConfig {
    /// The name it knows us by.
    pub id: String,
    /// Proves it.
    pub secret: SecretString,
}

/// A provider that is found by its issuer.
#[derive(Clone, Debug)]
pub struct OidcConfig {
    /// The word in its variables, in capital letters.
    pub word: String,
    /// Its issuer, byte for byte.
    pub issuer: String,
    /// Who we are there.
    pub client: ClientConfig,
    /// What its button says.
    pub label: String,
}

/// Who may sign up with an account of a provider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SocialSignUp {
    /// Everybody.
    #[default]
    On,
    /// Whoever says that they want a new account.
    Requested,
    /// Nobody.
    Off,
}

/// Ids that a word of `OIDC_…` cannot have.
const TAKEN: [&str; 4] = ["google", "github", "microsoft", "credential"];

impl OidcConfig {
    /// The id in addresses and in the database.
    pub fn id(&self) -> String {
        self.word.to_ascii_lowercase()
    }
}

impl OAuthConfig {
    /// Ids and labels, in the order of the buttons.
    pub fn names(&self) -> Vec<(String, String)> {
        let fixed = [
            ("google", "Google", &self.google),
            ("github", "GitHub", &self.github),
            ("microsoft", "Microsoft", &self.microsoft),
        ];
        let fixed = fixed.into_iter().filter(|(.., client)| client.is_some());
        let fixed = fixed.map(|(id, label, _)| (id.to_owned(), label.to_owned()));
        fixed.chain(self.oidc.iter().map(|oidc| (oidc.id(), oidc.label.clone()))).collect()
    }
}

pub(super) fn read(reader: &mut Reader<'_>) -> OAuthConfig {
    let google = client(reader, "GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET");
    let github = client(reader, "GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET");
    let microsoft = client(reader, "MICROSOFT_CLIENT_ID", "MICROSOFT_CLIENT_SECRET");
    let tenant = reader.text("MICROSOFT_TENANT").unwrap_or_else(|| "common".to_owned());
    if !is_tenant(&tenant) {
        let sentence =
            "The value must be common, organizations, consumers or the id of a directory.";
        reader.problems.push("MICROSOFT_TENANT", sentence);
    }
    let words = [
        ("on", SocialSignUp::On),
        ("requested", SocialSignUp::Requested),
        ("off", SocialSignUp::Off),
    ];
    let address = "an address like http://127.0.0.1:4599/token";
    let config = OAuthConfig {
        google,
        github,
        microsoft,
        microsoft_tenant: tenant,
        oidc: read_oidc(reader),
        trusted: reader.list("AUTH_TRUSTED_PROVIDERS"),
        sign_up: reader.choice("AUTH_SOCIAL_SIGN_UP", &words).unwrap_or_default(),
        id_tokens: reader.switch("AUTH_ID_TOKEN_SIGN_IN"),
        google_token_url: reader.parsed("GOOGLE_TOKEN_URL", address),
        google_jwks_url: reader.parsed("GOOGLE_JWKS_URL", address),
    };
    let names = config.names();
    for id in &config.trusted {
        if !names.iter().any(|(known, _)| known == id) {
            let sentence = format!("{id} is no provider that is set up here.");
            reader.problems.push("AUTH_TRUSTED_PROVIDERS", sentence);
        }
    }
    config
}

/// Both halves, or neither.
fn client(reader: &mut Reader<'_>, id: &str, secret: &str) -> Option<ClientConfig> {
    match (reader.text(id), reader.secret(secret)) {
        (Some(id), Some(secret)) => Some(ClientConfig { id, secret }),
        (None, None) => None,
        (Some(_), None) => {
            reader.problems.push(secret, format!("It belongs to {id}: set both or neither."));
            None
        }
        (None, Some(_)) => {
            reader.problems.push(id, format!("It belongs to {secret}: set both or neither."));
            None
        }
    }
}

fn read_oidc(reader: &mut Reader<'_>) -> Vec<OidcConfig> {
    let families =
        ["OIDC_NAME_ISSUER", "OIDC_NAME_CLIENT_ID", "OIDC_NAME_CLIENT_SECRET", "OIDC_NAME_LABEL"];
    let families: Vec<&Variable> = families.iter().filter_map(|name| named(name)).collect();
    let words = reader.words(&families);
    words.into_iter().filter_map(|word| read_one(reader, word)).collect()
}

fn read_one(reader: &mut Reader<'_>, word: String) -> Option<OidcConfig> {
    let name = |end: &str| format!("OIDC_{word}_{end}");
    let client = client(reader, &name("CLIENT_ID"), &name("CLIENT_SECRET"));
    let label = reader.text(&name("LABEL"));
    let issuer_name = name("ISSUER");
    let Some(issuer) = reader.text(&issuer_name) else {
        reader.problems.push(&issuer_name, "Set the issuer, or remove the others of this name.");
        return None;
    };
    if !is_issuer(&issuer) {
        let sentence = "The value must be the provider's issuer, like https://login.example";
        reader.problems.push(&issuer_name, sentence);
        return None;
    }
    let id = word.to_ascii_lowercase();
    if TAKEN.contains(&&*id) {
        reader.problems.push(&issuer_name, format!("{word} has variables of its own."));
        return None;
    }
    if client.is_none()
        && !reader.problems.names(&name("CLIENT_ID"))
        && !reader.problems.names(&name("CLIENT_SECRET"))
    {
        reader.problems.push(&name("CLIENT_ID"), "An issuer needs a client id and a secret.");
    }
    let label = label.unwrap_or_else(|| capitalised(&word));
    Some(OidcConfig { issuer, client: client?, label, word })
}

/// `OpenID` Connect Discovery 1.0, 2: an address without query and fragment.
fn is_issuer(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "https" | "http")
            && url.has_host()
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
    })
}

fn is_tenant(text: &str) -> bool {
    let directory = text.len() == 36
        && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b) || b == b'-');
    directory || ["common", "organizations", "consumers"].contains(&text)
}

/// `MY_BANK` is "My bank" on its button.
fn capitalised(word: &str) -> String {
    let lower = word.to_ascii_lowercase().replace('_', " ");
    let mut letters = lower.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
