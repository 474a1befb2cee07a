//! How long to wait, in words.

/// `1 second`, `10 seconds`, `2 minutes`, `3 hours`: in the largest unit of which there is more than one, rounded up.
pub fn in_words(seconds: u64) -> String {
    let (count, unit) = match seconds.max(1) {
        seconds if seconds < 120 => (seconds, "second"),
        seconds if seconds < 7_200 => (seconds.div_ceil(60), "minute"),
        seconds => (seconds.div_ceil(3_600), "hour"),
    };
    if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") }
}

/// The same of how long something works: `60 minutes`, `24 hours`.
pub fn life_in_words(life: time::Duration) -> String {
    in_words(life.whole_seconds().unsigned_abs())
}

/// What somebody reads who tried too often.
pub fn too_many_tries(seconds: u64) -> String {
    format!("Too many tries. Wait {} and try again.", in_words(seconds))
}

/// The same for somebody who can also do something about it.
pub fn too_many_passwords(seconds: u64) -> String {
    format!("Too many tries. Wait {} or reset your password.", in_words(seconds))
}

/// The same for somebody at their second step.
pub fn too_many_codes(seconds: u64) -> String {
    format!("Too many wrong codes. Wait {}, then try again.", in_words(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_rounded_up_to_what_a_person_waits() {
        for (seconds, words) in [
            (0, "1 second"),
            (1, "1 second"),
            (10, "10 seconds"),
            (119, "119 seconds"),
            (121, "3 minutes"),
            (900, "15 minutes"),
            (7_201, "3 hours"),
        ] {
            assert_eq!(in_words(seconds), words);
        }
        assert_eq!(life_in_words(time::Duration::hours(1)), "60 minutes");
        assert_eq!(life_in_words(time::Duration::hours(24)), "24 hours");
        assert_eq!(too_many_tries(10), "Too many tries. Wait 10 seconds and try again.");
        assert_eq!(
            too_many_passwords(900),
            "Too many tries. Wait 15 minutes or reset your password."
        );
        assert_eq!(too_many_codes(180), "Too many wrong codes. Wait 3 minutes, then try again.");
    }
}
