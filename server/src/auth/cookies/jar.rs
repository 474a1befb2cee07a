//! The cookies of a request. If a name occurs twice, the first counts, in every layer.

use axum::http::{HeaderMap, header};

/// The cookies of one request, in the order they came.
#[derive(Clone, Debug, Default)]
pub struct Jar(Vec<(String, String)>);

impl Jar {
    /// Reads the `Cookie` headers. Pairs that are not UTF-8 are left out.
    pub fn read(headers: &HeaderMap) -> Self {
        Self(pairs(headers).map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    /// The value of the first cookie of this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| &**value)
    }

    /// Every name, in order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| &**name)
    }
}

/// The value of the first cookie of this name in the headers of a request.
pub fn find<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    pairs(headers).find(|(known, _)| *known == name).map(|(_, value)| value)
}

/// Names and values (RFC 6265 5.4, read as servers do: quotes around a value are not part of it).
fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let lines = headers.get_all(header::COOKIE).iter();
    lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b';')).filter_map(|pair| {
        let (name, value) = std::str::from_utf8(pair).ok()?.split_once('=')?;
        let value = value.trim();
        let bare = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value);
        Some((name.trim(), bare))
    })
}
