//! From a configuration to the parts that run: the database, the backend, the site.

use std::{error::Error, fmt::Write, sync::Arc};

use backend::{
    AuthProfile, AuthSettings, Backend, Clock, Db, Limits, Random, Settings,
    auth::{HashParams, Passwords},
    db::{self, DbSettings, PostgresUrls},
    jobs,
    limits::StoreUrlError,
    mail::Mailer,
    vault::{Vault, VaultKeys},
};
use secrecy::SecretString;

use crate::config::{self, Config, DatabaseUrl, Engine, PasswordHash};

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
    Ok(Backend {
        vault: Vault::open(&db, &clock, &random, keys),
        passwords: Passwords::new(
            settings.auth.hashing_threads,
            match config.auth.password_hash {
                PasswordHash::Argon2id => HashParams::RECOMMENDED,
                PasswordHash::Scrypt => HashParams::BETTER_AUTH,
            },
        ),
        mailer: mailer(config).map_err(|error| sentence(&error))?,
        jobs: jobs::Queue::default(),
        limits: limits(config, &clock).map_err(|error| sentence(&error))?,
        settings: Arc::new(settings),
        db,
        clock,
        random,
    })
}

fn settings(config: &Config) -> Settings {
    Settings {
        app_url: config.address.app_url.clone(),
        auth: AuthSettings {
            profile: profile(config),
            secret: config.secrets.auth.clone(),
            password_min: config.auth.password_min,
            require_email_verification: config.auth.require_email_verification,
            change_email: config.auth.change_email,
            delete_user: config.auth.delete_user,
            hashing_threads: config.auth.hashing_threads,
        },
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
