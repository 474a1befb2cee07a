//! Reads the fields of a JSON body and keeps every problem for one answer, in the words of zod 4.

use serde_json::{Map, Value};

/// A body that is read field by field.
pub(super) struct Fields<'a> {
    body: &'a Map<String, Value>,
    /// Where these fields are: `body`, or `body.idToken` for an object inside.
    place: String,
    problems: Vec<String>,
}

impl<'a> Fields<'a> {
    pub(super) fn new(body: &'a Map<String, Value>) -> Self {
        Self { body, place: "body".to_owned(), problems: Vec::new() }
    }

    /// The fields of an object inside this one. Hand it back with [`Fields::adopt`].
    pub(super) fn inside(&self, name: &str, body: &'a Map<String, Value>) -> Self {
        Self { body, place: format!("{}.{name}", self.place), problems: Vec::new() }
    }

    /// Takes over what is wrong with an object inside.
    pub(super) fn adopt(&mut self, inside: Self) {
        self.problems.extend(inside.problems);
    }

    /// The field as it came.
    pub(super) fn value(&self, name: &str) -> Option<&'a Value> {
        self.body.get(name)
    }

    /// A string that must be there.
    pub(super) fn string(&mut self, name: &str) -> String {
        match self.body.get(name) {
            Some(Value::String(text)) => text.clone(),
            other => {
                self.expected("string", name, other);
                String::new()
            }
        }
    }

    /// A string of at least one character.
    pub(super) fn filled_string(&mut self, name: &str) -> String {
        let text = self.string(name);
        if text.is_empty() && self.body.get(name).is_some_and(Value::is_string) {
            self.problem(name, "Too small: expected string to have >=1 characters");
        }
        text
    }

    /// A string that must be an address.
    pub(super) fn email(&mut self, name: &str) -> String {
        let text = self.string(name);
        if !is_email(&text) && self.body.get(name).is_some_and(Value::is_string) {
            self.problem(name, "Invalid email address");
        }
        text
    }

    /// A string that may be absent; `null` is not absent.
    pub(super) fn optional_string(&mut self, name: &str) -> Option<String> {
        self.body.get(name)?;
        Some(self.string(name))
    }

    /// A truth value that may be absent.
    pub(super) fn optional_bool(&mut self, name: &str) -> Option<bool> {
        match self.body.get(name)? {
            Value::Bool(value) => Some(*value),
            other => {
                self.expected("boolean", name, Some(other));
                None
            }
        }
    }

    /// A whole number that may be absent.
    pub(super) fn optional_number(&mut self, name: &str) -> Option<i64> {
        match self.body.get(name)? {
            Value::Number(number) => number.as_i64(),
            other => {
                self.expected("number", name, Some(other));
                None
            }
        }
    }

    /// An object that must be there.
    pub(super) fn record(&mut self, name: &str) -> Value {
        match self.body.get(name) {
            Some(value @ Value::Object(_)) => value.clone(),
            other => {
                self.expected("record", name, other);
                Value::Null
            }
        }
    }

    /// A list of strings that may be absent.
    pub(super) fn optional_strings(&mut self, name: &str) -> Option<Vec<String>> {
        let Value::Array(items) = self.body.get(name)? else {
            self.expected("array", name, self.body.get(name));
            return None;
        };
        for (index, item) in items.iter().enumerate().filter(|(_, item)| !item.is_string()) {
            self.expected("string", &format!("{name}.{index}"), Some(item));
        }
        Some(items.iter().filter_map(Value::as_str).map(str::to_owned).collect())
    }

    /// Names and strings that may be absent.
    pub(super) fn optional_texts(&mut self, name: &str) -> Option<Vec<(String, String)>> {
        let record = self.optional_record(name)?;
        for (key, value) in record.iter().filter(|(_, value)| !value.is_string()) {
            self.expected("string", &format!("{name}.{key}"), Some(value));
        }
        let texts = record.iter().filter_map(|(key, value)| Some((key, value.as_str()?)));
        Some(texts.map(|(key, value)| (key.clone(), value.to_owned())).collect())
    }

    /// Names and values that may be absent.
    pub(super) fn optional_record(&mut self, name: &str) -> Option<&'a Map<String, Value>> {
        self.map("record", name)
    }

    /// An object that may be absent.
    pub(super) fn optional_object(&mut self, name: &str) -> Option<&'a Map<String, Value>> {
        self.map("object", name)
    }

    fn map(&mut self, kind: &str, name: &str) -> Option<&'a Map<String, Value>> {
        match self.body.get(name)? {
            Value::Object(map) => Some(map),
            other => {
                self.expected(kind, name, Some(other));
                None
            }
        }
    }

    /// A name that is not one of these.
    pub(super) fn stranger(&self, names: &[&str]) -> Option<&'a str> {
        self.body.keys().map(|name| &**name).find(|name| !names.contains(name))
    }

    /// A problem of the body as a whole.
    pub(super) fn whole(&mut self, text: &str) {
        self.problems.push(format!("[{}] {text}", self.place));
    }

    /// One of a few texts; the first where there is none.
    pub(super) fn one_of(&mut self, name: &str, texts: &[&'static str]) -> &'static str {
        let first = texts.first().copied().unwrap_or_default();
        let Some(value) = self.body.get(name) else { return first };
        let known = texts.iter().copied().find(|text| value.as_str() == Some(text));
        known.unwrap_or_else(|| {
            let mut sorted = texts.to_vec();
            sorted.sort_unstable();
            let listed = sorted.join("\"|\"");
            self.problem(name, &format!("Invalid option: expected one of \"{listed}\""));
            first
        })
    }

    /// What does not fit, in the order the fields were read.
    pub(super) fn problems(self) -> Vec<String> {
        self.problems
    }

    fn expected(&mut self, kind: &str, name: &str, received: Option<&Value>) {
        self.problem(name, &expected(kind, received));
    }

    /// A problem of one field.
    pub(super) fn problem(&mut self, name: &str, text: &str) {
        self.problems.push(format!("[{}.{name}] {text}", self.place));
    }
}

/// `Invalid input: expected object, received undefined`.
pub(super) fn expected(kind: &str, received: Option<&Value>) -> String {
    let received = match received {
        None => "undefined",
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "boolean",
        Some(Value::Number(_)) => "number",
        Some(Value::String(_)) => "string",
        Some(Value::Array(_)) => "array",
        Some(Value::Object(_)) => "object",
    };
    format!("Invalid input: expected {kind}, received {received}")
}

/// Better Auth's idea of an address: letters, digits and `_ ' + - .` before the `@`; labels of letters, digits
/// and hyphens behind it, the last of letters alone.
pub(super) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_'+-.".contains(&byte);
    let local_holds = !local.is_empty()
        && local.bytes().all(plain)
        && !local.starts_with('.')
        && !local.contains("..")
        && !local.ends_with(['.', '\'']);
    let is_label = |label: &str| {
        label.starts_with(|first: char| first.is_ascii_alphanumeric())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let is_top = |top: &str| top.len() >= 2 && top.bytes().all(|byte| byte.is_ascii_alphabetic());
    let domain_holds = domain
        .rsplit_once('.')
        .is_some_and(|(labels, top)| labels.split('.').all(is_label) && is_top(top));
    local_holds && domain_holds
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn problems_come_in_order_and_in_zods_words() {
        let body = json!({ "name": null, "email": "x", "password": "", "image": null, "rememberMe": "no" });
        let mut fields = Fields::new(body.as_object().unwrap());

        fields.string("name");
        fields.email("email");
        fields.filled_string("password");
        fields.optional_string("image");
        assert_eq!(fields.optional_string("callbackURL"), None);
        fields.optional_bool("rememberMe");
        fields.string("other");

        assert_eq!(
            fields.problems(),
            [
                "[body.name] Invalid input: expected string, received null",
                "[body.email] Invalid email address",
                "[body.password] Too small: expected string to have >=1 characters",
                "[body.image] Invalid input: expected string, received null",
                "[body.rememberMe] Invalid input: expected boolean, received string",
                "[body.other] Invalid input: expected string, received undefined",
            ]
        );
    }

    #[test]
    fn lists_records_and_objects_inside_are_read_to_their_last_value() {
        let body = json!({ "scopes": ["a", 1], "params": { "hd": 1 }, "data": [], "inner": { "at": "x" } });
        let mut fields = Fields::new(body.as_object().unwrap());

        assert_eq!(fields.optional_strings("scopes"), Some(vec!["a".to_owned()]));
        assert_eq!(fields.optional_texts("params"), Some(Vec::new()));
        assert!(fields.optional_record("data").is_none());
        let inner = fields.optional_object("inner").unwrap();
        let mut inside = fields.inside("inner", inner);
        inside.optional_number("at");
        inside.string("token");
        fields.adopt(inside);
        assert_eq!(fields.stranger(&["scopes", "params", "inner"]), Some("data"));

        assert_eq!(
            fields.problems(),
            [
                "[body.scopes.1] Invalid input: expected string, received number",
                "[body.params.hd] Invalid input: expected string, received number",
                "[body.data] Invalid input: expected record, received array",
                "[body.inner.at] Invalid input: expected number, received string",
                "[body.inner.token] Invalid input: expected string, received undefined",
            ]
        );
    }

    #[test]
    fn addresses_are_judged_as_better_auth_judges_them() {
        for text in ["a@b.co", "Ann.Lee+x@Example.com", "o'brien@a-b.example", "a-@b.co", "1@2.co"]
        {
            assert!(is_email(text), "{text}");
        }
        for text in [
            "",
            "a",
            "@b.co",
            "a@",
            "a@b",
            "a@b.c",
            "a@b.c1",
            ".a@b.co",
            "a.@b.co",
            "a'@b.co",
            "a..b@b.co",
            " a@b.co",
            "a@b.co ",
            "a@@b.co",
            "a@b..co",
            "a@-b.co",
            "a!b@b.co",
            "ä@b.co",
            "a@b.xn--p1ai",
            "a\0@b.co",
        ] {
            assert!(!is_email(text), "{text:?}");
        }
    }
}
