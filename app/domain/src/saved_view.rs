//! A filter of the list of transactions under a name.

use serde::{Deserialize, Serialize};

use crate::form::Errors;
use crate::{Code, FieldError, TransactionFilter, query, text};

/// Most views of one person.
pub const MOST: i64 = 20;
/// Most characters of a name.
pub const NAME_MAX: usize = 40;
/// Most bytes of a filter as it stands in an address.
const QUERY_MAX: usize = 2_000;

/// A view as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ViewForm {
    /// `name`
    pub name: String,
    /// `query`: the filters as they stand in the address of the list.
    pub query: String,
}

/// A checked view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// What it is called.
    pub name: String,
    /// The filters alone, in their usual order.
    pub query: String,
}

impl ViewForm {
    /// Checks everything and gives all errors at once.
    pub fn parse(&self) -> Result<View, Vec<FieldError>> {
        let mut errors = Errors::default();
        let name = errors.take("name", name(&self.name));
        let query = errors.take("query", filter(&self.query));
        errors.finish(name.zip(query).map(|(name, query)| View { name, query }))
    }
}

fn name(typed: &str) -> Result<String, Code> {
    let name = text::clean_line(typed, NAME_MAX)?;
    if name.is_empty() { Err(Code::TextRequired) } else { Ok(name) }
}

/// The filters of an address, without the page and whatever else stands there. One that lets everything through is none.
fn filter(typed: &str) -> Result<String, Code> {
    let filter = TransactionFilter::from_query(&query::parse(typed.trim()));
    let query = filter.map_err(|_| Code::ViewQuery)?.to_query();
    if query.is_empty() || query.len() > QUERY_MAX { Err(Code::ViewQuery) } else { Ok(query) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(name: &str, query: &str) -> Result<View, Vec<(String, String)>> {
        ViewForm { name: name.to_owned(), query: query.to_owned() }
            .parse()
            .map_err(|errors| errors.into_iter().map(|error| (error.field, error.code)).collect())
    }

    #[test]
    fn a_view_keeps_its_filters_and_nothing_else_of_the_address() {
        let view = parse(" Cafés ", "page=3&row=x&q=coffee&cursor=y").unwrap();

        assert_eq!((&*view.name, &*view.query), ("Cafés", "q=coffee"));
    }

    #[test]
    fn a_view_has_a_name_and_a_filter() {
        let errors = parse(" ", "page=2").unwrap_err();

        let codes: Vec<(&str, &str)> = errors.iter().map(|(f, c)| (&**f, &**c)).collect();
        assert_eq!(codes, [("name", "text_required"), ("query", "view_query")]);
        assert!(parse("x", &format!("q={}", "x".repeat(3_000))).is_err());
        assert!(parse(&"x".repeat(40), "q=x").is_ok() && parse(&"x".repeat(41), "q=x").is_err());
    }
}
