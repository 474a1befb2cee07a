//! The texts of mails, compiled in: a value that a template lacks does not compile. Values are escaped in the
//! HTML part.

use askama::Template;
use url::Url;

use super::Mail;
use crate::{Error, Result};

/// One mail in its three parts.
fn render(
    to: &str,
    subject: impl Template,
    text: impl Template,
    html: impl Template,
) -> Result<Mail> {
    let part =
        |rendered: askama::Result<String>| rendered.map_err(|_| Error::Corrupt("mail template"));
    Ok(Mail {
        to: to.to_owned(),
        subject: one_line(&part(subject.render())?),
        text: part(text.render())?,
        html: part(html.render())?,
    })
}

/// A subject is a header: a line break in a value must not begin another one.
fn one_line(text: &str) -> String {
    let words: Vec<&str> =
        text.split(|c: char| c.is_control() || c == ' ').filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

#[derive(Template)]
#[template(path = "welcome/subject.txt")]
struct WelcomeSubject;

#[derive(Template)]
#[template(path = "welcome/body.txt")]
struct WelcomeText<'a> {
    app_url: &'a str,
}

#[derive(Template)]
#[template(path = "welcome/body.html")]
struct WelcomeHtml<'a> {
    app_url: &'a str,
}

/// The mail after sign-up. Nobody has proven yet that the address is theirs, so it repeats nothing that was
/// typed: otherwise the form could be used to mail strangers a text of one's own.
pub(super) fn welcome(to: &str, app_url: &Url) -> Result<Mail> {
    let app_url = app_url.as_str().trim_end_matches('/');
    render(to, WelcomeSubject, WelcomeText { app_url }, WelcomeHtml { app_url })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_parts_of_the_welcome_lead_to_adding_an_account() {
        let mail = welcome("ada@example.com", &"https://bank.example/".parse().unwrap()).unwrap();

        assert_eq!(mail.subject, "Welcome to Coffer");
        assert!(mail.text.contains("https://bank.example/accounts/link\n"), "{}", mail.text);
        assert!(
            mail.html.contains(r#"<a href="https://bank.example/accounts/link">"#),
            "{}",
            mail.html
        );
    }

    #[test]
    fn values_are_escaped_in_html_and_left_alone_in_text() {
        let mail = render(
            "ada@example.com",
            WelcomeSubject,
            WelcomeText { app_url: "<i>&" },
            WelcomeHtml { app_url: "<i>&\"" },
        )
        .unwrap();

        assert!(mail.text.contains("<i>&/accounts/link"), "{}", mail.text);
        assert!(mail.html.contains("&#60;i&#62;&#38;&#34;/accounts/link"), "{}", mail.html);
        assert!(!mail.html.contains("<i>"));
    }

    #[test]
    fn a_subject_stays_one_line() {
        assert_eq!(one_line("Hello\r\nBcc: eve@example.com \n"), "Hello Bcc: eve@example.com");
    }
}
