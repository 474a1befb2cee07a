//! What Polar answers, and when by its own clock.

use http::header;
use serde::Deserialize;
use serde_json::value::RawValue;
use time::{OffsetDateTime, format_description::well_known::Rfc2822};

use super::PolarError;
use crate::{
    billing::{
        apply::{Dated, Snapshot},
        instant::Micros,
        wire,
    },
    outgoing::Response,
};

/// An object in an answer.
pub struct Answer<T> {
    pub data: T,
    /// The `Date` of the answer. Our own clock never dates a picture of Polar's.
    at: Option<Micros>,
}

impl<T: for<'de> Deserialize<'de>> Answer<T> {
    pub fn read(response: &Response) -> Result<Self, PolarError> {
        let text = text(response)?;
        let data = wire::read(text).map_err(|_| PolarError::Unreadable)?;
        Ok(Self { data, at: date(response) })
    }
}

impl<T> Answer<T> {
    /// Another part of the same answer.
    pub fn map<U>(self, of: impl FnOnce(T) -> U) -> Answer<U> {
        Answer { data: of(self.data), at: self.at }
    }
}

impl<T: Dated> Answer<T> {
    /// The picture. One without a date is as old as the last write of its row.
    pub fn snapshot(self) -> Snapshot<T> {
        let version = self.data.version();
        Snapshot::new(self.data, self.at.unwrap_or(version))
    }
}

/// One page of a list.
pub struct Page<T> {
    pub items: Vec<Answer<T>>,
    /// How many pages there are.
    pub pages: i64,
}

#[derive(Deserialize)]
struct List {
    items: Vec<Box<RawValue>>,
    pagination: Pagination,
}

#[derive(Deserialize)]
struct Pagination {
    max_page: i64,
}

impl<T: for<'de> Deserialize<'de>> Page<T> {
    /// Reads what can be read: one broken object must not hide the others.
    pub fn read(response: &Response) -> Result<Self, PolarError> {
        let at = date(response);
        let list: List =
            serde_json::from_str(text(response)?).map_err(|_| PolarError::Unreadable)?;
        let mut items = Vec::with_capacity(list.items.len());
        for item in list.items {
            if let Ok(data) = wire::read(item.get()) {
                items.push(Answer { data, at });
            } else {
                tracing::error!("an object in a list of Polar's cannot be read");
            }
        }
        Ok(Self { items, pages: list.pagination.max_page })
    }
}

fn text(response: &Response) -> Result<&str, PolarError> {
    str::from_utf8(response.body()).map_err(|_| PolarError::Unreadable)
}

fn date(response: &Response) -> Option<Micros> {
    let date = response.headers().get(header::DATE)?.to_str().ok()?;
    OffsetDateTime::parse(date, &Rfc2822).ok().map(Micros::from)
}
