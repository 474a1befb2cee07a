//! Which addresses may be called at all.

use std::{
    collections::BTreeSet,
    io,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use super::OutgoingError;

/// Origins that may be private, and the rule for all others.
#[derive(Clone)]
pub(super) struct Reach {
    origins: Arc<BTreeSet<String>>,
    hosts: Arc<BTreeSet<String>>,
}

impl Reach {
    pub(super) fn new(origins: BTreeSet<String>) -> Self {
        let hosts = origins
            .iter()
            .filter_map(|origin| Url::parse(origin).ok()?.host_str().map(str::to_ascii_lowercase));
        Self { hosts: Arc::new(hosts.collect()), origins: Arc::new(origins) }
    }

    /// The host of an address that may be called: an origin from the configuration, or https to a public host.
    pub(super) fn check(&self, url: &Url) -> Result<String, OutgoingError> {
        let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
        let anonymous = url.username().is_empty() && url.password().is_none();
        let public = match url.host() {
            Some(Host::Ipv4(address)) => is_public(address.into()),
            Some(Host::Ipv6(address)) => is_public(address.into()),
            Some(Host::Domain(_)) => true,
            None => false,
        };
        let named = self.origins.contains(&url.origin().ascii_serialization());
        if anonymous && (named || (public && url.scheme() == "https")) {
            Ok(host)
        } else {
            Err(OutgoingError::Refused(host))
        }
    }

    /// Resolves names, and leaves out private addresses of hosts that the configuration does not name.
    pub(super) fn resolver(&self) -> Arc<dyn Resolve> {
        Arc::new(self.clone())
    }
}

impl Resolve for Reach {
    fn resolve(&self, name: Name) -> Resolving {
        let named = self.hosts.contains(&name.as_str().to_ascii_lowercase());
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let reachable: Vec<SocketAddr> =
                found.filter(|address| named || is_public(address.ip())).collect();
            if reachable.is_empty() {
                let error = io::Error::new(io::ErrorKind::AddrNotAvailable, "no public address");
                return Err(error.into());
            }
            Ok(Box::new(reachable.into_iter()) as Addrs)
        })
    }
}

/// Whether an address belongs to the open internet (the IANA registries of special-purpose addresses).
fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            !(v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_broadcast()
                || v4.is_documentation()
                || v4.is_multicast()
                || a == 0
                || a >= 240
                || (a == 100 && (64..128).contains(&b))
                || (a == 192 && b == 0 && c == 0)
                || (a == 198 && (18..20).contains(&b)))
        }
        IpAddr::V6(v6) => {
            let [first, second, ..] = v6.segments();
            let global = first & 0xE000 == 0x2000;
            let documentation = first == 0x2001 && second == 0x0DB8;
            // Teredo and 6to4 carry an IPv4 address that nobody has looked at.
            let carries = (first == 0x2001 && second == 0) || first == 0x2002;
            global && !documentation && !carries && v6 != Ipv6Addr::UNSPECIFIED
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach() -> Reach {
        Reach::new(BTreeSet::from(["http://127.0.0.1:4599".to_owned()]))
    }

    #[test]
    fn only_https_to_public_hosts_and_what_the_configuration_names() {
        for url in
            ["https://accounts.google.com/x", "https://8.8.8.8/", "http://127.0.0.1:4599/token"]
        {
            assert!(reach().check(&url.parse().unwrap()).is_ok(), "{url}");
        }
        for url in [
            "http://accounts.google.com/",
            "https://127.0.0.1/",
            "http://127.0.0.1:4600/",
            "https://[::1]/",
            "https://10.0.0.1/",
            "https://user@accounts.google.com/",
            "ftp://accounts.google.com/",
            "data:text/plain,x",
        ] {
            assert!(reach().check(&url.parse().unwrap()).is_err(), "{url}");
        }
    }

    #[test]
    fn private_addresses_are_told_from_public_ones() {
        for address in ["8.8.8.8", "2600::1", "1.1.1.1"] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
        for address in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "192.0.0.8",
            "192.168.1.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "fc00::1",
            "fe80::1",
            "2001:db8::1",
            "2002:7f00:1::",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[tokio::test]
    async fn a_name_of_this_machine_resolves_only_when_it_is_named() {
        let resolve = |named: &str| {
            Reach::new(BTreeSet::from([named.to_owned()])).resolve("localhost".parse().unwrap())
        };

        assert!(resolve("https://other.example").await.is_err());
        assert!(resolve("http://localhost:1").await.is_ok());
    }
}
