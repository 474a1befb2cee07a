//! Learns which zone and which first day of a week a person has who has chosen none. The script of a page writes what
//! the browser says into a plain cookie, `Europe/Berlin:1:`. For whom that was noted stands behind it, as a few signs that
//! only tell one person from another, so that a browser is listened to once, and no other request asks the database.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, header},
};
use backend::preferences::{self, Guess};
use domain::UserId;
use sha2::{Digest, Sha256};

use crate::auth::{Auth, cookies, log};

/// The cookie; `loader.js` writes it too. Script reads it, and it says nothing that a person could be found by.
const COOKIE: &str = "coffer.days";

/// Bytes of a hash of the person's id that say whose days were noted.
const MARK: usize = 4;

/// More is no zone and no day, and no other page has to carry it.
const MOST: usize = 64;

/// What a request lets us guess, and the cookie's value once that is noted.
#[derive(Debug)]
pub struct Heard {
    guess: Guess,
    told: String,
}

/// What a request of a signed-in person says that is not noted yet. Without script it is the language of a page's
/// reader: other programs may keep no cookie, and would say it each time.
pub fn heard(request: &Request, user: &UserId) -> Option<Heard> {
    let headers = request.headers();
    let (said, mark) = cookie(headers).unwrap_or((":", ""));
    if mark == mark_of(user) {
        return None;
    }
    let is_page = *request.method() == Method::GET && accepts_html(headers);
    let by_country = || is_page.then(|| Guess::by_country(languages(headers))).flatten();
    let guess = by_browser(headers, said).or_else(by_country)?;
    Some(Heard { guess, told: format!("{said}:{}", mark_of(user)) })
}

/// Notes it; the cookie that says so, unless that failed.
pub async fn note(auth: &Auth, user: &UserId, heard: Heard) -> Option<HeaderValue> {
    if let Err(error) = preferences::note(&auth.backend, user, &heard.guess).await {
        log(&error);
        return None;
    }
    let secure = if auth.backend.settings.app_url.scheme() == "https" { "; Secure" } else { "" };
    let told = heard.told;
    let cookie = format!("{COOKIE}={told}; Path=/; Max-Age=31536000; SameSite=Lax{secure}");
    HeaderValue::from_str(&cookie).ok()
}

/// Notes what a sign-up by another program says. Its answer sets no cookie: those are Better Auth's.
pub async fn note_at_sign_up(auth: &Auth, user: &UserId, headers: &HeaderMap) {
    let said = cookie(headers).and_then(|(said, _)| by_browser(headers, said));
    let Some(guess) = said.or_else(|| Guess::by_country(languages(headers))) else { return };
    if let Err(error) = preferences::note(&auth.backend, user, &guess).await {
        log(&error);
    }
}

/// What the browser said, and whose days that is noted as.
fn cookie(headers: &HeaderMap) -> Option<(&str, &str)> {
    let (said, mark) = cookies::find(headers, COOKIE)?.rsplit_once(':')?;
    (said.len() <= MOST && said.is_ascii()).then_some((said, mark))
}

fn by_browser(headers: &HeaderMap, said: &str) -> Option<Guess> {
    let (zone, week_start) = said.split_once(':')?;
    Guess::by_browser(zone, week_start, languages(headers))
}

fn languages(headers: &HeaderMap) -> &str {
    let languages = headers.get(header::ACCEPT_LANGUAGE);
    languages.and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn accepts_html(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

fn mark_of(user: &UserId) -> String {
    let hash = Sha256::digest(user.as_str());
    hex::encode(hash.get(..MARK).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    const ANN: &str = "0197a1b2c3d4e5f6";

    fn told(method: &str, headers: &[(&str, &str)]) -> Option<String> {
        let mut request = Request::builder().method(method);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).unwrap();
        heard(&request, &UserId::new(ANN)).map(|heard| heard.told)
    }

    #[test]
    fn what_the_browser_says_is_heard_once_for_each_person() {
        let heard = |cookie: &str| told("POST", &[("cookie", cookie)]);

        assert_eq!(
            heard("coffer.days=Europe/Berlin:1:").as_deref(),
            Some("Europe/Berlin:1:993f867d")
        );
        assert_eq!(
            heard("coffer.days=Europe/Berlin::other123").as_deref(),
            Some("Europe/Berlin::993f867d")
        );
        assert_eq!(heard("coffer.days=Europe/Berlin:1:993f867d"), None);
        for forged in ["", "Europe/Berlin", "::", "Mars/Base:1:", "Europe/Berlin:1", ":1:993f867d"]
        {
            assert_eq!(heard(&format!("coffer.days={forged}")), None, "{forged}");
        }
    }

    #[test]
    fn a_page_without_script_goes_by_its_readers_language_once() {
        let german = ("accept-language", "de-DE,de;q=0.9");
        let page = ("accept", "text/html,application/xhtml+xml");

        assert_eq!(told("GET", &[german, page]).as_deref(), Some("::993f867d"));
        assert_eq!(told("GET", &[german, page, ("cookie", "coffer.days=::993f867d")]), None);
        let unknown = ("cookie", "coffer.days=Mars/Base:1:");
        assert_eq!(told("GET", &[german, page, unknown]).as_deref(), Some("Mars/Base:1:993f867d"));
        assert_eq!(told("GET", &[german]), None, "a program");
        assert_eq!(told("POST", &[german, page]), None, "a form");
        assert_eq!(told("GET", &[("accept-language", "en-US"), page]), None);
    }
}
