//! Who we are and who speaks for whom: the public address, host names, origins and proxies.

use std::net::{IpAddr, SocketAddr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use url::{Host, Url};

use super::{Environment, reader::Reader};

/// Names and addresses of this server.
#[derive(Clone, Debug)]
pub struct AddressConfig {
    /// Where we listen.
    pub bind: SocketAddr,
    /// The origin people see, without a path.
    pub app_url: Url,
    /// Origins that count as our own for forms, byte for byte.
    pub own_origins: Vec<String>,
    /// Values the `Host` header may have, lower case, with a port unless it is the scheme's own.
    pub allowed_hosts: Vec<String>,
    /// Peers whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Other origins that may call us from scripts and read the answers, as browsers send them.
    pub cors_origins: Vec<String>,
    /// Where `/metrics` and the probes answer besides; none when switched off.
    pub ops_bind: Option<SocketAddr>,
    /// Whether `ALLOWED_HOSTS` was set.
    pub(super) hosts_named: bool,
}

impl AddressConfig {
    /// The origin of [`AddressConfig::app_url`] as browsers send it.
    pub fn origin(&self) -> String {
        self.app_url.origin().ascii_serialization()
    }

    /// Whether people reach us over TLS.
    pub fn is_https(&self) -> bool {
        self.app_url.scheme() == "https"
    }
}

const LOOPBACK_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

pub(super) fn read(reader: &mut Reader<'_>, environment: Environment) -> AddressConfig {
    let bind = read_socket(reader, "BIND").unwrap_or_else(|| ([127, 0, 0, 1], 3000).into());
    let app_url = read_app_url(reader);
    // Without APP_URL nobody said which of its names this machine goes by, so in development all count.
    let own_origins = match (&app_url, environment) {
        (Some(url), _) => vec![url.origin().ascii_serialization()],
        (None, Environment::Production) => Vec::new(),
        (None, _) => {
            LOOPBACK_NAMES.iter().map(|name| format!("http://{name}:{}", bind.port())).collect()
        }
    };
    let app_url = app_url.unwrap_or_else(|| default_url(bind.port()));

    let mut allowed_hosts = reader.list("ALLOWED_HOSTS");
    let hosts_named = !allowed_hosts.is_empty();
    if let Some(wrong) = allowed_hosts.iter().find(|host| !is_host(host)) {
        let sentence =
            format!("{wrong} is not a host name like bank.example or bank.example:8443.");
        reader.problems.push("ALLOWED_HOSTS", sentence);
    }
    for host in &mut allowed_hosts {
        host.make_ascii_lowercase();
    }
    if !hosts_named || environment != Environment::Production {
        allowed_hosts.push(host_of(&app_url));
    }
    if environment != Environment::Production {
        allowed_hosts.extend(LOOPBACK_NAMES.iter().map(|name| format!("{name}:{}", bind.port())));
    }

    AddressConfig {
        bind,
        app_url,
        own_origins,
        allowed_hosts,
        trusted_proxies: read_proxies(reader),
        cors_origins: read_cors(reader),
        ops_bind: read_ops(reader, environment),
        hosts_named,
    }
}

/// The `Host` header a browser sends for `url`.
pub(super) fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn default_url(port: u16) -> Url {
    let mut url = Url::parse("http://localhost").expect("this text is a URL");
    url.set_port(Some(port)).expect("an http URL has a port");
    url
}

fn read_app_url(reader: &mut Reader<'_>) -> Option<Url> {
    let text = reader.text("APP_URL")?;
    let url = Url::parse(&text).ok();
    let plain = |url: &Url| {
        matches!(url.scheme(), "http" | "https")
            && url.host_str().is_some()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
    };
    let url = url.filter(plain);
    if url.is_none() {
        reader.problems.push(
            "APP_URL",
            "The value must be an address without a path, like https://bank.example",
        );
    }
    url
}

fn read_cors(reader: &mut Reader<'_>) -> Vec<String> {
    let origins = reader.list("CORS_ORIGINS");
    if let Some(wrong) = origins.iter().find(|origin| !is_exact_origin(origin)) {
        let sentence = format!(
            "{wrong} is not one origin as browsers send it, like https://app.example or capacitor://localhost."
        );
        reader.problems.push("CORS_ORIGINS", sentence);
    }
    origins
}

/// A scheme and a host as they stand in `Origin` (RFC 6454, 6.2): no `*`, no path, no standard port.
fn is_exact_origin(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    if text.contains('*') {
        return false;
    }
    if url.origin().is_tuple() {
        return url.origin().ascii_serialization() == text;
    }
    // Schemes of applications have no origin in the URL standard; their shells send the two parts.
    let host = url.host_str().filter(|host| !host.is_empty());
    host.is_some_and(|host| text == format!("{}://{host}", url.scheme()))
}

fn read_socket(reader: &mut Reader<'_>, name: &'static str) -> Option<SocketAddr> {
    let text = reader.text(name)?;
    let address = parse_socket(&text);
    if address.is_none() {
        let sentence = "The value must be an address and a port, like 127.0.0.1:3000 or [::]:3000.";
        reader.problems.push(name, sentence);
    }
    address
}

fn parse_socket(text: &str) -> Option<SocketAddr> {
    let text = text
        .strip_prefix("localhost:")
        .map_or_else(|| text.to_owned(), |port| format!("127.0.0.1:{port}"));
    text.parse().ok()
}

/// Production measures itself unless told not to; elsewhere several programs share a machine.
fn read_ops(reader: &mut Reader<'_>, environment: Environment) -> Option<SocketAddr> {
    let text = reader.text("OPS_BIND");
    match text.as_deref() {
        Some("off") => None,
        None => (environment == Environment::Production).then(|| ([127, 0, 0, 1], 9464).into()),
        Some(text) => {
            let address = parse_socket(text);
            if address.is_none() {
                let sentence =
                    "The value must be off, or an address and a port like 127.0.0.1:9464.";
                reader.problems.push("OPS_BIND", sentence);
            }
            address
        }
    }
}

fn read_proxies(reader: &mut Reader<'_>) -> Vec<IpNet> {
    let mut networks = Vec::new();
    for text in reader.list("TRUSTED_PROXIES") {
        let network =
            text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)).ok();
        match network {
            Some(network) => networks.push(network.trunc()),
            None => reader.problems.push(
                "TRUSTED_PROXIES",
                format!("{text} is not an address or a network like 10.0.0.0/8."),
            ),
        }
    }
    networks
}

