//! Plaid: banks of the US by their customers' own logins. With nothing set nobody is asked.

use secrecy::SecretString;
use url::Url;

use super::{Environment, address::is_loopback, reader::Reader};

/// Which Plaid is spoken to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Server {
    /// `sandbox.plaid.com`.
    Sandbox,
    /// `production.plaid.com`.
    Production,
    /// A stand-in on this machine.
    Local(Url),
}

/// Settings of Plaid.
#[derive(Clone, Debug)]
pub struct PlaidConfig {
    /// Which Plaid it is.
    pub server: Server,
    /// Who we are there.
    pub client_id: String,
    /// Proves it.
    pub secret: SecretString,
}

impl PlaidConfig {
    /// The origin of its API.
    pub fn origin(&self) -> String {
        match &self.server {
            Server::Sandbox => "https://sandbox.plaid.com".to_owned(),
            Server::Production => "https://production.plaid.com".to_owned(),
            Server::Local(url) => url.origin().ascii_serialization(),
        }
    }
}

pub(super) fn read(reader: &mut Reader<'_>, environment: Environment) -> Option<PlaidConfig> {
    let client_id = reader.text("PLAID_CLIENT_ID");
    let secret = reader.secret("PLAID_SECRET");
    let words = [("sandbox", &Server::Sandbox), ("production", &Server::Production)];
    let named = reader.choice("PLAID_ENV", &words).cloned();
    let url = read_url(reader);
    let (client_id, secret) = match (client_id, secret) {
        (Some(client_id), Some(secret)) => (client_id, secret),
        (None, None) => {
            for (name, set) in [("PLAID_ENV", named.is_some()), ("PLAID_URL", url.is_some())] {
                if set {
                    reader.problems.push(name, "It means nothing without PLAID_CLIENT_ID.");
                }
            }
            return None;
        }
        (Some(_), None) => {
            reader.problems.push("PLAID_SECRET", "Set the secret that belongs to PLAID_CLIENT_ID.");
            return None;
        }
        (None, Some(_)) => {
            reader.problems.push("PLAID_CLIENT_ID", "Set the client that PLAID_SECRET belongs to.");
            return None;
        }
    };
    let usual = match environment {
        Environment::Production => Server::Production,
        Environment::Development | Environment::Test => Server::Sandbox,
    };
    let server = url.map(Server::Local).or(named).unwrap_or(usual);
    Some(PlaidConfig { server, client_id, secret })
}

fn read_url(reader: &mut Reader<'_>) -> Option<Url> {
    let url = reader.parsed::<Url>("PLAID_URL", "an address like http://127.0.0.1:4600")?;
    let local = is_loopback(&url);
    if !local {
        reader.problems.push("PLAID_URL", "The value must be an address on this machine.");
    }
    local.then_some(url)
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;
    use crate::config::{
        Config, Problems,
        tests::{production, read_in},
    };

    const CLIENT: (&str, &str) = ("PLAID_CLIENT_ID", "5f0c3a9e6b7d8c0012345678");
    const SECRET: (&str, &str) = ("PLAID_SECRET", "hunter2hunter2hunter2hunter2");

    fn development(pairs: &[(&str, &str)]) -> Result<Config, Problems> {
        let folder = tempfile::tempdir().unwrap();
        read_in(folder.path(), pairs)
    }

    fn server(config: Result<Config, Problems>) -> Option<Server> {
        config.unwrap_or_else(|problems| panic!("{problems}")).plaid.map(|plaid| plaid.server)
    }

    #[test]
    fn nothing_set_is_nobody() {
        assert_eq!(server(development(&[])), None);
        assert_eq!(server(production(&[])), None);
    }

    #[test]
    fn keys_alone_mean_the_sandbox_or_production() {
        let plaid = development(&[CLIENT, SECRET]).unwrap().plaid.unwrap();

        assert_eq!((&*plaid.client_id, plaid.secret.expose_secret()), (CLIENT.1, SECRET.1));
        assert_eq!(plaid.server, Server::Sandbox);
        assert_eq!(server(production(&[CLIENT, SECRET])), Some(Server::Production));
        let named = ("PLAID_ENV", "production");
        assert_eq!(server(development(&[CLIENT, SECRET, named])), Some(Server::Production));
    }

    #[test]
    fn an_address_on_this_machine_stands_in_outside_production() {
        let url = ("PLAID_URL", "http://127.0.0.1:4600");
        let local = Server::Local(url.1.parse().unwrap());

        assert_eq!(server(development(&[CLIENT, SECRET, url])), Some(local.clone()));
        let sandbox = ("PLAID_ENV", "sandbox");
        assert_eq!(server(development(&[CLIENT, SECRET, sandbox, url])), Some(local));
    }

    #[test]
    fn what_is_missing_and_what_means_nothing_is_named() {
        let url = ("PLAID_URL", "http://127.0.0.1:4600");
        let named = ("PLAID_ENV", "sandbox");
        for (set, wrong) in [
            (vec![CLIENT], "PLAID_SECRET"),
            (vec![SECRET], "PLAID_CLIENT_ID"),
            (vec![named], "PLAID_ENV"),
            (vec![url], "PLAID_URL"),
            (vec![CLIENT, SECRET, ("PLAID_ENV", "development")], "PLAID_ENV"),
            (vec![CLIENT, SECRET, ("PLAID_URL", "https://plaid.example")], "PLAID_URL"),
            (vec![CLIENT, SECRET, ("PLAID_URL", "4600")], "PLAID_URL"),
        ] {
            let problems = development(&set).unwrap_err();
            assert!(problems.names(wrong), "{wrong}: {problems}");
            assert!(!problems.to_string().contains("hunter2"), "{problems}");
        }
    }

    #[test]
    fn production_asks_plaid_itself_about_real_banks() {
        for (name, value) in [("PLAID_ENV", "sandbox"), ("PLAID_URL", "http://127.0.0.1:4600")] {
            let problems = production(&[CLIENT, SECRET, (name, value)]).unwrap_err();
            assert!(problems.names(name), "{problems}");
        }
    }
}
