//! What a password must be (NIST SP 800-63B: length, no rules of composition), and a rough word for its strength.

use crate::{Code, Email};

/// Fewest UTF-16 units unless the configuration says otherwise.
pub const MIN: usize = 12;
/// Most UTF-16 units.
pub const MAX: usize = 128;
/// Most bytes looked at, whatever they are.
pub const MAX_BYTES: usize = 1024;

/// Words of the product: a password made of them is a guess away.
const PRODUCT_WORDS: &[&str] = &["coffer"];
/// How every list of guesses begins.
const COMMON_STARTS: &[&str] =
    &["password", "passwort", "qwerty", "letmein", "welcome", "iloveyou", "admin", "abc123"];

/// Checks length (in UTF-16 units, as Better Auth counts), characters and the person's own words.
///
/// The list of common passwords is not here: it would not fit into a page.
pub fn check(password: &str, email: &Email, name: &str, min: usize) -> Result<(), Code> {
    check_length(password, min)?;
    if is_personal(password, email, name) { Err(Code::PasswordPersonal) } else { Ok(()) }
}

/// The part of [`check`] that needs nothing of the person.
pub fn check_length(password: &str, min: usize) -> Result<(), Code> {
    if password.is_empty() {
        return Err(Code::PasswordRequired);
    }
    if password.len() > MAX_BYTES {
        return Err(Code::PasswordTooLong);
    }
    // A lone surrogate can't reach a `str`; decoders put U+FFFD in its place.
    if password.contains(['\0', '\u{FFFD}']) {
        return Err(Code::PasswordCharacters);
    }
    match password.encode_utf16().count() {
        units if units < min => Err(Code::PasswordTooShort(u32::try_from(min).unwrap_or(u32::MAX))),
        units if units > MAX => Err(Code::PasswordTooLong),
        _ => Ok(()),
    }
}

/// True when hardly a letter is left once the person's address and name and the product's name are taken out.
fn is_personal(password: &str, email: &Email, name: &str) -> bool {
    let password = letters_and_digits(password);
    let domain = email.domain().split('.').next().unwrap_or_default();
    let mut words: Vec<String> = name.split_whitespace().map(letters_and_digits).collect();
    words.extend([
        letters_and_digits(name),
        letters_and_digits(email.as_str()),
        letters_and_digits(email.local()),
    ]);
    words.extend(email.local().split(['.', '+', '-', '_']).map(letters_and_digits));
    words.push(letters_and_digits(domain));
    words.extend(PRODUCT_WORDS.iter().map(|word| (*word).to_owned()));
    words.retain(|word| word.chars().count() >= 4);
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));

    let rest = words.iter().fold(password.clone(), |rest, word| rest.replace(word, " "));
    rest != password && rest.chars().filter(|c| c.is_alphabetic()).count() < 4
}

fn letters_and_digits(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A word beside the field while somebody types. Says nothing about lists of leaked passwords.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Shorter than allowed.
    TooShort,
    /// Allowed, and soon guessed.
    Weak,
    /// Good enough beside a second factor.
    Fine,
    /// Good on its own.
    Strong,
}

impl Strength {
    /// The word on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::TooShort => "Too short",
            Self::Weak => "Weak",
            Self::Fine => "Fine",
            Self::Strong => "Strong",
        }
    }

    /// The word in `data-state`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TooShort => "too-short",
            Self::Weak => "weak",
            Self::Fine => "fine",
            Self::Strong => "strong",
        }
    }
}

/// The strength under the usual minimum of [`MIN`].
pub fn strength(password: &str) -> Strength {
    strength_from(password, MIN)
}

/// The strength where the configuration has a minimum of its own.
pub fn strength_from(password: &str, min: usize) -> Strength {
    if password.encode_utf16().count() < min {
        return Strength::TooShort;
    }
    match bits(password) {
        ..50 => Strength::Weak,
        50..80 => Strength::Fine,
        _ => Strength::Strong,
    }
}

