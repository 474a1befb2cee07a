//! One layout for every mail: a heading, a few sentences, at most one button, and why one gets it.

use askama::Template;

use super::Mail;
use crate::{Error, Result};

/// A mail before it is laid out. Values are escaped in the HTML part; a value cannot begin another header.
///
/// Write nothing into it that a stranger typed unless the address is proven to be theirs: a form must not mail
/// strangers a text of one's own.
#[derive(Clone)]
pub(crate) struct Letter {
    /// One line; also the heading.
    pub(crate) subject: String,
    /// Paragraphs of plain text.
    pub(crate) lines: Vec<String>,
    /// The one thing to do, if there is one.
    pub(crate) action: Option<Action>,
    /// Why somebody gets this mail, and what to do if it wasn't them.
    pub(crate) reason: String,
}

/// A button.
#[derive(Clone)]
pub(crate) struct Action {
    /// What it does.
    pub(crate) label: &'static str,
    /// Where it leads: an absolute address.
    pub(crate) link: String,
}

#[derive(Template)]
#[template(path = "letter.txt")]
struct Text<'a> {
    subject: &'a str,
    lines: &'a [String],
    action: Option<&'a Action>,
    reason: &'a str,
}

#[derive(Template)]
#[template(path = "letter.html")]
struct Html<'a> {
    subject: &'a str,
    lines: &'a [String],
    action: Option<&'a Action>,
    reason: &'a str,
}

impl Letter {
    /// A letter of one or two sentences without a button.
    pub(crate) fn note(subject: &str, line: impl Into<String>, reason: &str) -> Self {
        Self {
            subject: subject.to_owned(),
            lines: vec![line.into()],
            action: None,
            reason: reason.to_owned(),
        }
    }

    /// The mail to one address.
    pub(crate) fn to(&self, address: &str) -> Result<Mail> {
        let broken = |_| Error::Corrupt("mail template");
        let subject = &*one_line(&self.subject);
        let Self { lines, action, reason, .. } = self;
        let action = action.as_ref();
        Ok(Mail {
            to: address.to_owned(),
            text: Text { subject, lines, action, reason }.render().map_err(broken)?,
            html: Html { subject, lines, action, reason }.render().map_err(broken)?,
            subject: subject.to_owned(),
        })
    }
}

/// A subject is a header: a line break in a value must not begin another one.
fn one_line(text: &str) -> String {
    let words: Vec<&str> =
        text.split(|c: char| c.is_control() || c == ' ').filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_parts_have_the_sentences_and_the_link() {
        let letter = Letter {
            action: Some(Action { label: "Look", link: "https://bank.example/a?b=1&c=2".into() }),
            ..Letter::note("A subject", "One sentence.", "You get this mail because.")
        };

        let mail = letter.to("ada@example.com").unwrap();

        assert_eq!(mail.subject, "A subject");
        assert_eq!(
            mail.text,
            "A subject\n\nOne sentence.\n\nLook:\nhttps://bank.example/a?b=1&c=2\n\nYou get this mail because."
        );
        assert!(
            mail.html.contains(r#"href="https://bank.example/a?b=1&#38;c=2""#),
            "{}",
            mail.html
        );
        assert!(mail.html.contains("<p>One sentence.</p>"), "{}", mail.html);
    }

    #[test]
    fn values_are_escaped_in_html_and_left_alone_in_text() {
        let mail = Letter::note("Hi", "<i>&", "Why").to("ada@example.com").unwrap();

        assert!(mail.text.contains("<i>&"), "{}", mail.text);
        assert!(mail.html.contains("&#60;i&#62;&#38;") && !mail.html.contains("<i>"));
    }

    #[test]
    fn a_subject_stays_one_line() {
        assert_eq!(one_line("Hello\r\nBcc: eve@example.com \n"), "Hello Bcc: eve@example.com");
    }
}