/// Whether `url` is a server on this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    loopback && matches!(url.scheme(), "http" | "https")
}

/// Whether `networks` together hold every address there is, so that anybody could name any client.
pub(super) fn covers_the_world(networks: &[IpNet]) -> bool {
    let (mut v4, mut v6) = (Vec::<Ipv4Net>::new(), Vec::<Ipv6Net>::new());
    for network in networks {
        match network {
            IpNet::V4(network) => v4.push(*network),
            IpNet::V6(network) => v6.push(*network),
        }
    }
    Ipv4Net::aggregate(&v4).iter().any(|network| network.prefix_len() == 0)
        || Ipv6Net::aggregate(&v6).iter().any(|network| network.prefix_len() == 0)
}

fn is_host(text: &str) -> bool {
    let parsed = Url::parse(&format!("http://{text}/"));
    parsed
        .is_ok_and(|url| url.path() == "/" && url.username().is_empty() && url.password().is_none())
        && !text.contains(['/', '*', '@', '?', '#'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_one_as_browsers_send_it() {
        for origin in
            ["https://app.example", "http://localhost:8100", "capacitor://localhost", "ionic://app"]
        {
            assert!(is_exact_origin(origin), "{origin}");
        }
        for other in [
            "*",
            "null",
            "",
            "app.example",
            "https://*.app.example",
            "https://app.example/",
            "https://app.example:443",
            "https://APP.example",
            "https://ann@app.example",
            "capacitor://",
            "capacitor://localhost/",
            "capacitor://*",
        ] {
            assert!(!is_exact_origin(other), "{other}");
        }
    }

    #[test]
    fn half_the_world_twice_is_the_world() {
        let nets = |texts: &[&str]| -> Vec<IpNet> {
            texts.iter().map(|text| text.parse().unwrap()).collect()
        };
        assert!(covers_the_world(&nets(&["0.0.0.0/0"])));
        assert!(covers_the_world(&nets(&["::/0"])));
        assert!(covers_the_world(&nets(&["0.0.0.0/1", "128.0.0.0/1"])));
        assert!(!covers_the_world(&nets(&["10.0.0.0/8", "fd00::/8", "0.0.0.0/1"])));
    }

    #[test]
    fn the_host_of_an_address_has_the_port_only_when_it_is_unusual() {
        let host = |text: &str| host_of(&Url::parse(text).unwrap());
        assert_eq!(host("https://bank.example"), "bank.example");
        assert_eq!(host("https://bank.example:443"), "bank.example");
        assert_eq!(host("http://localhost:3000"), "localhost:3000");
        assert_eq!(host("http://[::1]:3000"), "[::1]:3000");
    }

    #[test]
    fn host_names_are_names_alone() {
        for text in ["bank.example", "bank.example:8443", "[::1]:3000", "10.0.0.1"] {
            assert!(is_host(text), "{text}");
        }
        for text in ["https://bank.example", "*.bank.example", "a b", "bank.example/x", "u@bank"] {
            assert!(!is_host(text), "{text}");
        }
    }
}
