//! Pages for when something did not work. They say what happened, what is safe, and the next step.

mod fallback;
mod page;
mod words;

pub use fallback::fallback_page;
pub use page::{ErrorContent, ErrorPage, NotFoundPage, error_page};
