//! Passwords that are guessed first: the common ones, with their usual disguises, and the person's own words.

use domain::Code;
use zxcvbn::zxcvbn;

/// Fewer guesses than this are made in an afternoon, even against a slow sign-in page.
const MIN_GUESSES: u64 = 1_000_000;

/// Words that everybody would try here.
const OURS: [&str; 2] = ["coffer", "cofferapp"];

/// Why `password` would be among the first million guesses, if so.
pub(super) fn weakness(password: &str, about: &[String]) -> Option<Code> {
    let personal = words_about(about);
    let known: Vec<&str> = personal.iter().map(String::as_str).chain(OURS).collect();
    if zxcvbn(password, &known).guesses() >= MIN_GUESSES {
        return None;
    }
    let common = zxcvbn(password, &OURS).guesses() < MIN_GUESSES;
    Some(if common { Code::PasswordCommon } else { Code::PasswordPersonal })
}

/// Each value whole and in its parts: `ada.lovelace@example.com` is also `ada`, `lovelace` and `example`.
fn words_about(about: &[String]) -> Vec<String> {
    let whole = about.iter().cloned();
    let parts = about.iter().flat_map(|text| {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|part| part.chars().count() >= 3)
            .map(str::to_owned)
    });
    whole.chain(parts).filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weakness_of(password: &str) -> Option<Code> {
        let about = ["Zyxandra Quibblemore".to_owned(), "z.quibblemore@example.com".to_owned()];
        weakness(password, &about)
    }

    #[test]
    fn common_passwords_and_their_disguises_are_refused() {
        for password in [
            "password1234",
            "P@ssw0rd1234",
            "123456789012",
            "qwertyuiop12",
            "iloveyou1234",
            "aaaaaaaaaaaa",
            "coffercoffer",
        ] {
            assert_eq!(weakness_of(password), Some(Code::PasswordCommon), "{password}");
        }
    }

    #[test]
    fn the_persons_own_words_are_refused() {
        for password in ["z.quibblemore@example.com", "quibblemore1234", "ZyxandraQuibblemore"] {
            assert_eq!(weakness_of(password), Some(Code::PasswordPersonal), "{password}");
        }
    }

    #[test]
    fn passwords_nobody_guesses_early_pass() {
        for password in [
            "correct horse battery staple",
            "tr0ub4dor&3-waltz",
            "ein Igel im Nebel",
            "correct horse 1",
            "密码安全第一银行账户很重要",
        ] {
            assert_eq!(weakness_of(password), None, "{password}");
        }
    }

    #[test]
    fn the_longest_password_is_judged_quickly() {
        let long = "a1B2".repeat(32);
        let started = std::time::Instant::now();

        let _ = weakness_of(&long);

        assert!(started.elapsed() < std::time::Duration::from_secs(2));
    }
}
