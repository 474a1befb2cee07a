//! From the bytes of a file to rows of an account: pure work of the processor, off the threads that serve.

use std::sync::Arc;

use domain::{
    Date,
    import::{File, ImportOptions, Interpretation, Target},
};
use tokio::sync::Semaphore;

use super::draft::Draft;
use crate::{Error, Result};

/// Files that are read at once, of up to 10 MB each: the rest wait, so that nobody else's work does.
static AT_ONCE: Semaphore = Semaphore::const_new(4);

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
    one_of(&AT_ONCE, work).await
}

async fn one_of<T: Send + 'static>(
    places: &'static Semaphore,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    let place = places.acquire().await.map_err(|_| Error::Busy)?;
    let work = move || {
        // Held by the thread: whoever posts files and leaves frees no place for more.
        let _place = place;
        work()
    };
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::Upstream { service: "import", reason: error.to_string() })
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn a_reading_whose_request_is_given_up_keeps_its_place_until_it_ends() {
        static PLACES: Semaphore = Semaphore::const_new(2);
        let (finish, wait) = mpsc::channel::<()>();
        let reading = tokio::spawn(one_of(&PLACES, move || wait.recv().is_ok()));
        while PLACES.available_permits() == 2 {
            tokio::task::yield_now().await;
        }

        reading.abort();
        assert!(reading.await.is_err_and(|error| error.is_cancelled()));
        assert_eq!(PLACES.available_permits(), 1);

        drop(finish);
        while PLACES.available_permits() == 1 {
            tokio::task::yield_now().await;
        }
    }
}
