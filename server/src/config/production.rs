//! What production refuses, although development is fine with it.

use secrecy::ExposeSecret;

use super::{
    Config,
    address::{covers_the_world, host_of},
    billing::Server,
    database::{DatabaseUrl, Engine},
    keys, plaid,
    problem::Problems,
    vars::Origin,
};

/// Adds every refusal to `problems`. A variable that is already broken is not named twice.
pub(super) fn refuse(config: &Config, problems: &mut Problems) {
    let mut found = Problems::default();
    refuse_secrets(config, &mut found);
    refuse_addresses(config, &mut found);
    refuse_databases(config, &mut found);
    refuse_cache(config, &mut found);
    refuse_mail(config, &mut found);
    refuse_billing(config, &mut found);
    refuse_plaid(config, &mut found);
    refuse_providers(config, &mut found);
    if !config.auth.rate_limit {
        found.push(
            "AUTH_RATE_LIMIT",
            "Production does not start without limits. Remove this variable.",
        );
    }
    let new = found.0.into_iter().filter(|problem| !problems.names(&problem.variable));
    problems.0.extend(new.collect::<Vec<_>>());
}

fn refuse_secrets(config: &Config, found: &mut Problems) {
    let secrets = &config.secrets;
    let auth = secrets.auth.expose_secret();
    if let Some(sentence) = keys::weakness(auth).filter(|_| !auth.is_empty()) {
        found.push("BETTER_AUTH_SECRET", sentence);
    }
    for key in &secrets.encryption {
        if let Some(sentence) = keys::key_weakness(key.expose()) {
            found.push(variable_of(config, &key.id), sentence);
        }
    }
    if let Some(sentence) = secrets.index.as_ref().and_then(|key| keys::key_weakness(key.expose()))
    {
        found.push("INDEX_KEY", sentence);
    }
    refuse_repeated(config, found);
}

/// The variable that gave the encryption key `id`.
fn variable_of(config: &Config, id: &str) -> &'static str {
    let single = config.origins.get("BANK_DATA_ENCRYPTION_KEY");
    if id == "1" && single.is_some_and(|origin| *origin != Origin::Default) {
        "BANK_DATA_ENCRYPTION_KEY"
    } else {
        "ENCRYPTION_KEYS"
    }
}

/// Two jobs, two secrets: whoever learns one must not have the other.
fn refuse_repeated(config: &Config, found: &mut Problems) {
    let secrets = &config.secrets;
    let auth = keys::decode_key(secrets.auth.expose_secret());
    let mut named: Vec<(&'static str, [u8; 32])> =
        auth.map(|bytes| ("BETTER_AUTH_SECRET", bytes)).into_iter().collect();
    named
        .extend(secrets.encryption.iter().map(|key| (variable_of(config, &key.id), *key.expose())));
    named.extend(secrets.index.iter().map(|key| ("INDEX_KEY", *key.expose())));
    for (index, (variable, bytes)) in named.iter().enumerate() {
        if let Some((other, _)) = named[..index].iter().find(|(_, earlier)| earlier == bytes) {
            found.push(variable, format!("The value also stands in {other}. Make one for each."));
        }
    }
}

fn refuse_addresses(config: &Config, found: &mut Problems) {
    let address = &config.address;
    if config.origins.get("APP_URL") == Some(&Origin::Default) {
        found
            .push("APP_URL", "Production needs the address people open, like https://bank.example");
    } else if !address.is_https() {
        found.push("APP_URL", "Production needs an https address.");
    }
    let host = host_of(&address.app_url);
    if address.hosts_named && !address.allowed_hosts.contains(&host) {
        found.push(
            "ALLOWED_HOSTS",
            format!("The host of APP_URL, {host}, is missing from the list."),
        );
    }
    if covers_the_world(&address.trusted_proxies) {
        found.push("TRUSTED_PROXIES", "The list covers every address. Name the proxies alone.");
    }
    let in_clear = |origin: &&String| {
        let host = origin.strip_prefix("http://").and_then(|host| host.split(':').next());
        host.is_some_and(|host| host != "localhost")
    };
    if let Some(origin) = address.cors_origins.iter().find(in_clear) {
        found.push(
            "CORS_ORIGINS",
            format!("{origin} is not https, so anybody on the way could speak for it."),
        );
    }
    if !config.auth.profile.is_better_auth()
        && config.auth.trusted_origins.iter().any(|origin| origin.contains('*'))
    {
        found.push("AUTH_TRUSTED_ORIGINS", "Production takes exact origins, without *.");
    }
}

fn refuse_databases(config: &Config, found: &mut Problems) {
    let database = &config.database;
    let named = [
        ("DATABASE_URL", Some(&database.main)),
        ("DATABASE_AUTH_URL", database.auth.as_ref()),
        ("DATABASE_APP_URL", database.app.as_ref()),
        ("DATABASE_MIGRATE_URL", database.migrate.as_ref()),
    ];
    let exposed = |url: &DatabaseUrl| url.engine == Engine::Postgres && !url.is_private();
    for (variable, url) in named {
        if url.is_some_and(exposed) {
            found.push(variable, "Add sslmode=verify-full: the host is not this machine.");
        }
    }
}

fn refuse_cache(config: &Config, found: &mut Problems) {
    if config.cache.as_ref().is_some_and(|url| !url.is_private()) {
        found.push("REDIS_URL", "Production needs TLS, rediss://: the host is not this machine.");
    }
}

fn refuse_providers(config: &Config, found: &mut Problems) {
    let oauth = &config.oauth;
    for (variable, url) in
        [("GOOGLE_TOKEN_URL", &oauth.google_token_url), ("GOOGLE_JWKS_URL", &oauth.google_jwks_url)]
    {
        if url.is_some() {
            found.push(variable, "Production asks Google itself. Remove this variable.");
        }
    }
    for oidc in &oauth.oidc {
        if !oidc.issuer.starts_with("https://") {
            let variable = format!("OIDC_{}_ISSUER", oidc.word);
            found.push(&variable, "Production needs an https address.");
        }
    }
}

fn refuse_mail(config: &Config, found: &mut Problems) {
    let mail = &config.mail;
    if mail.smtp_url.is_none() {
        found.push(
            "SMTP_URL",
            "Production needs a mail server, like smtps://user:password@mail.example",
        );
    } else if !mail.is_encrypted() {
        found.push("SMTP_URL", "Production needs TLS: smtps://, or ?tls=required at the end.");
    }
    if !mail.from_named {
        found.push("MAIL_FROM", "Production needs a sender, like Coffer <hello@bank.example>.");
    }
    if mail.file.is_some() {
        found
            .push("MAIL_FILE", "Production does not write mail into a file. Remove this variable.");
    }
}

/// The stand-in sells for nothing, so somebody has to ask for it by name.
fn refuse_billing(config: &Config, found: &mut Problems) {
    let Some(billing) = &config.billing else { return };
    match &billing.server {
        Server::Production | Server::StandIn => {}
        Server::Sandbox => {
            found.push("POLAR_SERVER", "The sandbox takes no money. Production needs production.");
        }
        Server::Local(_) => {
            found.push("POLAR_SERVER", "Production does not sell by a program on this machine.");
        }
    }
}

fn refuse_plaid(config: &Config, found: &mut Problems) {
    let Some(plaid) = &config.plaid else { return };
    match plaid.server {
        plaid::Server::Production => {}
        plaid::Server::Sandbox => {
            found.push("PLAID_ENV", "The sandbox has no real banks. Production needs production.");
        }
        plaid::Server::Local(_) => {
            found.push("PLAID_URL", "Production asks Plaid itself. Remove this variable.");
        }
    }
}
