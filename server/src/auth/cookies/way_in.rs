//! The way in that was used last in this browser, for a mark on the sign-in page. It is not signed: it says nothing of
//! anybody, and opens nothing.

use app::server::LastWayIn;
use axum::http::HeaderValue;

use super::{Cookies, DEVICE_MAX_AGE, Jar};

/// Between the provider that somebody set out for and what the cookie said before.
const BEFORE: char = '~';
/// No provider's id is longer.
const LONGEST: usize = 64;

impl Cookies {
    /// How somebody came in last.
    pub fn last_way_in(&self, jar: &Jar) -> LastWayIn {
        let value = jar.get(self.way_in_name()).unwrap_or_default();
        let way = value.split_once(BEFORE).map_or(value, |(_, before)| before);
        LastWayIn(is_plain(way).then(|| way.to_owned()))
    }

    /// Somebody came in this way.
    pub fn came_by(&self, way: &str) -> Option<HeaderValue> {
        is_plain(way).then(|| self.way_in(way))
    }

    /// Somebody sets out for a provider, and may come back without having come in.
    pub fn sets_out_for(&self, jar: &Jar, provider: &str) -> Option<HeaderValue> {
        let before = self.last_way_in(jar).0.unwrap_or_default();
        is_plain(provider).then(|| self.way_in(&format!("{provider}{BEFORE}{before}")))
    }

    /// Somebody is back from the provider that a page of ours sent them to. Whoever was sent by another program gets no
    /// cookie that it does not know.
    pub fn came_back_from(&self, jar: &Jar, provider: &str) -> Option<HeaderValue> {
        let (wanted, _) = jar.get(self.way_in_name())?.split_once(BEFORE)?;
        (wanted == provider).then(|| self.came_by(provider)).flatten()
    }

    fn way_in_name(&self) -> &'static str {
        if self.secure { "__Host-coffer.way_in" } else { "coffer.way_in" }
    }

    fn way_in(&self, value: &str) -> HeaderValue {
        let text =
            format!("{}={value}{}", self.way_in_name(), self.attributes(Some(DEVICE_MAX_AGE)));
        HeaderValue::from_str(&text).expect("names and plain values are printable ASCII")
    }
}

fn is_plain(way: &str) -> bool {
    let plain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte);
    (1..=LONGEST).contains(&way.len()) && way.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, header};
    use secrecy::SecretString;
    use url::Url;

    use super::*;
    use crate::config::CookiePrefix;

    fn cookies(url: &str) -> Cookies {
        let secret = SecretString::from("a secret of the tests, 32 bytes and more");
        Cookies::new(&Url::parse(url).unwrap(), CookiePrefix::Secure, &secret)
    }

    fn jar(line: &str) -> Jar {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_str(line).unwrap());
        Jar::read(&headers)
    }

    fn text(cookie: Option<HeaderValue>) -> String {
        cookie.map_or_else(String::new, |cookie| cookie.to_str().unwrap().to_owned())
    }

    #[test]
    fn the_mark_names_a_way_and_nobody_and_no_script_reads_it() {
        let rest = "; Max-Age=34560000; Path=/; HttpOnly";
        let plain = text(cookies("http://localhost:3000").came_by("password"));
        let https = text(cookies("https://bank.example").came_by("google"));

        assert_eq!(plain, format!("coffer.way_in=password{rest}; SameSite=Lax"));
        assert_eq!(https, format!("__Host-coffer.way_in=google{rest}; Secure; SameSite=Lax"));
    }

    #[test]
    fn whoever_sets_out_and_gives_up_has_used_nothing_else() {
        let cookies = cookies("http://localhost:3000");
        let before = jar("coffer.way_in=password");

        let out = text(cookies.sets_out_for(&before, "google"));
        assert!(out.starts_with("coffer.way_in=google~password;"), "{out}");
        let twice = text(cookies.sets_out_for(&jar("coffer.way_in=google~password"), "work"));
        assert!(twice.starts_with("coffer.way_in=work~password;"), "{twice}");
        let away = jar("coffer.way_in=google~password");
        assert!(cookies.last_way_in(&away).is("password"));
        let back = text(cookies.came_back_from(&away, "google"));
        assert!(back.starts_with("coffer.way_in=google;"), "{back}");
        for (line, provider) in [
            ("coffer.way_in=google~", "work"),
            ("coffer.way_in=google", "google"),
            ("a=b", "google"),
        ] {
            assert!(cookies.came_back_from(&jar(line), provider).is_none(), "{line}");
        }
    }

    #[test]
    fn what_is_no_name_of_a_way_is_neither_read_nor_written() {
        let cookies = cookies("http://localhost:3000");
        let long = "x".repeat(65);

        for odd in ["", "<b>", "ann@example.com", "a b", "Google", &long] {
            assert_eq!(
                cookies.last_way_in(&jar(&format!("coffer.way_in={odd}"))),
                LastWayIn(None),
                "{odd}"
            );
            assert!(
                cookies.came_by(odd).is_none() && cookies.sets_out_for(&jar("a=b"), odd).is_none(),
                "{odd}"
            );
        }
    }
}
