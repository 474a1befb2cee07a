//! From the bytes of a file to rows of an account: pure work of the processor, off the threads that serve.

use std::sync::Arc;

use domain::{
    Date,
    import::{File, ImportOptions, Interpretation, Target},
};

use super::draft::Draft;
use crate::{Error, Result};

/// The field of the form that a file comes in.
const FILE: &str = "file";

/// A file of any kind. [`Error::Invalid`] at `file` for what is none.
pub(super) async fn file(content: Arc<[u8]>) -> Result<File> {
    off_thread(move || File::parse(&content)).await?.map_err(|code| Error::field(FILE, code))
}

/// Rows of a table that a person sees as they stand in the file, to say what its columns are.
const SAMPLE: usize = 10;

/// A table as it stands in the file; empty for other formats.
pub(super) struct AsWritten {
    pub columns: Vec<String>,
    pub sample: Vec<Vec<String>>,
}

/// A draft as rows of its account, and as it is written.
pub(super) async fn rows(
    draft: &Draft,
    options: ImportOptions,
    today: Date,
) -> Result<(AsWritten, Interpretation)> {
    let (content, currency, mask) =
        (Arc::clone(&draft.content), draft.currency, draft.mask.clone());
    let work = move || {
        let file = File::parse(&content)?;
        let target = Target { currency, mask: mask.as_deref() };
        let written = AsWritten { columns: file.columns().to_vec(), sample: file.sample(SAMPLE) };
        Ok((written, file.interpret(&options, target, today)))
    };
    off_thread(work).await?.map_err(|code| Error::field(FILE, code))
}

async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::Upstream { service: "import", reason: error.to_string() })
}
