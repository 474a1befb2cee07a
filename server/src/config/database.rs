//! Addresses of databases, printed without their passwords.

use std::{
    fmt,
    net::IpAddr,
    path::{Path, PathBuf},
    str::FromStr,
};

use secrecy::{ExposeSecret, SecretString};

/// Which engine an address belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Engine {
    /// One file.
    Sqlite(PathBuf),
    /// A server.
    Postgres,
}

/// Where a database is.
#[derive(Clone)]
pub struct DatabaseUrl {
    /// The engine, with the file of `SQLite`.
    pub engine: Engine,
    text: SecretString,
}

impl DatabaseUrl {
    /// The `SQLite` file of a data directory.
    pub fn in_directory(directory: &Path) -> Self {
        let path = directory.join("coffer.db");
        Self { text: format!("sqlite://{}", path.display()).into(), engine: Engine::Sqlite(path) }
    }

    /// The whole address with its password, for the one who connects.
    pub fn expose(&self) -> &str {
        self.text.expose_secret()
    }

    /// The address as people may see it: engine, hosts and name.
    pub fn shown(&self) -> String {
        match &self.engine {
            Engine::Sqlite(path) => format!("SQLite, {}", path.display()),
            Engine::Postgres => {
                let (hosts, name) = (self.hosts().join(","), self.name());
                format!("Postgres, {name} on {hosts}")
            }
        }
    }

    /// Whether every host is proven by certificate, or needs no proof because the way there is this machine.
    pub fn is_private(&self) -> bool {
        let verified =
            self.parameters().any(|(key, value)| key == "sslmode" && value == "verify-full");
        verified || self.hosts().iter().all(|host| is_local(host))
    }

    /// Hosts of a Postgres address; a socket's folder starts with `/`.
    fn hosts(&self) -> Vec<String> {
        let named: Vec<String> = self
            .parameters()
            .filter(|(key, _)| key == "host" || key == "hostaddr")
            .flat_map(|(_, value)| value.split(',').map(str::to_owned).collect::<Vec<_>>())
            .collect();
        if !named.is_empty() {
            return named;
        }
        let authority = self.rest().split(['/', '?']).next().unwrap_or_default();
        let hosts = authority.rsplit_once('@').map_or(authority, |(_, hosts)| hosts);
        hosts.split(',').map(|host| without_port(host).to_owned()).collect()
    }

    fn name(&self) -> &str {
        let before_query = self.rest().split('?').next().unwrap_or_default();
        before_query.split_once('/').map_or("", |(_, name)| name)
    }

    fn parameters(&self) -> impl Iterator<Item = (String, String)> {
        let query = self.rest().split_once('?').map_or("", |(_, query)| query);
        url::form_urlencoded::parse(query.as_bytes()).into_owned()
    }

    fn rest(&self) -> &str {
        self.expose().split_once("://").map_or("", |(_, rest)| rest)
    }
}

impl FromStr for DatabaseUrl {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let engine = if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Engine::Postgres
        } else {
            let path = text.strip_prefix("sqlite:").ok_or(())?;
            let path = path.strip_prefix("//").unwrap_or(path);
            let path = path.split('?').next().unwrap_or_default();
            if path.is_empty() || path == ":memory:" {
                return Err(());
            }
            Engine::Sqlite(path.into())
        };
        Ok(Self { engine, text: text.to_owned().into() })
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({})", self.shown())
    }
}

fn without_port(host: &str) -> &str {
    if let Some(rest) = host.strip_prefix('[') {
        return rest.split(']').next().unwrap_or_default();
    }
    host.rsplit_once(':').map_or(host, |(name, _)| name)
}

/// Whether `host` is this machine: a socket, a loopback address, or its name.
pub(super) fn is_local(host: &str) -> bool {
    host.is_empty()
        || host.starts_with('/')
        || host.starts_with("%2F")
        || host.starts_with("%2f")
        || host == "localhost"
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> DatabaseUrl {
        text.parse().unwrap()
    }

    #[test]
    fn passwords_are_never_printed() {
        let url = url("postgres://ann:hunter2@db.example:5432/coffer?sslmode=require");
        assert_eq!(url.shown(), "Postgres, coffer on db.example");
        assert!(!format!("{url:?}").contains("hunter2"));
    }

    #[test]
    fn only_proven_or_local_hosts_are_private() {
        for text in [
            "postgres://u:p@db.example/coffer?sslmode=verify-full",
            "postgres://u:p@localhost/coffer",
            "postgres://u:p@127.0.0.1:6543/coffer",
            "postgres://u:p@[::1]:5432/coffer",
            "postgres:///coffer?host=/var/run/postgresql",
            "postgres://u@%2Fvar%2Frun%2Fpostgresql/coffer",
        ] {
            assert!(url(text).is_private(), "{text}");
        }
        for text in [
            "postgres://u:p@db.example/coffer",
            "postgres://u:p@db.example/coffer?sslmode=require",
            "postgres://u:p@localhost,db.example/coffer",
            "postgres://u:p@localhost/coffer?host=db.example",
            "postgres://u:p@127.0.0.1@db.example/coffer",
        ] {
            assert!(!url(text).is_private(), "{text}");
        }
    }

    #[test]
    fn sqlite_addresses_name_a_file() {
        for text in ["sqlite:data/x.db", "sqlite://data/x.db", "sqlite://data/x.db?mode=rwc"] {
            assert_eq!(url(text).engine, Engine::Sqlite("data/x.db".into()), "{text}");
        }
        assert_eq!(url("sqlite:///var/x.db").engine, Engine::Sqlite("/var/x.db".into()));
    }

    #[test]
    fn other_addresses_are_refused() {
        for text in ["", "mysql://x", "data/coffer.db", "sqlite:", "sqlite::memory:"] {
            assert!(text.parse::<DatabaseUrl>().is_err(), "{text}");
        }
    }
}
