//! The address a request came from, as far as it can be believed.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{Extensions, HeaderMap, request::Parts},
};
use ipnet::IpNet;

/// The client's address: the peer's, or what a trusted proxy says. `0.0.0.0` when nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    const UNKNOWN: Self = Self(IpAddr::V4(Ipv4Addr::UNSPECIFIED));

    /// Decides by the peer and, if it is one of `proxies`, by `X-Forwarded-For`: from its right end, the
    /// first hop that is no proxy. A hop that is no address, or a chain of proxies alone, means the peer.
    pub fn decide(peer: Option<IpAddr>, headers: &HeaderMap, proxies: &[IpNet]) -> Self {
        let Some(peer) = peer.map(|peer| peer.to_canonical()) else {
            return Self::UNKNOWN;
        };
        let trusted = |address: &IpAddr| proxies.iter().any(|network| network.contains(address));
        if !trusted(&peer) {
            return Self(peer);
        }
        let lines: Vec<_> = headers.get_all("x-forwarded-for").iter().collect();
        for line in lines.into_iter().rev() {
            let Ok(line) = line.to_str() else { return Self(peer) };
            for hop in line.rsplit(',') {
                let Ok(hop) = hop.trim().parse::<IpAddr>() else { return Self(peer) };
                let hop = hop.to_canonical();
                if !trusted(&hop) {
                    return Self(hop);
                }
            }
        }
        Self(peer)
    }

    /// What the outer layers decided for this request.
    pub fn of(extensions: &Extensions) -> Self {
        extensions.get().copied().unwrap_or(Self::UNKNOWN)
    }

    /// What logs may know: the /24 or the /48.
    pub fn log_prefix(self) -> String {
        match self.0 {
            IpAddr::V4(address) => {
                let [a, b, c, _] = address.octets();
                format!("{a}.{b}.{c}.0/24")
            }
            IpAddr::V6(address) => format!("{}/48", keep_v6(address, 48)),
        }
    }
}

fn keep_v6(address: Ipv6Addr, bits: u32) -> Ipv6Addr {
    Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << (128 - bits)))
}

/// The address of the socket's other end, which the accept loop noted.
pub(super) fn peer(extensions: &Extensions) -> Option<IpAddr> {
    extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip())
}

impl<S: Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.extensions))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn decide(peer: &str, forwarded: &[&str], proxies: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_str(line).unwrap());
        }
        let proxies: Vec<IpNet> = proxies.iter().map(|net| net.parse().unwrap()).collect();
        ClientAddress::decide(Some(peer.parse().unwrap()), &headers, &proxies).0.to_string()
    }

    #[test]
    fn only_a_trusted_peer_speaks_for_others() {
        assert_eq!(decide("203.0.113.9", &["198.51.100.1"], &[]), "203.0.113.9");
        assert_eq!(decide("203.0.113.9", &["198.51.100.1"], &["10.0.0.0/8"]), "203.0.113.9");
        assert_eq!(decide("10.0.0.1", &["198.51.100.1"], &["10.0.0.0/8"]), "198.51.100.1");
    }

    #[test]
    fn the_chain_is_walked_from_the_right_past_trusted_hops() {
        let proxies = ["10.0.0.0/8"];
        assert_eq!(decide("10.0.0.1", &["1.2.3.4, 198.51.100.1"], &proxies), "198.51.100.1");
        assert_eq!(
            decide("10.0.0.1", &["1.2.3.4, 198.51.100.1, 10.0.0.7"], &proxies),
            "198.51.100.1"
        );
        assert_eq!(decide("10.0.0.1", &["1.2.3.4", "198.51.100.1"], &proxies), "198.51.100.1");
    }

    #[test]
    fn a_hop_that_is_no_address_means_the_peer() {
        let proxies = ["10.0.0.0/8"];
        for chain in ["198.51.100.1, unknown", "198.51.100.1,", "", "198.51.100.1:80", "10.0.0.2"] {
            assert_eq!(decide("10.0.0.1", &[chain], &proxies), "10.0.0.1", "{chain}");
        }
    }

    #[test]
    fn mapped_addresses_are_the_addresses_they_map() {
        assert_eq!(
            decide("::ffff:10.0.0.1", &["::ffff:198.51.100.1"], &["10.0.0.0/8"]),
            "198.51.100.1"
        );
    }

    #[test]
    fn prefixes_hide_what_they_should() {
        let six = ClientAddress("2001:db8:1:2:3:4:5:6".parse().unwrap());
        assert_eq!(six.log_prefix(), "2001:db8:1::/48");
        let four = ClientAddress("198.51.100.77".parse().unwrap());
        assert_eq!(four.log_prefix(), "198.51.100.0/24");
    }
}
