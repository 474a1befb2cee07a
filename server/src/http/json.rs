//! Reading JSON from strangers: bounded in depth and keys, without NUL, and with errors of our own.

use axum::http::StatusCode;
use serde::de::DeserializeOwned;

use super::failure::Failure;

/// Deepest nesting of arrays and objects.
pub const MAX_DEPTH: usize = 64;
/// Most keys of all objects together.
pub const MAX_KEYS: usize = 500;

/// Why a text was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonProblem {
    /// More than [`MAX_DEPTH`] levels or [`MAX_KEYS`] keys.
    TooComplex,
    /// A string holds U+0000, which no database takes.
    Nul,
    /// Not JSON, or not of the expected shape.
    Malformed,
}

impl From<JsonProblem> for Failure {
    fn from(problem: JsonProblem) -> Self {
        let message = match problem {
            JsonProblem::TooComplex => {
                "The JSON nests deeper than 64 levels or has more than 500 keys."
            }
            JsonProblem::Nul => "Text can't contain the character U+0000.",
            JsonProblem::Malformed => "The body must be JSON of the documented shape.",
        };
        Self::new(StatusCode::BAD_REQUEST, "BAD_REQUEST", message)
    }
}

/// Parses `bytes` after [`check`].
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, JsonProblem> {
    check(bytes)?;
    serde_json::from_slice(bytes).map_err(|_| JsonProblem::Malformed)
}

/// Counts levels and keys and looks for NUL in one pass, before anything is allocated.
pub fn check(bytes: &[u8]) -> Result<(), JsonProblem> {
    let (mut depth, mut keys) = (0_usize, 0_usize);
    let mut rest = bytes.iter();
    while let Some(byte) = rest.next() {
        match byte {
            b'{' | b'[' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(JsonProblem::TooComplex);
                }
            }
            b'}' | b']' => depth = depth.checked_sub(1).ok_or(JsonProblem::Malformed)?,
            // Outside of strings, each colon belongs to one key.
            b':' => {
                keys += 1;
                if keys > MAX_KEYS {
                    return Err(JsonProblem::TooComplex);
                }
            }
            b'"' => skip_string(&mut rest)?,
            _ => {}
        }
    }
    Ok(())
}

fn skip_string(rest: &mut std::slice::Iter<'_, u8>) -> Result<(), JsonProblem> {
    while let Some(byte) = rest.next() {
        match byte {
            b'"' => return Ok(()),
            0 => return Err(JsonProblem::Nul),
            b'\\' => {
                let escaped = rest.next();
                if escaped == Some(&b'u') && rest.as_slice().starts_with(b"0000") {
                    return Err(JsonProblem::Nul);
                }
            }
            _ => {}
        }
    }
    Err(JsonProblem::Malformed)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(text: &str) -> Result<Value, JsonProblem> {
        parse(text.as_bytes())
    }

    #[test]
    fn ordinary_json_is_read() {
        let text = r#"{"a": [1, "x: {\" ["], "b": {"c": "\\u0000"}}"#;
        assert_eq!(read(text), Ok(json!({"a": [1, "x: {\" ["], "b": {"c": "\\u0000"}})));
    }

    #[test]
    fn depth_and_keys_are_bounded() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(read(&nested(64)).is_ok());
        assert_eq!(read(&nested(65)), Err(JsonProblem::TooComplex));
        let keys = |count: usize| {
            let keys: Vec<_> = (0..count).map(|key| format!("\"k{key}\":0")).collect();
            format!("{{{}}}", keys.join(","))
        };
        assert!(read(&keys(500)).is_ok());
        assert_eq!(read(&keys(501)), Err(JsonProblem::TooComplex));
    }

    #[test]
    fn nul_is_refused_in_either_spelling() {
        assert_eq!(read("\"a\\u0000b\""), Err(JsonProblem::Nul));
        assert_eq!(read("{\"a\\u0000\":1}"), Err(JsonProblem::Nul));
        assert_eq!(read("\"a\0b\""), Err(JsonProblem::Nul));
    }

    #[test]
    fn broken_json_is_refused() {
        for text in ["", "{", "\"", "]", "{\"a\":}", "nul", "{\"a\":1}x"] {
            assert_eq!(read(text), Err(JsonProblem::Malformed), "{text}");
        }
    }
}
