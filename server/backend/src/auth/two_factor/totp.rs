//! Codes of authenticator apps: TOTP (RFC 6238) over HMAC-SHA-1, six digits, 30 seconds, one step either way.

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, Mac};
use percent_encoding::utf8_percent_encode;
use sha1::Sha1;
use subtle::ConstantTimeEq;
use time::OffsetDateTime;

use crate::auth::COMPONENT;

/// Seconds in which one code holds.
const PERIOD: i64 = 30;
/// Steps before and after the current one whose codes count, for clocks that are not exact.
const TOLERANCE: i64 = 1;

/// The step, current or one beside it, whose code `text` is. All are compared, each in constant time.
pub(super) fn matching_step(key: &[u8], text: &str, now: OffsetDateTime) -> Option<i64> {
    let current = now.unix_timestamp().div_euclid(PERIOD);
    let mut found = None;
    for step in current - TOLERANCE..=current + TOLERANCE {
        if bool::from(code(key, step).as_bytes().ct_eq(text.as_bytes())) {
            found = Some(step);
        }
    }
    found
}

/// The code of one step: HOTP (RFC 4226) over the number of the step.
pub(super) fn code(key: &[u8], step: i64) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest[19] & 0x0F);
    let mut word = [0; 4];
    word.copy_from_slice(&digest[offset..offset + 4]);
    format!("{:06}", (u32::from_be_bytes(word) & 0x7FFF_FFFF) % 1_000_000)
}

/// The address that an app scans, in the form and order of Better Auth.
pub(super) fn uri(issuer: &str, account: &str, key: &[u8]) -> String {
    let label = |text: &str| utf8_percent_encode(text, COMPONENT).to_string();
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("secret", &BASE32_NOPAD.encode(key))
        .append_pair("issuer", issuer)
        .append_pair("digits", "6")
        .append_pair("period", "30")
        .finish();
    format!("otpauth://totp/{}:{}?{query}", label(issuer), label(account))
}

#[cfg(test)]
mod tests {
    use time::{Duration, macros::datetime};

    use super::*;

    const KEY: &[u8] = b"12345678901234567890";

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // Appendix B, SHA-1; the RFC shows eight digits, apps the last six of them.
        for (seconds, eight) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(code(KEY, seconds / PERIOD), eight[2..], "{seconds}");
        }
    }

    #[test]
    fn codes_are_those_of_rfc_4226() {
        let codes: Vec<_> = (0..10).map(|count| code(KEY, count)).collect();

        assert_eq!(
            codes,
            [
                "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583",
                "399871", "520489"
            ]
        );
    }

    #[test]
    fn one_step_either_way_counts_and_says_which_it_was() {
        let now = datetime!(2026-05-04 12:00:10 UTC);
        let step = now.unix_timestamp() / PERIOD;
        let right = code(KEY, step);

        for (moved, expected) in
            [(-60, None), (-30, Some(step)), (0, Some(step)), (30, Some(step)), (60, None)]
        {
            let at = now + Duration::seconds(moved);
            assert_eq!(matching_step(KEY, &right, at), expected, "{moved}");
        }
    }

    #[test]
    fn only_six_digits_are_a_code() {
        let now = datetime!(2026-05-04 12:00 UTC);
        let right = code(KEY, now.unix_timestamp() / PERIOD);

        for text in ["", &right[..5], &format!("{right}0"), &format!(" {right}"), "000000\0"] {
            assert_eq!(matching_step(KEY, text, now), None, "{text:?}");
        }
    }

    #[test]
    fn the_address_is_the_one_better_auth_writes() {
        let key = b"dRhzht5Fpr9N2-xVMd60uIMFiAFTqMZc";

        assert_eq!(
            uri("My App", "ann@example.com", key),
            format!(
                "otpauth://totp/My%20App:ann%40example.com?secret={}&issuer=My+App&digits=6&period=30",
                BASE32_NOPAD.encode(key)
            )
        );
    }
}
