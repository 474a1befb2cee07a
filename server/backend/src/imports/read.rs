//! From the bytes of a file to rows of an account: pure work of the processor, off the threads that serve.

use std::sync::Arc;

use domain::{
    Code, Currency, Date,
    import::{self, ImportOptions, Interpretation, Table},
};

use crate::{Error, Result};

/// The field of the form that a file comes in.
const FILE: &str = "file";

/// A file as a table. [`Error::Invalid`] at `file` for what is none.
pub(super) async fn table(content: Arc<[u8]>) -> Result<Table> {
    off_thread(move || parse(&content)).await?.map_err(|code| Error::field(FILE, code))
}

/// A file as rows of an account.
pub(super) async fn rows(
    content: Arc<[u8]>,
    options: ImportOptions,
    currency: Currency,
    today: Date,
) -> Result<(Table, Interpretation)> {
    let work = move || {
        let table = parse(&content)?;
        let interpretation = import::interpret(&table, &options, currency, today);
        Ok((table, interpretation))
    };
    off_thread(work).await?.map_err(|code| Error::field(FILE, code))
}

fn parse(content: &[u8]) -> Result<Table, Code> {
    import::read(&import::decode(content)?)
}

async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::Upstream { service: "import", reason: error.to_string() })
}
