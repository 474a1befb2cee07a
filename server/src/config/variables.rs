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
    /// One of many: [`WORD`] in its name stands for any word of capital letters, digits and `_`.
    pub family: bool,
}

/// Stands in the names of families for the word that tells their members apart.
pub const WORD: &str = "NAME";

const fn plain(name: &'static str) -> Variable {
    Variable { name, alias: None, secret: false, family: false }
}

const fn secret(name: &'static str) -> Variable {
    Variable { name, alias: None, secret: true, family: false }
}

const fn renamed(name: &'static str, alias: &'static str) -> Variable {
    Variable { name, alias: Some(alias), secret: false, family: false }
}

const fn one_of_many(variable: Variable) -> Variable {
    Variable { family: true, ..variable }
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
    plain("HIBP"),
    plain("HIBP_URL"),
    plain("HASHING_THREADS"),
    plain("GOOGLE_CLIENT_ID"),
    secret("GOOGLE_CLIENT_SECRET"),
    plain("GITHUB_CLIENT_ID"),
    secret("GITHUB_CLIENT_SECRET"),
    plain("MICROSOFT_CLIENT_ID"),
    secret("MICROSOFT_CLIENT_SECRET"),
    plain("MICROSOFT_TENANT"),
    one_of_many(plain("OIDC_NAME_ISSUER")),
    one_of_many(plain("OIDC_NAME_CLIENT_ID")),
    one_of_many(secret("OIDC_NAME_CLIENT_SECRET")),
    one_of_many(plain("OIDC_NAME_LABEL")),
    plain("AUTH_TRUSTED_PROVIDERS"),
    plain("AUTH_SOCIAL_SIGN_UP"),
    plain("AUTH_ID_TOKEN_SIGN_IN"),
    plain("GOOGLE_TOKEN_URL"),
    plain("GOOGLE_JWKS_URL"),
    plain("POLAR_SERVER"),
    secret("POLAR_ACCESS_TOKEN"),
    secret("POLAR_WEBHOOK_SECRET"),
    plain("POLAR_PRODUCTS"),
    plain("POLAR_PAST_DUE_GRACE_DAYS"),
    plain("COFFER_SIMBANK"),
    plain("PLAID_CLIENT_ID"),
    secret("PLAID_SECRET"),
    plain("PLAID_ENV"),
    plain("PLAID_URL"),
    plain("ALLOWED_HOSTS"),
    plain("TRUSTED_PROXIES"),
    plain("CORS_ORIGINS"),
    secret("SMTP_URL"),
    plain("MAIL_FROM"),
    plain("MAIL_FILE"),
    plain("SUPPORT_EMAIL"),
    renamed("OPS_BIND", "METRICS_ADDR"),
    plain("DRAIN_SECONDS"),
    plain("LOG_FORMAT"),
    plain("RUST_LOG"),
];

impl Variable {
    /// Whether `name` is this variable's, or a member's of its family.
    pub fn has_name(&self, name: &str) -> bool {
        self.name == name || self.word(name).is_some()
    }

    /// The word that makes `name` a member of this family.
    pub fn word<'a>(&self, name: &'a str) -> Option<&'a str> {
        let (start, end) = self.name.split_once(WORD).filter(|_| self.family)?;
        let word = name.strip_prefix(start)?.strip_suffix(end)?;
        let plain = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
        (!word.is_empty() && word.bytes().all(plain)).then_some(word)
    }
}

/// The variable that this name means, with members of families and without aliases and files.
pub fn named(name: &str) -> Option<&'static Variable> {
    VARIABLES.iter().find(|variable| variable.has_name(name))
}

/// Whether this name may stand in the environment.
pub fn is_known(name: &str) -> bool {
    let of_file = || name.strip_suffix("_FILE").and_then(named).is_some_and(|v| v.secret);
    named(name).is_some() || VARIABLES.iter().any(|v| v.alias == Some(name)) || of_file()
}

/// Every name that may stand in the environment: names, aliases and the `_FILE` form of secrets.
#[cfg(test)]
fn every_name() -> Vec<String> {
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
    fn a_family_has_a_member_for_each_word() {
        let issuer = named("OIDC_WORK_ISSUER").unwrap();

        assert_eq!(issuer.word("OIDC_WORK_ISSUER"), Some("WORK"));
        assert_eq!(issuer.word("OIDC_MY_OWN_ISSUER"), Some("MY_OWN"));
        for other in ["OIDC__ISSUER", "OIDC_ISSUER", "OIDC_work_ISSUER", "OIDC_WORK_ISSUERS"] {
            assert!(issuer.word(other).is_none(), "{other}");
        }
        assert!(is_known("OIDC_WORK_CLIENT_SECRET_FILE"));
        assert!(!is_known("OIDC_WORK_ISSUER_FILE") && !is_known("OIDC_WORK_SECRET"));
        assert!(named("GOOGLE_CLIENT_ID").unwrap().word("GOOGLE_CLIENT_ID").is_none());
    }

    #[test]
    fn no_name_stands_twice() {
        let names = every_name();
        assert_eq!(names.len(), names.iter().collect::<BTreeSet<_>>().len());
    }
}
