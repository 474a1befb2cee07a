//! The shop behind a bank's text: `SQ *BLUE BOTTLE 0231 SEATTLE WA` is `blue bottle`.

use crate::fingerprint::normalise_description;

/// Words banks and payment fronts put first. After a front such as `sq *` stands the name of the shop itself.
const PREFIXES: &[&str] = &[
    "debit card purchase ",
    "checkcard ",
    "paypal *",
    "pos ",
    "ach ",
    "tst*",
    "sq *",
    "sq*",
    "pp*",
    "paypal*",
];

/// US states and territories as the post writes them.
const STATES: &[&str] = &[
    "ak", "al", "ar", "az", "ca", "co", "ct", "dc", "de", "fl", "ga", "gu", "hi", "ia", "id", "il",
    "in", "ks", "ky", "la", "ma", "md", "me", "mi", "mn", "mo", "ms", "mt", "nc", "nd", "ne", "nh",
    "nj", "nm", "nv", "ny", "oh", "ok", "or", "pa", "pr", "ri", "sc", "sd", "tn", "tx", "ut", "va",
    "vi", "vt", "wa", "wi", "wv", "wy",
];

/// How many words a key has at most.
const TOKENS: usize = 3;

/// The key under which rows of one shop come together: lower case, at most three words. Empty for an empty text.
pub fn key(description: &str) -> String {
    key_in(description, None)
}

/// The same, when the provider says which city the shop is in: that name is dropped from the end.
pub fn key_in(description: &str, city: Option<&str>) -> String {
    let text = normalise_description(description);
    let named = drop_prefixes(&text);
    let mut tokens: Vec<&str> = named
        .get(..cut(named))
        .unwrap_or(named)
        .split(' ')
        .filter(|token| !token.is_empty())
        .collect();
    if tokens.is_empty() {
        tokens = text.split(' ').filter(|token| !token.is_empty()).collect();
    }
    drop_place(&mut tokens, city);
    tokens.truncate(TOKENS);
    tokens.join(" ").trim_end_matches([',', '-', ':', '/', '.']).to_owned()
}

/// The key as a name for the screen: `Trader Joes`. Nothing for an empty text.
pub fn display_name(description: &str) -> Option<String> {
    let key = key(description);
    let words: Vec<String> = key.split(' ').map(capitalised).collect();
    Some(words.join(" ")).filter(|name| !name.is_empty())
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn drop_prefixes(text: &str) -> &str {
    let mut rest = text;
    while let Some(shorter) = PREFIXES.iter().find_map(|prefix| rest.strip_prefix(prefix)) {
        rest = shorter.trim_start();
    }
    rest
}

/// Where the name ends: at `*`, `#`, a telephone number, the path of an address, or four digits in a row.
fn cut(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut digits = 0_usize;
    let mut token = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        let here = text.get(token..at).unwrap_or_default();
        match byte {
            b' ' => token = at.saturating_add(1),
            b'*' | b'#' => return at,
            b'/' if here.contains('.') => return at,
            _ => {}
        }
        digits = if byte.is_ascii_digit() { digits.saturating_add(1) } else { 0 };
        if digits == 4 {
            return at.saturating_sub(3);
        }
        let starts = at == 0 || bytes.get(at.saturating_sub(1)) == Some(&b' ');
        if starts && bytes.get(at..).is_some_and(is_telephone) {
            return at;
        }
    }
    text.len()
}

/// A North American number with separators: `866-579-7172`, `(800) 555-1234`, `+1 800.555.1234`.
fn is_telephone(bytes: &[u8]) -> bool {
    let digits = |bytes: &[u8]| bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    let skip = |bytes: &'_ [u8], any: &[u8]| -> usize {
        bytes.iter().take_while(|b| any.contains(b)).count().min(2)
    };
    let mut rest = bytes;
    for country in [&b"+1"[..], b"1-", b"1 "] {
        if let Some(after) = rest.strip_prefix(country) {
            rest = after.get(skip(after, b" -.")..).unwrap_or_default();
            break;
        }
    }
    rest = rest.strip_prefix(b"(").unwrap_or(rest);
    for count in [3, 3] {
        if digits(rest) != count {
            return false;
        }
        rest = rest.get(count..).unwrap_or_default();
        let between = skip(rest, b") -.");
        if between == 0 {
            return false;
        }
        rest = rest.get(between..).unwrap_or_default();
    }
    digits(rest) == 4
}

/// Drops a state and a known city from the end, as long as something stands before them.
fn drop_place(tokens: &mut Vec<&str>, city: Option<&str>) {
    if tokens.len() > 1 && tokens.last().is_some_and(|last| STATES.contains(last)) {
        tokens.pop();
    }
    let Some(city) = city.map(normalise_description) else { return };
    let words: Vec<&str> = city.split(' ').filter(|word| !word.is_empty()).collect();
    if tokens.len() > words.len() && tokens.ends_with(&words) {
        tokens.truncate(tokens.len().saturating_sub(words.len()));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_shop_is_found_in_the_banks_text() {
        let cases = [
            ("SQ *BLUE BOTTLE 0231 SEATTLE WA", "blue bottle"),
            ("AMAZON.COM*5C7QC7 AMZN.COM/BILL", "amazon.com"),
            ("POS TRADER JOES #552", "trader joes"),
            ("PAYPAL *SPOTIFY", "spotify"),
            ("POS DEBIT CARD PURCHASE  TST* Corner Bistro", "corner bistro"),
            ("NETFLIX.COM 866-579-7172 CA", "netflix.com"),
            ("UBER (800) 592-8996", "uber"),
            ("AIRLINE +1 800.555.1234 TX", "airline"),
            ("HELP.UBER.COM/TRIP AMSTERDAM", "help.uber.com"),
            ("CORNER MARKET OAKLAND CA", "corner market oakland"),
            ("7-ELEVEN 34567", "7-eleven"),
            ("ACH Electric Works", "electric works"),
            ("POSTBANK", "postbank"),
            ("WA", "wa"),
            ("1234 5678", "1234 5678"),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(key(text), expected, "{text}");
        }
    }

    #[test]
    fn a_city_the_provider_names_is_dropped() {
        assert_eq!(key_in("CORNER MARKET OAKLAND CA", Some("Oakland")), "corner market");
        assert_eq!(key_in("DELI NEW YORK NY", Some("New York")), "deli");
        assert_eq!(key_in("OAKLAND", Some("Oakland")), "oakland");
    }

    #[test]
    fn a_name_for_the_screen_has_capitals() {
        assert_eq!(display_name("POS TRADER JOES #552").as_deref(), Some("Trader Joes"));
        assert_eq!(display_name("  "), None);
    }

    proptest! {
        #[test]
        fn a_key_has_three_words_at_most(text in "\\PC{0,60}") {
            let key = key(&text);
            prop_assert!(key.split(' ').count() <= 3);
            prop_assert_eq!(key.trim(), key.as_str());
        }
    }
}
