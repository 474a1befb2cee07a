//! Asks Have I Been Pwned whether a password is in a known breach, without telling which one: five of the forty
//! digits of its SHA-1 leave this machine, and the answer is padded (k-anonymity, the Pwned Passwords range API).

use std::time::Duration;

use domain::Code;
use http::{HeaderMap, HeaderValue, StatusCode};
use sha1::{Digest, Sha1};
use url::Url;

use super::Password;
use crate::Backend;

/// A service that is slow or down must not keep anybody from choosing a password.
const PATIENCE: Duration = Duration::from_secs(1);

/// Why a password may not be taken, if the check is on and it is in a breach. A service that does not answer in a
/// second has found nothing.
pub(super) async fn breach(backend: &Backend, password: &Password) -> Option<Code> {
    let service = backend.settings.auth.breached_passwords.as_ref()?;
    let digest = hex::encode_upper(Sha1::digest(password.expose()));
    let (prefix, rest) = digest.split_at(5);
    let url = service.join(&format!("range/{prefix}")).ok()?;
    let list = tokio::time::timeout(PATIENCE, ask(backend, &url)).await.ok().flatten();
    if list.is_none() {
        metrics::counter!("coffer_breached_password_checks_failed_total").increment(1);
    }
    list?.lines().any(|line| is_hit(line, rest)).then_some(Code::PasswordBreached)
}

async fn ask(backend: &Backend, url: &Url) -> Option<String> {
    let mut headers = HeaderMap::new();
    headers.insert("add-padding", HeaderValue::from_static("true"));
    let answer = backend.outgoing.get(url, headers).await.ok()?;
    let (parts, body) = answer.into_parts();
    (parts.status == StatusCode::OK).then(|| String::from_utf8(body).ok()).flatten()
}

/// `SUFFIX:COUNT`; padding has a count of zero.
fn is_hit(line: &str, rest: &str) -> bool {
    let pair = line.trim().split_once(':');
    pair.is_some_and(|(suffix, count)| suffix.eq_ignore_ascii_case(rest) && count.trim() != "0")
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    use super::*;
    use crate::{Outgoing, Settings, both_engines, testing::backend};

    const PASSWORD: &str = "correct horse battery staple";

    /// A service that answers everything with `body`, and what it was asked.
    async fn service(body: String) -> (Url, Arc<Mutex<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(String::new()));
        let heard = asked.clone();
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut buffer = [0_u8; 4_096];
                let length = stream.read(&mut buffer).await.unwrap();
                heard.lock().unwrap().push_str(&String::from_utf8_lossy(&buffer[..length]));
                let start = format!(
                    "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    body.len()
                );
                stream.write_all(format!("{start}{body}").as_bytes()).await.unwrap();
            }
        });
        (url.parse().unwrap(), asked)
    }

    fn with_service(mut backend: Backend, url: Option<Url>) -> Backend {
        backend.outgoing = Outgoing::new(&backend.clock, &backend.random, url.clone()).unwrap();
        let mut settings = Settings::clone(&backend.settings);
        settings.auth.breached_passwords = url;
        backend.settings = Arc::new(settings);
        backend
    }

    fn digest() -> String {
        hex::encode_upper(Sha1::digest(PASSWORD))
    }

    both_engines! {
        async fn a_breached_password_is_found_by_five_digits(db: TestDb) {
            let digest = digest();
            let (prefix, rest) = digest.split_at(5);
            let (url, asked) = service(format!("0018A45C4D1DEF81644B54AB7F969B88D65:0\r\n{rest}:7\r\n")).await;
            let backend = with_service(backend(db.db.clone()), Some(url));

            let found = breach(&backend, &PASSWORD.into()).await;

            assert_eq!(found, Some(Code::PasswordBreached));
            let asked = asked.lock().unwrap().clone();
            assert!(asked.starts_with(&format!("GET /range/{prefix} ")), "{asked}");
            assert!(asked.to_lowercase().contains("add-padding: true"));
            assert!(!asked.contains(&rest[..5]), "more than five digits left the machine");
        }

        async fn padding_and_other_passwords_are_no_hit(db: TestDb) {
            let rest = digest().split_off(5);
            let (url, _) = service(format!("{rest}:0\r\n0018A45C4D1DEF81644B54AB7F969B88D65:9\r\n")).await;
            let backend = with_service(backend(db.db.clone()), Some(url));

            assert_eq!(breach(&backend, &PASSWORD.into()).await, None);
        }

        async fn a_service_that_is_down_finds_nothing_and_off_asks_nobody(db: TestDb) {
            let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
            let down = format!("http://{gone}/").parse().ok();

            assert_eq!(breach(&with_service(backend(db.db.clone()), down), &PASSWORD.into()).await, None);
            assert_eq!(breach(&with_service(backend(db.db.clone()), None), &PASSWORD.into()).await, None);
        }
    }
}
