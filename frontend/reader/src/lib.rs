//! The parser of files for the worker of `/import`: a module of its own, so that no other page carries it.

use domain::{
    Currency, day,
    import::{Glance, Target},
};
use wasm_bindgen::prelude::wasm_bindgen;

/// What a file holds, as texts: a worker passes on nothing else.
#[wasm_bindgen(getter_with_clone)]
#[derive(Default)]
pub struct Look {
    /// Why the file is refused; then everything else is empty.
    pub problem: Option<String>,
    /// What is said of it.
    pub lines: Vec<String>,
    /// The heads of the columns.
    pub columns: Vec<String>,
    /// The cells of the first rows, as many a row as there are columns.
    pub cells: Vec<String>,
}

/// Reads a file for an account by its currency (ISO 4217) and the last digits of its number. `today` is `2026-06-10`.
/// Nothing is said where one of them makes no sense.
#[wasm_bindgen]
pub fn look(bytes: &[u8], currency: &str, mask: Option<String>, today: &str) -> Look {
    let (Ok(currency), Some(today)) = (Currency::parse(currency), day::parse_iso(today)) else {
        return Look::default();
    };
    match Glance::of(bytes, Target { currency, mask: mask.as_deref() }, today) {
        Ok(Glance { lines, columns, rows }) => {
            Look { problem: None, lines, columns, cells: rows.into_iter().flatten().collect() }
        }
        Err(code) => Look { problem: Some(code.message().into_owned()), ..Look::default() },
    }
}
