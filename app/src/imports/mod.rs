//! Import: choose a file, look at it, take it in, take it back.

mod api;
mod apply;
mod columns;
mod errors;
mod history;
mod page;
mod preview;
mod questions;
mod result;
mod rows;
mod tabs;
mod taken;
mod upload;

pub use api::{
    ApplyImport, EditedSince, GetImport, ImportHistory, LookAtRows, PreviewImport, ReadFile,
    UndoImport, apply_import, edited_since, get_import, import_history, preview_import, read_file,
    undo_import,
};
pub use page::ImportPage;
pub use preview::ImportPreviewPage;
