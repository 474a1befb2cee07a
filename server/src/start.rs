//! From a configuration to the parts that run: the database, the backend, the site.

use std::{error::Error, fmt::Write, sync::Arc};

use backend::{
    AuthProfile, AuthSettings, Backend, BankSettings, Banks, BillingSettings, Clock, Db, Limits,
    Outgoing, Random, Settings,
    auth::{
        HashParams, Passwords, Providers,
        oauth::{Kind, OAuthSettings, Overrides, ProviderSettings, SocialSignUp},
        passwords,
    },
    banks::{Plaid, PlaidServer, PlaidSettings, Provider, Simbank},
    billing::PolarServer,
    db::{self, DbSettings, PostgresUrls},
    jobs,
    limits::StoreUrlError,
    mail::Mailer,
    vault::{Vault, VaultKeys},
};
use secrecy::SecretString;
use tokio_util::task::TaskTracker;
use url::Url;

use crate::{
    config::{
        self, Config, DatabaseUrl, Engine, PasswordHash,
        billing::Server,
        oauth::{ClientConfig, OAuthConfig},
        plaid,
    },
    standins,
};

/// Where the database is, as `backend` wants to know it.
pub fn database(config: &Config) -> DbSettings {
    let urls = &config.database;
    let secret = |url: &DatabaseUrl| SecretString::from(url.expose().to_owned());
    match &urls.main.engine {
        Engine::Sqlite(path) => DbSettings::Sqlite { path: path.clone() },
        Engine::Postgres => DbSettings::Postgres {
            urls: PostgresUrls {
                migrate: secret(urls.migrate.as_ref().unwrap_or(&urls.main)),
                auth: secret(urls.auth.as_ref().unwrap_or(&urls.main)),
                app: secret(urls.app.as_ref().unwrap_or(&urls.main)),
            },
            max_connections: urls.connections,
        },
    }
}

/// Brings the schema up to date.
///
/// # Errors
/// One sentence.
pub async fn migrate(config: &Config) -> Result<(), String> {
    if let Engine::Sqlite(path) = &config.database.main.engine {
        config::data_dir::prepare(path.parent().unwrap_or(&config.data_dir))?;
    }
    db::migrate(&database(config)).await.map_err(|error| sentence(&error))
}

/// The backend on a database that is up to date.
///
/// # Errors
/// One sentence.
pub async fn open(config: &Config, random: Random) -> Result<Backend, String> {
    migrate(config).await?;
    let db = Db::connect(&database(config)).await.map_err(|error| sentence(&error))?;
    let clock = Clock::system();
    let settings = settings(config);
    let keys = config.secrets.encryption.iter().map(|key| (key.id.clone(), *key.expose()));
    let index = config.secrets.index.as_ref().map(|key| *key.expose());
    let keys = VaultKeys::new(keys.collect(), index).map_err(|error| sentence(&error))?;
    let plaid = plaid(config);
    let named = named_origins(&settings, plaid.as_ref());
    let outgoing = Outgoing::new(&clock, &random, named).map_err(|error| sentence(&error))?;
    let vault = Vault::open(&db, &clock, &random, keys);
    let open = settings.banks.simbank;
    let simbank = open.then(|| Simbank::new(&db, &clock, &random, &vault, &settings.app_url));
    let plaid = plaid.map(|plaid| -> Arc<dyn Provider> {
        Arc::new(Plaid::new(plaid, &settings.app_url, &outgoing, &clock, &random))
    });
    let backend = Backend {
        providers: Providers::new(&settings.oauth, &outgoing, &clock),
        banks: Banks::new(simbank, plaid),
        outgoing,
        vault,
        passwords: Passwords::new(
            settings.auth.hashing_threads,
            match config.auth.password_hash {
                PasswordHash::Argon2id => HashParams::RECOMMENDED,
                PasswordHash::Scrypt => HashParams::BETTER_AUTH,
            },
        ),
        mailer: mailer(config).map_err(|error| sentence(&error))?,
        jobs: jobs::Queue::default(),
        tasks: TaskTracker::new(),
        limits: limits(config, &clock).map_err(|error| sentence(&error))?,
        settings: Arc::new(settings),
        db,
        clock,
        random,
    };
    passwords::survey(&backend).await.map_err(|error| sentence(&error))?;
    Ok(backend)
}

/// Where an operator sends us besides the providers' own addresses.
fn named_origins(settings: &Settings, plaid: Option<&PlaidSettings>) -> Vec<url::Url> {
    let mut origins: Vec<url::Url> = settings.oauth.named_origins().into_iter().collect();
    origins.extend(settings.auth.breached_passwords.clone());
    origins.extend(settings.billing.iter().map(|billing| billing.api.clone()));
    origins.extend(plaid.map(|plaid| plaid.api.clone()));
    origins
}

fn settings(config: &Config) -> Settings {
    Settings {
        app_url: config.address.app_url.clone(),
        auth: AuthSettings {
            profile: profile(config),
            secret: config.secrets.auth.clone(),
            password_min: config.auth.password_min,
            require_email_verification: config.auth.require_email_verification,
            breached_passwords: config.auth.breached_passwords.clone(),
            change_email: config.auth.change_email,
            delete_user: config.auth.delete_user,
            hashing_threads: config.auth.hashing_threads,
        },
        oauth: oauth(config),
        billing: billing(config),
        support_email: config.mail.support.clone(),
        banks: BankSettings { simbank: config.simbank },
    }
}

