//! Outgoing mail. A use case puts a mail into the transaction of its cause; the queue hands it to the mailer.
//! So a mail is sent if and only if its cause happened, and a mail server that is down delays mails and nothing
//! else.

use std::{path::PathBuf, sync::Arc};

use lettre::message::Mailbox as Address;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::{
    Backend, Error, Result,
    db::{SystemTx, Tx},
    jobs::{self, Job, Options},
};

mod file;
mod letter;
pub mod mailbox;
mod smtp;
#[cfg(test)]
mod tests;

pub(crate) use letter::{Action, Letter};

/// One mail to one person. It has no `Debug`: a mail can hold a link that signs somebody in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// The address, without a name.
    pub to: String,
    /// One line.
    pub subject: String,
    /// The whole mail as plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}

/// How mail leaves, and who it is from. Cheap to clone.
#[derive(Clone)]
pub struct Mailer {
    from: Address,
    route: Route,
}

#[derive(Clone)]
enum Route {
    /// Rows of our own database, shown at `/dev/mail`.
    Mailbox,
    /// A mail server.
    Smtp(smtp::Smtp),
    /// JSON lines, for tests that run the program.
    File(Arc<file::MailFile>),
}

/// Why a mailer could not be made: one sentence, without the address of the server.
#[derive(Debug, thiserror::Error)]
pub enum MailerError {
    /// `MAIL_FROM`.
    #[error("MAIL_FROM is not a sender like Coffer <hello@bank.example>")]
    From,
    /// `SMTP_URL`.
    #[error("SMTP_URL is not the address of a mail server")]
    Url,
}

impl Mailer {
    /// Keeps mails in the database, for `/dev/mail`. `from` is like `Coffer <hello@bank.example>`.
    pub fn mailbox(from: &str) -> Result<Self, MailerError> {
        Ok(Self { from: sender(from)?, route: Route::Mailbox })
    }

    /// Sends over SMTP: `smtps://user:password@host` or `smtp://host:587?tls=required`.
    pub fn smtp(url: &SecretString, from: &str) -> Result<Self, MailerError> {
        Ok(Self { from: sender(from)?, route: Route::Smtp(smtp::Smtp::new(url)?) })
    }

    /// Appends each mail to a file, as one line of JSON.
    pub fn file(path: PathBuf, from: &str) -> Result<Self, MailerError> {
        Ok(Self { from: sender(from)?, route: Route::File(Arc::new(file::MailFile::new(path))) })
    }

    /// Whether mails stay here, to be read at `/dev/mail`.
    pub fn is_mailbox(&self) -> bool {
        matches!(self.route, Route::Mailbox)
    }
}

fn sender(from: &str) -> Result<Address, MailerError> {
    from.parse().map_err(|_| MailerError::From)
}

/// Puts `mail` into the transaction of its cause.
pub async fn send(tx: &mut impl Tx, backend: &Backend, mail: Mail) -> Result<()> {
    jobs::enqueue(tx, backend, &Job::SendMail(mail), Options::default()).await?;
    Ok(())
}

/// Lays a letter out and puts it into the transaction of its cause.
pub(crate) async fn post(
    tx: &mut impl Tx,
    backend: &Backend,
    to: &str,
    letter: &Letter,
) -> Result<()> {
    send(tx, backend, letter.to(to)?).await
}

/// Queues as much work as [`post`] does, for nobody: how long an answer takes must not tell whether somebody has
/// an account.
pub(crate) async fn post_nothing(tx: &mut impl Tx, backend: &Backend) -> Result<()> {
    jobs::enqueue(tx, backend, &Job::Nothing, Options::default()).await?;
    Ok(())
}

/// Hands one mail to the mailer; `id` is the same in every try. The transaction holds the effect where that is
/// in our database.
pub(crate) async fn deliver(backend: &Backend, id: &str, mail: &Mail) -> Result<SystemTx> {
    let mailer = &backend.mailer;
    let sent = match &mailer.route {
        Route::Mailbox => mailbox::keep(backend, id, &mailer.from.to_string(), mail).await,
        Route::Smtp(smtp) => smtp.send(backend, id, &mailer.from, mail).await,
        Route::File(file) => file.clone().append(backend, id, &mailer.from.to_string(), mail).await,
    };
    let outcome = if sent.is_ok() { "coffer_mail_sent_total" } else { "coffer_mail_failed_total" };
    metrics::counter!(outcome).increment(1);
    sent
}

/// The failure of somebody else's mail server, or of the file.
fn upstream(reason: impl Into<String>) -> Error {
    Error::Upstream { service: "mail", reason: reason.into() }
}