/// A cheap estimate: characters that don't follow from the one before, times what their kinds are worth.
fn bits(password: &str) -> usize {
    let mut text = password.chars().take(MAX).collect::<String>().to_lowercase();
    for start in COMMON_STARTS.iter().chain(PRODUCT_WORDS) {
        text = text.replace(start, "~");
    }
    let chars: Vec<char> = text.chars().collect();
    let steps = chars.windows(2).filter(|pair| !follows(pair)).count();
    let mut distinct = chars.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let counted = steps.saturating_add(1).min(distinct.len().saturating_mul(2));

    let has = |kind: fn(&char) -> bool| usize::from(password.chars().any(|c| kind(&c)));
    let letters = has(|c| c.is_lowercase()).saturating_add(has(|c| c.is_uppercase()));
    let others = has(char::is_ascii_digit).saturating_add(has(|c| !c.is_alphanumeric()));
    let worth = letters.saturating_add(others).saturating_add(2);
    counted.saturating_mul(worth)
}

/// The same character again, or the next one up or down: `aa`, `ab`, `21`.
fn follows(pair: &[char]) -> bool {
    matches!(pair, &[one, two] if u32::from(one).abs_diff(u32::from(two)) <= 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(password: &str) -> Result<(), Code> {
        check(password, &Email::parse("ada.lovelace@example.com").unwrap(), "Ada Lovelace", MIN)
    }

    #[test]
    fn length_is_counted_in_utf_16_units() {
        assert_eq!(checked("elevenchars"), Err(Code::PasswordTooShort(12)));
        assert_eq!(checked("twelve chars"), Ok(()));
        assert_eq!(checked("🔑🔒🔓🗝🛡🧱"), Ok(()), "six characters, twelve units");
        assert_eq!(checked(&"🔑🔒".repeat(32)), Ok(()));
        assert_eq!(checked(&("🔑🔒".repeat(32) + "x")), Err(Code::PasswordTooLong));
        assert_eq!(checked(""), Err(Code::PasswordRequired));
    }

    #[test]
    fn bytes_have_an_end_before_anything_is_counted() {
        assert_eq!(check_length(&"x".repeat(1025), 8), Err(Code::PasswordTooLong));
    }

    #[test]
    fn characters_that_hashes_and_decoders_lose_are_refused() {
        assert_eq!(checked("correct horse\0"), Err(Code::PasswordCharacters));
        assert_eq!(checked("correct horse\u{FFFD}"), Err(Code::PasswordCharacters));
        assert_eq!(checked("пароль на каждый день"), Ok(()));
    }

    #[test]
    fn the_persons_own_words_are_refused() {
        for password in [
            "ada.lovelace@example.com",
            "AdaLovelace1815",
            "lovelace-2026!!",
            "coffer-coffer-1",
            "Coffer!!!1234",
            "ADA LOVELACE 99",
        ] {
            assert_eq!(checked(password), Err(Code::PasswordPersonal), "{password}");
        }
        assert_eq!(checked("correct horse battery staple"), Ok(()));
        assert_eq!(checked("a coffer full of herrings"), Ok(()));
        assert_eq!(checked("837491827349"), Ok(()));
    }

    #[test]
    fn strength_follows_length_and_surprise() {
        assert_eq!(strength("short"), Strength::TooShort);
        assert_eq!(strength("aaaaaaaaaaaaaaaa"), Strength::Weak);
        assert_eq!(strength("1234567890123"), Strength::Weak);
        assert_eq!(strength("abcdefghijklmnop"), Strength::Weak);
        assert_eq!(strength("passwordpassword"), Strength::Weak);
        assert_eq!(strength("coffercoffer12"), Strength::Weak);
        assert_eq!(strength("Tr4vel-mug-9"), Strength::Fine);
        assert_eq!(strength("correct horse battery staple"), Strength::Strong);
        assert_eq!(strength_from("Tr4vel-m", 8), Strength::Weak);
        assert!(Strength::Weak < Strength::Strong);
    }
}
