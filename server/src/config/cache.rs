//! The address of the store that several processes share, printed without its password.

use std::{fmt, str::FromStr};

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::database::is_local;

const PORT: u16 = 6379;

/// Where Redis or Valkey is.
#[derive(Clone)]
pub struct CacheUrl {
    text: SecretString,
    host: String,
    port: u16,
    encrypted: bool,
}

impl CacheUrl {
    /// The whole address with its password, for the one who connects.
    pub fn secret(&self) -> &SecretString {
        &self.text
    }

    /// The address as people may see it.
    pub fn shown(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// Whether nobody on the way can listen: TLS, or a server on this machine.
    pub fn is_private(&self) -> bool {
        self.encrypted || is_local(self.host.trim_matches(['[', ']']))
    }
}

impl FromStr for CacheUrl {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let url = Url::parse(text).map_err(|_| ())?;
        let encrypted = match url.scheme() {
            "redis" => false,
            "rediss" => true,
            _ => return Err(()),
        };
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(())?.to_owned();
        let port = url.port().unwrap_or(PORT);
        Ok(Self { text: text.to_owned().into(), host, port, encrypted })
    }
}

impl PartialEq for CacheUrl {
    fn eq(&self, other: &Self) -> bool {
        self.text.expose_secret() == other.text.expose_secret()
    }
}

impl fmt::Debug for CacheUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CacheUrl({})", self.shown())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> CacheUrl {
        text.parse().unwrap()
    }

    #[test]
    fn passwords_are_never_printed() {
        let url = url("rediss://coffer:hunter2@cache.example:6380/1");

        assert_eq!(url.shown(), "cache.example:6380");
        assert!(!format!("{url:?}").contains("hunter2"));
    }

    #[test]
    fn only_tls_and_this_machine_are_private() {
        for text in
            ["rediss://cache.example", "redis://127.0.0.1/", "redis://[::1]:1", "redis://localhost"]
        {
            assert!(url(text).is_private(), "{text}");
        }
        for text in ["redis://cache.example", "redis://:secret@10.0.0.1:6379/0"] {
            assert!(!url(text).is_private(), "{text}");
        }
    }

    #[test]
    fn other_addresses_are_refused() {
        for text in ["", "cache.example:6379", "http://cache.example", "redis://", "redis:"] {
            assert!(text.parse::<CacheUrl>().is_err(), "{text}");
        }
    }
}
