//! The fields of a body, checked as Polar checks them.

use url::Url;
use uuid::Uuid;

use super::extract::uuid4;
use crate::{
    json::Json,
    model::Address,
    moment::{Interval, Moment},
    refusal::Refusal,
};

/// How many entries metadata has, and how long keys and values are, at most.
const METADATA: (usize, usize, usize) = (50, 40, 500);

/// The fields of a body.
pub struct Fields<'a> {
    json: &'a Json,
    /// The name of the body's kind, where Polar tells it.
    kind: Option<&'a str>,
}

type Read<T> = Result<Option<T>, Refusal>;

impl<'a> Fields<'a> {
    /// Of a body.
    pub const fn of(json: &'a Json) -> Self {
        Self { json, kind: None }
    }

    /// Of a body whose kind Polar names in errors.
    pub const fn of_kind(json: &'a Json, kind: &'a str) -> Self {
        Self { json, kind: Some(kind) }
    }

    fn wrong(&self, key: &str, kind: &str, message: &str, input: &Json) -> Refusal {
        let place: Vec<&str> = [Some("body"), self.kind, Some(key)].into_iter().flatten().collect();
        Refusal::shape(kind, &place, message, input)
    }

    /// It must be there.
    pub fn need<T>(&self, key: &str, value: Option<T>) -> Result<T, Refusal> {
        value.ok_or_else(|| {
            let place: Vec<&str> =
                [Some("body"), self.kind, Some(key)].into_iter().flatten().collect();
            Refusal::missing(&place, self.json)
        })
    }

    /// It was sent, also as null.
    pub fn has(&self, key: &str) -> bool {
        self.json.get(key).is_some()
    }

    /// Text.
    pub fn text(&self, key: &str) -> Read<String> {
        self.json
            .given(key)
            .map(|value| {
                value.as_str().map(str::to_owned).ok_or_else(|| {
                    self.wrong(key, "string_type", "Input should be a valid string", value)
                })
            })
            .transpose()
    }

    /// One of these words.
    pub fn word(&self, key: &str, words: &[&str]) -> Read<String> {
        let Some(word) = self.text(key)? else { return Ok(None) };
        if words.contains(&word.as_str()) {
            return Ok(Some(word));
        }
        let message = format!("Input should be '{}'", words.join("', '"));
        Err(self.wrong(key, "enum", &message, &Json::from(word)))
    }

    /// An e-mail address.
    pub fn email(&self, key: &str) -> Read<String> {
        let Some(email) = self.text(key)? else { return Ok(None) };
        if is_email(&email) {
            return Ok(Some(email));
        }
        let message = "value is not a valid email address";
        Err(self.wrong(key, "value_error", message, &Json::from(email)))
    }

    /// A whole number.
    pub fn int(&self, key: &str) -> Read<i64> {
        self.json
            .given(key)
            .map(|value| {
                value.as_i64().ok_or_else(|| {
                    self.wrong(key, "int_type", "Input should be a valid integer", value)
                })
            })
            .transpose()
    }

    /// Yes or no.
    pub fn bool(&self, key: &str) -> Read<bool> {
        self.json
            .given(key)
            .map(|value| {
                value.as_bool().ok_or_else(|| {
                    self.wrong(key, "bool_type", "Input should be a valid boolean", value)
                })
            })
            .transpose()
    }

    /// A UUID.
    pub fn uuid(&self, key: &str) -> Read<Uuid> {
        self.json.given(key).map(|value| self.as_uuid(key, value)).transpose()
    }

    fn as_uuid(&self, key: &str, value: &Json) -> Result<Uuid, Refusal> {
        value
            .as_str()
            .and_then(uuid4)
            .ok_or_else(|| self.wrong(key, "uuid_parsing", "Input should be a valid UUID", value))
    }

    /// A list of UUIDs.
    pub fn uuids(&self, key: &str) -> Read<Vec<Uuid>> {
        self.json
            .given(key)
            .map(|value| match value {
                Json::List(items) => items.iter().map(|item| self.as_uuid(key, item)).collect(),
                other => Err(self.wrong(key, "list_type", "Input should be a valid list", other)),
            })
            .transpose()
    }

    /// A web address, as it was written.
    pub fn url(&self, key: &str) -> Read<String> {
        let Some(text) = self.text(key)? else { return Ok(None) };
        let is_web = Url::parse(&text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        if is_web {
            return Ok(Some(text));
        }
        Err(self.wrong(key, "url_parsing", "Input should be a valid URL", &Json::from(text)))
    }

    /// An instant.
    pub fn moment(&self, key: &str) -> Read<Moment> {
        let Some(text) = self.text(key)? else { return Ok(None) };
        Moment::parse(&text).map(Some).ok_or_else(|| {
            let message = "Input should be a valid datetime";
            self.wrong(key, "datetime_from_date_parsing", message, &Json::from(text))
        })
    }

    /// A length of time: `trial_interval` and `trial_interval_count`.
    pub fn trial(&self) -> Read<(Interval, i64)> {
        let interval = self.word("trial_interval", &["day", "week", "month", "year"])?;
        let count = self.int("trial_interval_count")?;
        Ok(interval.as_deref().and_then(Interval::parse).zip(count.filter(|count| *count > 0)))
    }

    /// An object of text, numbers and truth values.
    pub fn metadata(&self, key: &str) -> Read<Json> {
        let Some(value) = self.json.given(key) else { return Ok(None) };
        let (most, longest_key, longest_value) = METADATA;
        let is_object = matches!(value, Json::Object(_));
        let fits = value.entries().iter().all(|(name, value)| {
            name.chars().count() <= longest_key
                && match value {
                    Json::Text(text) => text.chars().count() <= longest_value,
                    Json::Number(_) | Json::Bool(_) => true,
                    _ => false,
                }
        });
        if is_object && fits && value.entries().len() <= most {
            return Ok(Some(value.clone()));
        }
        let message = "Metadata must have at most 50 short keys with text, numbers or booleans";
        Err(self.wrong(key, "value_error", message, value))
    }

    /// An address.
    pub fn address(&self, key: &str) -> Read<Address> {
        let Some(value) = self.json.given(key) else { return Ok(None) };
        let inner = Fields::of_kind(value, key);
        let country = inner.need("country", inner.text("country")?)?;
        Ok(Some(Address {
            line1: inner.text("line1")?,
            line2: inner.text("line2")?,
            postal_code: inner.text("postal_code")?,
            city: inner.text("city")?,
            state: inner.text("state")?,
            country,
        }))
    }

    /// Other keys are refused.
    pub fn only(&self, keys: &[&str]) -> Result<(), Refusal> {
        match self.json.entries().iter().find(|(key, _)| !keys.contains(&key.as_str())) {
            Some((key, value)) => {
                let message = "Extra inputs are not permitted";
                Err(self.wrong(key, "extra_forbidden", message, value))
            }
            None => Ok(()),
        }
    }
}

/// It looks like an e-mail address. Domains are not asked: made-up ones are welcome here.
pub fn is_email(text: &str) -> bool {
    text.len() <= 254
        && !text.contains(char::is_whitespace)
        && text.split_once('@').is_some_and(|(name, domain)| {
            !name.is_empty() && domain.contains('.') && !domain.contains('@')
        })
}
