//! What stands for a client's network in limits.

use std::net::{IpAddr, Ipv6Addr};

/// A client's address as limits count it: IPv4 as it is, IPv6 by the /64 that a household has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The key of one client. Clients whose address nobody knows share one.
    pub client: String,
    /// The /48 around an IPv6 client, for a second limit ten times as large: whoever has one has 65,536 of the other.
    pub site: Option<String>,
}

impl Address {
    /// From an address, or from a text that may be empty.
    pub fn of(address: Option<IpAddr>) -> Self {
        match address.map(|address| address.to_canonical()) {
            None => Self { client: "unknown".to_owned(), site: None },
            Some(address) if address.is_unspecified() => Self::of(None),
            Some(IpAddr::V4(address)) => Self { client: address.to_string(), site: None },
            Some(IpAddr::V6(address)) => Self {
                client: format!("{}/64", first_bits(address, 64)),
                site: Some(format!("{}/48", first_bits(address, 48))),
            },
        }
    }

    /// As sessions note it: empty when unknown.
    pub fn parse(noted: &str) -> Self {
        Self::of(noted.parse().ok())
    }
}

fn first_bits(address: Ipv6Addr, bits: u32) -> Ipv6Addr {
    Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << (128 - bits)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_household_is_one_client_and_a_site_another_limit() {
        let here = Address::parse("2001:0db8:0001:0002:0000:0000:0000:0000");

        assert_eq!(here, Address::parse("2001:db8:1:2:3:4:5:6"));
        assert_eq!(here.client, "2001:db8:1:2::/64");
        assert_eq!(here.site.as_deref(), Some("2001:db8:1::/48"));
        assert_ne!(here.client, Address::parse("2001:db8:1:3::1").client);
    }

    #[test]
    fn mapped_addresses_are_those_they_map_and_unknown_ones_are_one() {
        assert_eq!(Address::parse("::ffff:198.51.100.7").client, "198.51.100.7");
        for unknown in ["", "0.0.0.0", "::", "nonsense"] {
            let address = Address::parse(unknown);
            assert_eq!((&*address.client, address.site), ("unknown", None), "{unknown}");
        }
    }
}
