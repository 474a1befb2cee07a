//! Where a sign-in comes from, as its session notes it.

use std::{convert::Infallible, net::IpAddr};

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use backend::auth::devices;
use ipnet::IpNet;

use super::{Auth, cookies::Jar};
use crate::http::ClientAddress;

/// Address and browser of a request.
pub(super) struct Client(pub(super) backend::auth::Client);

impl FromRequestParts<Auth> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, auth: &Auth) -> Result<Self, Infallible> {
        Ok(Self(auth.client(parts)))
    }
}

impl Auth {
    /// Where a request comes from; empty texts for what is unknown.
    pub fn client(&self, parts: &Parts) -> backend::auth::Client {
        let address = ClientAddress::of(&parts.extensions);
        let agent = parts.headers.get(header::USER_AGENT);
        let agent = agent.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        backend::auth::Client {
            ip: noted(address.0, &self.proxies),
            user_agent: agent.unwrap_or_default(),
            device: self.cookies.device(&Jar::read(&parts.headers)),
            next_device: None,
            trusted: self.cookies.trusted(&Jar::read(&parts.headers)),
        }
    }

    /// The same for a form of our pages, whose answer gives the browser a device cookie. Better Auth's routes set
    /// no cookie that its clients do not know.
    pub fn browser(&self, parts: &Parts) -> backend::auth::Client {
        let hardened = self.backend.is_hardened();
        let next_device = hardened.then(|| devices::new_id(&self.backend));
        backend::auth::Client { next_device, ..self.client(parts) }
    }
}

/// The address as Better Auth writes it: IPv6 in full with the household's half alone; nothing for an unknown
/// client, which is also one whose proxy did not say.
fn noted(address: IpAddr, proxies: &[IpNet]) -> String {
    if address.is_unspecified() || proxies.iter().any(|network| network.contains(&address)) {
        return String::new();
    }
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:04x}:{b:04x}:{c:04x}:{d:04x}:0000:0000:0000:0000")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_noted_as_better_auth_writes_them() {
        let proxies: Vec<IpNet> = vec!["127.0.0.0/8".parse().unwrap()];
        for (address, text) in [
            ("198.51.100.7", "198.51.100.7"),
            ("::ffff:198.51.100.7", "198.51.100.7"),
            ("2001:DB8:1:2:3:4:5:6", "2001:0db8:0001:0002:0000:0000:0000:0000"),
            ("127.0.0.1", ""),
            ("0.0.0.0", ""),
        ] {
            assert_eq!(noted(address.parse().unwrap(), &proxies), text, "{address}");
        }
    }
}