/// Who sells our plans.
pub fn billing(config: &Config) -> Option<BillingSettings> {
    let billing = config.billing.as_ref()?;
    let standin = standins::polar::Access::of(config);
    let api = |base: &str| base.parse().ok();
    let (server, api) = match &billing.server {
        Server::Production => (PolarServer::Production, api("https://api.polar.sh/v1/")),
        Server::Sandbox => (PolarServer::Sandbox, api("https://sandbox-api.polar.sh/v1/")),
        Server::StandIn => (PolarServer::Local, Some(standin.api.clone())),
        Server::Local(url) => (PolarServer::Local, Url::join(url, "v1/").ok()),
    };
    let secrets = &billing.webhook_secrets;
    Some(BillingSettings {
        server,
        api: api?,
        token: billing.token.clone().unwrap_or(standin.token),
        webhook_secrets: if secrets.is_empty() {
            vec![standin.webhook_secret]
        } else {
            secrets.clone()
        },
        products: if billing.products.is_empty() {
            standin.products
        } else {
            billing.products.clone()
        },
        grace: time::Duration::days(billing.grace_days.into()),
    })
}

/// How Plaid is reached; none where it is not configured.
pub fn plaid(config: &Config) -> Option<PlaidSettings> {
    let plaid = config.plaid.as_ref()?;
    let server = match &plaid.server {
        plaid::Server::Production => PlaidServer::Production,
        plaid::Server::Sandbox => PlaidServer::Sandbox,
        plaid::Server::Local(_) => PlaidServer::Local,
    };
    Some(PlaidSettings {
        server,
        api: plaid.origin().parse().ok()?,
        client_id: plaid.client_id.clone(),
        secret: plaid.secret.clone(),
    })
}

/// The providers of a configuration, in the order of their buttons.
pub fn oauth(config: &Config) -> OAuthSettings {
    let oauth = &config.oauth;
    let overrides = Overrides {
        token: oauth.google_token_url.clone(),
        keys: oauth.google_jwks_url.clone(),
        ..Overrides::default()
    };
    let microsoft = Kind::Microsoft { tenant: oauth.microsoft_tenant.clone() };
    let fixed = [
        ("google", "Google", Kind::Google, &oauth.google, overrides),
        ("github", "GitHub", Kind::GitHub, &oauth.github, Overrides::default()),
        ("microsoft", "Microsoft", microsoft, &oauth.microsoft, Overrides::default()),
    ];
    let fixed = fixed.into_iter().filter_map(|(id, label, kind, client, overrides)| {
        let client = client.as_ref()?;
        Some(ProviderSettings { overrides, ..provider(id, label, kind, client) })
    });
    let discovered = oauth.oidc.iter().map(|oidc| {
        let kind = Kind::Oidc { issuer: oidc.issuer.clone() };
        provider(&oidc.id(), &oidc.label, kind, &oidc.client)
    });
    OAuthSettings {
        providers: fixed.chain(discovered).collect(),
        trusted: oauth.trusted.clone(),
        sign_up: sign_up(oauth),
        // Better Auth always takes them.
        id_tokens: oauth.id_tokens.unwrap_or(config.auth.profile.is_better_auth()),
    }
}

fn provider(id: &str, label: &str, kind: Kind, client: &ClientConfig) -> ProviderSettings {
    ProviderSettings {
        id: id.to_owned(),
        label: label.to_owned(),
        kind,
        client_id: client.id.clone(),
        client_secret: client.secret.clone(),
        overrides: Overrides::default(),
    }
}

fn sign_up(oauth: &OAuthConfig) -> SocialSignUp {
    match oauth.sign_up {
        config::oauth::SocialSignUp::On => SocialSignUp::On,
        config::oauth::SocialSignUp::Requested => SocialSignUp::Requested,
        config::oauth::SocialSignUp::Off => SocialSignUp::Off,
    }
}

fn limits(config: &Config, clock: &Clock) -> Result<Limits, StoreUrlError> {
    let secret = &config.secrets.auth;
    match &config.cache {
        _ if !config.auth.rate_limit => Ok(Limits::off()),
        None => Ok(Limits::in_process(clock.clone(), secret)),
        Some(url) => Limits::shared(clock.clone(), secret, url.secret()),
    }
}

/// `AUTH_PROFILE`, as `backend` knows it.
pub fn profile(config: &Config) -> AuthProfile {
    match config.auth.profile {
        config::AuthProfile::Hardened => AuthProfile::Hardened,
        config::AuthProfile::BetterAuth => AuthProfile::BetterAuth,
    }
}

fn mailer(config: &Config) -> Result<Mailer, backend::mail::MailerError> {
    let mail = &config.mail;
    match (&mail.file, &mail.smtp_url) {
        (Some(file), _) => Mailer::file(file.clone(), &mail.from),
        (None, Some(url)) => Mailer::smtp(url, &mail.from),
        (None, None) => Mailer::mailbox(&mail.from),
    }
}

/// The error and its causes on one line, ending in a full stop.
pub fn sentence(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            // Writing into a String cannot fail.
            let _ = write!(text, " ({cause_text})");
        }
        source = cause.source();
    }
    text.push('.');
    text
}
