//! Addresses that go over to Polar, and those that come from there.

use url::Url;

use super::{BillingSettings, PolarServer};
use crate::Backend;

/// Where Polar shows pages to people.
const PAGES: &str = "polar.sh";

/// A page of ours, for Polar to lead back to.
pub fn of(backend: &Backend, path: &str) -> String {
    let app = &backend.settings.app_url;
    app.join(path).unwrap_or_else(|_| app.clone()).into()
}

/// A page of Polar's that somebody may be sent to; none for an address that is anywhere else.
pub fn of_polar(ours: &Url, settings: &BillingSettings, address: &str) -> Option<Url> {
    let url: Url = address.parse().ok()?;
    let host = url.host_str()?;
    let theirs = host == PAGES || host.strip_suffix(PAGES).is_some_and(|rest| rest.ends_with('.'));
    let safe = url.scheme() == "https" && url.port().is_none() && theirs;
    (is_anonymous(&url) && (safe || is_local(ours, settings, &url))).then_some(url)
}

/// A file that Polar keeps elsewhere, such as an invoice.
pub fn of_file(ours: &Url, settings: &BillingSettings, address: &str) -> Option<Url> {
    let url: Url = address.parse().ok()?;
    let safe = url.scheme() == "https" && url.has_host();
    (is_anonymous(&url) && (safe || is_local(ours, settings, &url))).then_some(url)
}

fn is_anonymous(url: &Url) -> bool {
    url.username().is_empty() && url.password().is_none()
}

/// A stand-in has its pages where its API is, or, when it is part of this program, where people see ours.
fn is_local(ours: &Url, settings: &BillingSettings, url: &Url) -> bool {
    settings.server == PolarServer::Local
        && [settings.api.origin(), ours.origin()].contains(&url.origin())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn settings(server: PolarServer) -> BillingSettings {
        BillingSettings {
            server,
            api: "http://127.0.0.1:4242/v1/".parse().unwrap(),
            token: "polar_oat_test".into(),
            webhook_secrets: Vec::new(),
            products: BTreeMap::new(),
            grace: time::Duration::DAY,
        }
    }

    fn ours() -> Url {
        "http://localhost:3000".parse().unwrap()
    }

    #[test]
    fn people_are_sent_to_polar_and_nowhere_else() {
        let production = settings(PolarServer::Production);
        let goes = |address: &str| of_polar(&ours(), &production, address).is_some();

        for address in
            ["https://polar.sh/checkout/x", "https://sandbox.polar.sh/a", "https://buy.polar.sh/"]
        {
            assert!(goes(address), "{address}");
        }
        for address in [
            "http://polar.sh/",
            "https://notpolar.sh/",
            "https://polar.sh.evil.example/",
            "https://polar.sh:8443/",
            "https://user@polar.sh/",
            "javascript:alert(1)",
            "/checkout",
            "http://127.0.0.1:4242/checkout/x",
        ] {
            assert!(!goes(address), "{address}");
        }
    }

    #[test]
    fn the_stand_in_is_polar_where_it_is_used() {
        let local = settings(PolarServer::Local);

        assert!(of_polar(&ours(), &local, "http://127.0.0.1:4242/checkout/x").is_some());
        assert!(of_polar(&ours(), &local, "http://localhost:3000/dev/polar/checkout/x").is_some());
        assert!(of_polar(&ours(), &local, "http://127.0.0.1:4243/checkout/x").is_none());
        assert!(of_file(&ours(), &local, "http://127.0.0.1:4242/invoice").is_some());
        assert!(of_file(&ours(), &local, "https://files.example.com/i.pdf?signature=x").is_some());
        assert!(of_file(&ours(), &local, "http://files.example.com/i.pdf").is_none());
    }
}
