//! Numbers of things.

/// A number in groups of three: `1,204`.
pub fn grouped(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut text = String::new();
    if n < 0 {
        text.push(crate::money::MINUS);
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && digits.len().saturating_sub(at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number and its noun, with an s unless there is one: `1 transaction`, `1,204 transactions`.
pub fn count(n: i64, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{} {noun}s", grouped(n)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_in_groups_of_three() {
        let shown = [0, 7, 999, 1_204, 50_000, 1_000_000, -1_500].map(grouped);

        assert_eq!(shown, ["0", "7", "999", "1,204", "50,000", "1,000,000", "−1,500"]);
    }

    #[test]
    fn one_is_not_a_plural() {
        assert_eq!(count(1, "transaction"), "1 transaction");
        assert_eq!(count(0, "account"), "0 accounts");
        assert_eq!(count(1_204, "transaction"), "1,204 transactions");
    }
}
