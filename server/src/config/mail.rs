//! How mail leaves: over SMTP, into a file for tests, or into the built-in mailbox.

use std::path::PathBuf;

use domain::Email;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::reader::Reader;

/// Settings of outgoing mail. With neither `smtp_url` nor `file`, mail stays in the built-in mailbox.
#[derive(Clone, Debug)]
pub struct MailConfig {
    /// `smtps://user:password@host` or `smtp://host:587?tls=required`.
    pub smtp_url: Option<SecretString>,
    /// The sender, `Coffer <hello@bank.example>`.
    pub from: String,
    /// Mail is appended to this file, one JSON object a line.
    pub file: Option<PathBuf>,
    /// Whom people may write to.
    pub support: Option<String>,
    pub(super) from_named: bool,
}

impl MailConfig {
    /// Host and port of the mail server.
    pub fn smtp_host(&self) -> Option<(String, u16)> {
        let url = self.url()?;
        let usual = if url.scheme() == "smtps" { 465 } else { 587 };
        Some((url.host_str()?.to_owned(), url.port().unwrap_or(usual)))
    }

    /// Whether nothing is sent before the connection is encrypted.
    pub(super) fn is_encrypted(&self) -> bool {
        self.url().is_some_and(|url| {
            url.scheme() == "smtps"
                || url.query_pairs().any(|(key, value)| key == "tls" && value == "required")
        })
    }

    fn url(&self) -> Option<Url> {
        Url::parse(self.smtp_url.as_ref()?.expose_secret()).ok()
    }
}

pub(super) fn read(reader: &mut Reader<'_>) -> MailConfig {
    let smtp_url = reader.secret("SMTP_URL");
    let from = reader.text("MAIL_FROM");
    let file = reader.text("MAIL_FILE").map(PathBuf::from);
    let from_named = from.is_some();
    let from = from.unwrap_or_else(|| "Coffer <coffer@localhost>".to_owned());
    if !from.contains('@') || from.chars().any(char::is_control) {
        reader
            .problems
            .push("MAIL_FROM", "The value must be a sender like Coffer <hello@bank.example>.");
    }

    let support = reader.text("SUPPORT_EMAIL");
    if support.as_deref().is_some_and(|address| Email::parse(address).is_err()) {
        reader
            .problems
            .push("SUPPORT_EMAIL", "The value must be an address like help@bank.example.");
    }
    let mail = MailConfig { smtp_url, from, file, support, from_named };
    if mail.smtp_url.is_some() {
        let known = |url: &Url| matches!(url.scheme(), "smtp" | "smtps") && url.has_host();
        if !mail.url().is_some_and(|url| known(&url)) {
            reader.problems.push(
                "SMTP_URL",
                "The value must look like smtps://user:password@mail.example or smtp://mail.example:587?tls=required",
            );
        }
        if mail.file.is_some() {
            reader.problems.push("MAIL_FILE", "Set SMTP_URL or MAIL_FILE, not both.");
        }
    }
    mail
}
