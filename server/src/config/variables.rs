//! The name of every variable Coffer reads. `.env.example` explains the same names; a test compares them.

/// One variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name in the environment.
    pub name: &'static str,
    /// An older or foreign name that means the same.
    pub alias: Option<&'static str>,
    /// Its value is never shown, and `NAME_FILE` may name a file that holds it.
    pub secret: bool,
}

const fn plain(name: &'static str) -> Variable {
    Variable { name, alias: None, secret: false }
}

const fn secret(name: &'static str) -> Variable {
    Variable { name, alias: None, secret: true }
}

const fn renamed(name: &'static str, alias: &'static str) -> Variable {
    Variable { name, alias: Some(alias), secret: false }
}

/// Every variable, in the order of `.env.example`.
pub const VARIABLES: &[Variable] = &[
    plain("COFFER_ENV"),
    renamed("APP_URL", "NEXT_PUBLIC_APP_URL"),
    plain("BIND"),
    plain("DATA_DIR"),
    secret("DATABASE_URL"),
    secret("DATABASE_AUTH_URL"),
    secret("DATABASE_APP_URL"),
    secret("DATABASE_MIGRATE_URL"),
    plain("DATABASE_CONNECTIONS"),
    secret("REDIS_URL"),
    secret("BETTER_AUTH_SECRET"),
    secret("BANK_DATA_ENCRYPTION_KEY"),
    secret("ENCRYPTION_KEYS"),
    secret("INDEX_KEY"),
    plain("AUTH_PROFILE"),
    plain("AUTH_TRUSTED_ORIGINS"),
    plain("AUTH_REQUIRE_EMAIL_VERIFICATION"),
    plain("AUTH_RATE_LIMIT"),
    plain("AUTH_CHANGE_EMAIL"),
    plain("AUTH_DELETE_USER"),
    plain("COOKIE_PREFIX"),
    plain("PASSWORD_MIN"),
    plain("PASSWORD_HASH"),
    plain("HASHING_THREADS"),
    plain("ALLOWED_HOSTS"),
    plain("TRUSTED_PROXIES"),
    secret("SMTP_URL"),
    plain("MAIL_FROM"),
    plain("MAIL_FILE"),
    renamed("OPS_BIND", "METRICS_ADDR"),
    plain("DRAIN_SECONDS"),
    plain("LOG_FORMAT"),
    plain("RUST_LOG"),
];

/// Every name that may stand in the environment: names, aliases and the `_FILE` form of secrets.
pub fn every_name() -> Vec<String> {
    let mut names = Vec::new();
    for variable in VARIABLES {
        names.push(variable.name.to_owned());
        names.extend(variable.alias.map(str::to_owned));
        if variable.secret {
            names.push(format!("{}_FILE", variable.name));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Names assigned in `.env.example`, commented out or not.
    fn documented() -> Vec<String> {
        include_str!("../../../.env.example")
            .lines()
            .filter_map(|line| line.trim_start_matches('#').trim_start().split_once('='))
            .map(|(name, _)| name.to_owned())
            .filter(|name| {
                !name.is_empty()
                    && name
                        .bytes()
                        .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
            })
            .collect()
    }

    #[test]
    fn the_example_file_and_the_program_know_the_same_names_in_the_same_order() {
        assert_eq!(documented(), every_name());
    }

    #[test]
    fn no_name_stands_twice() {
        let names = every_name();
        assert_eq!(names.len(), names.iter().collect::<BTreeSet<_>>().len());
    }
}
