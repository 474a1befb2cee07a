//! The query part of an address as a list of pairs, in the form a browser sends it.

use url::form_urlencoded;

/// Pairs in the order they stand in the address.
pub type Pairs = Vec<(String, String)>;

/// Splits `a=1&b=2`; a leading question mark is dropped.
pub fn parse(query: &str) -> Pairs {
    form_urlencoded::parse(query.strip_prefix('?').unwrap_or(query).as_bytes())
        .into_owned()
        .collect()
}

/// Joins pairs to `a=1&b=2`, with what needs it percent-encoded.
pub fn encode<K: AsRef<str>, V: AsRef<str>>(pairs: &[(K, V)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs.iter().map(|(name, value)| (name.as_ref(), value.as_ref())))
        .finish()
}

/// The first value under this name, trimmed; an empty one counts as absent, as plain forms send empty fields.
pub fn value<'p, K: AsRef<str>, V: AsRef<str>>(pairs: &'p [(K, V)], name: &str) -> Option<&'p str> {
    pairs
        .iter()
        .find(|(key, _)| key.as_ref() == name)
        .map(|(_, value)| value.as_ref().trim())
        .filter(|value| !value.is_empty())
}

/// Every value under this name, trimmed, without empty ones.
pub(crate) fn values<'p, K: AsRef<str>, V: AsRef<str>>(
    pairs: &'p [(K, V)],
    name: &str,
) -> impl Iterator<Item = &'p str> {
    pairs
        .iter()
        .filter(move |(key, _)| key.as_ref() == name)
        .map(|(_, value)| value.as_ref().trim())
        .filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_survive_the_way_through_an_address() {
        let pairs = parse("?q=caf%C3%A9+noir&from=2026-05-01&q=second");

        assert_eq!(value(&pairs, "q"), Some("café noir"));
        assert_eq!(encode(&pairs), "q=caf%C3%A9+noir&from=2026-05-01&q=second");
    }

    #[test]
    fn a_name_can_stand_several_times() {
        let pairs = parse("tag=a&q=x&tag=+&tag=b");

        assert_eq!(values(&pairs, "tag").collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn an_empty_field_counts_as_absent() {
        assert_eq!(value(&parse("q=++&type="), "q"), None);
        assert_eq!(value(&parse("q=++&type="), "type"), None);
    }
}
