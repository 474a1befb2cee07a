//! Mail as lines of JSON in a file, for tests that run the whole program.

use std::{
    fs::OpenOptions,
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use serde_json::json;
use time::format_description::well_known::Rfc3339;
use tokio::task::spawn_blocking;

use super::{Mail, upstream};
use crate::{Backend, Error, Result, db::SystemTx};

/// The file of `MAIL_FILE`; one line at a time.
pub(super) struct MailFile {
    path: PathBuf,
    writing: Mutex<()>,
}

impl MailFile {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, writing: Mutex::default() }
    }

    /// Returns once the line is on the disk.
    pub(super) async fn append(
        self: Arc<Self>,
        backend: &Backend,
        id: &str,
        from: &str,
        mail: &Mail,
    ) -> Result<SystemTx> {
        let created_at = backend
            .clock
            .now()
            .format(&Rfc3339)
            .map_err(|_| Error::Corrupt("time of the clock"))?;
        let mut line = json!({
            "id": id,
            "createdAt": created_at,
            "from": from,
            "to": mail.to,
            "subject": mail.subject,
            "text": mail.text,
            "html": mail.html,
        })
        .to_string();
        line.push('\n');
        let written = spawn_blocking(move || self.write(line.as_bytes())).await;
        written
            .unwrap_or_else(|stopped| Err(io::Error::other(stopped)))
            .map_err(|error| upstream(format!("MAIL_FILE: {error}")))?;
        Ok(backend.db.system().write().await?)
    }

    fn write(&self, line: &[u8]) -> io::Result<()> {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut file = OpenOptions::new().create(true).append(true).mode(0o600).open(&self.path)?;
        file.write_all(line)?;
        file.sync_data()
    }
}
