//! How far a provider's own proof of an account is.

/// Plaid's `verification_status` in our words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProviderVerification {
    /// Deposits are to come, or on their way, and nobody is asked for anything: `sent`.
    Sent,
    /// The deposits can be looked up and answered: `posted`.
    Posted,
    /// Proven: `verified`.
    Verified,
    /// Plausible and no more: the account stays pending, and deposits of ours decide.
    UseDeposits,
    /// Refuted, or every try used: `failed`.
    Failed,
    /// Not answered in time: `expired`.
    Expired,
}

/// Reads Plaid's `verification_status`. Nothing when there is none, and for words that Plaid did not have yet.
pub fn plaid_verification(status: &str) -> Option<ProviderVerification> {
    Some(match status {
        "unsent" | "pending_automatic_verification" | "database_insights_pending" => {
            ProviderVerification::Sent
        }
        "pending_manual_verification" => ProviderVerification::Posted,
        "automatically_verified"
        | "manually_verified"
        | "database_matched"
        | "database_insights_pass" => ProviderVerification::Verified,
        "database_insights_pass_with_caution" => ProviderVerification::UseDeposits,
        "database_insights_fail" | "verification_failed" => ProviderVerification::Failed,
        "verification_expired" => ProviderVerification::Expired,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_of_plaid_has_one_of_ours() {
        use ProviderVerification::{Expired, Failed, Posted, Sent, UseDeposits, Verified};
        let cases = [
            ("unsent", Sent),
            ("pending_automatic_verification", Sent),
            ("database_insights_pending", Sent),
            ("pending_manual_verification", Posted),
            ("automatically_verified", Verified),
            ("manually_verified", Verified),
            ("database_matched", Verified),
            ("database_insights_pass", Verified),
            ("database_insights_pass_with_caution", UseDeposits),
            ("database_insights_fail", Failed),
            ("verification_failed", Failed),
            ("verification_expired", Expired),
        ];
        for (status, expected) in cases {
            assert_eq!(plaid_verification(status), Some(expected), "{status}");
        }
        for status in ["", "Verified", "something_new"] {
            assert_eq!(plaid_verification(status), None, "{status}");
        }
    }
}
