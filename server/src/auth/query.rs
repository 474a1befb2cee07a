//! Reads the parameters of a query as Better Auth's schemas do.

use serde_json::Value;

use super::error::AuthError;
use super::schema::expected;

/// Names and values in the order they came.
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    pub(super) fn read(query: Option<&str>) -> Self {
        let pairs = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes());
        Self(pairs.into_owned().collect())
    }

    /// The parameter as JSON has it: a parameter that is given twice is a list.
    pub(super) fn value(&self, name: &str) -> Option<Value> {
        let mut values: Vec<Value> = self
            .0
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.as_str().into())
            .collect();
        if values.len() > 1 { Some(Value::Array(values)) } else { values.pop() }
    }

    /// The parameter, if it was given once.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.value(name)?.as_str().map(str::to_owned)
    }

    /// The parameter, which must be there, and once.
    pub(super) fn required(&self, name: &str) -> Result<String, AuthError> {
        let value = self.value(name);
        match &value {
            Some(Value::String(text)) => Ok(text.clone()),
            other => {
                let problem = expected("string", other.as_ref());
                Err(AuthError::validation(&[format!("[query.{name}] {problem}")]))
            }
        }
    }
}
