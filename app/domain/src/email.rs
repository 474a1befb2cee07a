//! E-mail addresses, by a grammar narrow enough that mail goes where it looks like it goes.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::Code;

/// A canonical address: ASCII, lower case, at most 254 characters (RFC 5321 4.5.3.1 with RFC 3696 erratum 1690).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// Reads a dot-atom (RFC 5322 3.2.3), `@` and a domain of at least two labels (RFC 1035 2.3.1, RFC 1123 2.1).
    ///
    /// No quotes, comments, brackets, display names or blanks, not even around it.
    pub fn parse(text: &str) -> Result<Self, Code> {
        if text.is_empty() {
            return Err(Code::EmailRequired);
        }
        match text.split_once('@') {
            Some((local, domain))
                if text.len() <= 254 && is_dot_atom(local) && is_domain(domain) =>
            {
                Ok(Self(text.to_ascii_lowercase()))
            }
            _ => Err(Code::EmailInvalid),
        }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the `@`.
    pub fn local(&self) -> &str {
        self.0.split_once('@').map_or("", |(local, _)| local)
    }

    /// What stands behind it.
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }
}

fn is_dot_atom(local: &str) -> bool {
    let is_atom = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b);
    local.len() <= 64 && local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atom))
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let is_top = |top: &str| top.len() >= 2 && top.starts_with(|c: char| c.is_ascii_alphabetic());
    domain.split('.').all(is_label) && domain.rsplit_once('.').is_some_and(|(_, top)| is_top(top))
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for Email {
    type Err = Code;

    fn from_str(text: &str) -> Result<Self, Code> {
        Self::parse(text)
    }
}

impl AsRef<str> for Email {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Email {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

text_column!(Email);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_address_is_kept_in_lower_case() {
        let email = Email::parse("Ada.Lovelace+Bills@Example.COM").unwrap();
        assert_eq!(email.as_str(), "ada.lovelace+bills@example.com");
        assert_eq!(email.local(), "ada.lovelace+bills");
        assert_eq!(email.domain(), "example.com");
    }

    #[test]
    fn ordinary_addresses_are_accepted() {
        for text in [
            "a@b.co",
            "user0@example.com",
            "o'brien@mail.example",
            "x@163.com",
            "x@xn--bcher-kva.xn--p1ai",
        ] {
            assert!(Email::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_mail_servers_might_read_differently_is_refused() {
        let long_local = format!("{}@example.com", "a".repeat(65));
        let long_label = format!("a@{}.com", "b".repeat(64));
        let long = format!("a@{}example.com", "b.".repeat(125));
        let refused = [
            " a@b.co",
            "a@b.co ",
            "a b@b.co",
            "a@b",
            "a@b.c",
            "a@b.1c",
            "a@.co",
            "a@b..co",
            "a@b.co.",
            "@b.co",
            "a@",
            "a",
            ".a@b.co",
            "a.@b.co",
            "a..b@b.co",
            "a@@b.co",
            "a@b@c.co",
            "\"a\"@b.co",
            "a@[127.0.0.1]",
            "a(c)@b.co",
            "A <a@b.co>",
            "a@-b.co",
            "a@b-.co",
            "ä@b.co",
            "a@bücher.example",
            "a@b.co\n",
            "a\0@b.co",
            "a,b@b.co",
            "a@b_c.co",
            long_local.as_str(),
            long_label.as_str(),
            long.as_str(),
        ];
        for text in refused {
            assert_eq!(Email::parse(text), Err(Code::EmailInvalid), "{text:?}");
        }
        assert_eq!(Email::parse(""), Err(Code::EmailRequired));
    }

    proptest! {
        #[test]
        fn an_accepted_address_is_its_own_canonical_form(text in "[a-zA-Z0-9.+'-]{1,12}@[a-zA-Z0-9.-]{1,12}") {
            if let Ok(email) = Email::parse(&text) {
                prop_assert_eq!(Email::parse(email.as_str()), Ok(email.clone()));
                prop_assert_eq!(email.as_str().matches('@').count(), 1);
            }
        }
    }
}
