//! Pictures of people: their address is typed, the browser loads them from a few well-known hosts and from nowhere
//! else, so that nobody learns who looks at a page.

use url::Url;

/// Hosts whose pictures are shown. The policy of pages names them too.
pub const HOSTS: &[&str] = &[
    "avatars.githubusercontent.com",
    "gravatar.com",
    "lh3.googleusercontent.com",
    "secure.gravatar.com",
    "www.gravatar.com",
];

/// Whether the picture at `address` is shown; initials stand in for any other.
pub fn is_shown(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| {
        url.scheme() == "https"
            && url.port().is_none()
            && url.username().is_empty()
            && url.password().is_none()
            && url.host_str().is_some_and(|host| HOSTS.contains(&host))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_of_known_hosts_are_shown_and_no_others() {
        for address in [
            "https://avatars.githubusercontent.com/u/1?v=4",
            "https://www.gravatar.com/avatar/0bc83cb571cd1c50ba6f3e8a78ef1346",
            "https://lh3.googleusercontent.com/a/abc=s96-c",
        ] {
            assert!(is_shown(address), "{address}");
        }
        for address in [
            "",
            "picture.png",
            "http://www.gravatar.com/avatar/1",
            "https://www.gravatar.com.evil.example/avatar/1",
            "https://evil.example/www.gravatar.com",
            "https://www.gravatar.com:8443/avatar/1",
            "https://www.gravatar.com@evil.example/",
            "https://user@www.gravatar.com/",
            "javascript:alert(1)",
            "data:image/png;base64,AAAA",
        ] {
            assert!(!is_shown(address), "{address}");
        }
    }
}
