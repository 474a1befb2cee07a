//! Mail over SMTP, encrypted by rustls.

use std::time::{Duration, SystemTime};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox as Address, MultiPart,
        header::{HeaderName, HeaderValue},
    },
    transport::smtp::Error as SmtpError,
};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::timeout;

use super::{Mail, MailerError, upstream};
use crate::{Backend, Result, db::SystemTx};

/// Connecting.
const STEP: Duration = Duration::from_secs(5);
/// The whole of it. A server may think for long about a mail that it has got whole (RFC 5321, 4.5.3.2.6): one that is not
/// waited for is sent twice.
const TOTAL: Duration = Duration::from_mins(1);

/// The way to one mail server: a connection for each mail. One that is kept after nobody waited for its answer would give
/// that answer to the next mail.
#[derive(Clone)]
pub(super) struct Smtp(AsyncSmtpTransport<Tokio1Executor>);

impl Smtp {
    /// Does not connect yet: a server that is down must not keep the program from starting.
    pub(super) fn new(url: &SecretString) -> Result<Self, MailerError> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret())
            .map_err(|_| MailerError::Url)?
            .timeout(Some(STEP))
            .build();
        Ok(Self(transport))
    }

    /// Returns once the server has taken the mail.
    pub(super) async fn send(
        &self,
        backend: &Backend,
        id: &str,
        from: &Address,
        mail: &Mail,
    ) -> Result<SystemTx> {
        let message = message(backend, id, from, mail)?;
        match timeout(TOTAL, self.0.send(message)).await {
            Ok(Ok(_)) => Ok(backend.db.system().write().await?),
            Ok(Err(error)) => Err(upstream(reason(&error))),
            Err(_) => Err(upstream("no answer in time")),
        }
    }
}

/// The message id is made of the job's: a mail that is sent again after a crash is the same mail to programs
/// that know it (RFC 5322, 3.6.4).
fn message(backend: &Backend, id: &str, from: &Address, mail: &Mail) -> Result<Message> {
    let to: Address = mail.to.parse().map_err(|_| upstream("the recipient is not an address"))?;
    let domain = from.email.domain();
    Message::builder()
        .from(from.clone())
        .to(to)
        .subject(&mail.subject)
        .date(SystemTime::from(backend.clock.now()))
        .message_id(Some(format!("<{id}@{domain}>")))
        // Nobody's holiday notice answers us (RFC 3834, 5).
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ))
        .multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()))
        .map_err(|_| upstream("the mail could not be built"))
}

/// The kind of failure and the code. The server's own words stay out of logs: they often repeat the address.
fn reason(error: &SmtpError) -> String {
    let kind = if error.is_permanent() {
        "refused for good"
    } else if error.is_transient() {
        "refused for now"
    } else if error.is_timeout() {
        "no answer in time"
    } else if error.is_tls() {
        "no encrypted connection"
    } else {
        "no connection"
    };
    error.status().map_or_else(|| kind.to_owned(), |code| format!("{kind}: {code}"))
}
