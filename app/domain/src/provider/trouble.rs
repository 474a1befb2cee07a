//! Why a provider did not do what it was asked: seven kinds, and what a person reads.

use crate::Code;

/// Plaid's code for pages that changed while they were read: read again from the first one. Not a kind of trouble.
pub const PAGES_CHANGED: &str = "TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION";

const SIGN_IN: &str = "{Bank} needs you to sign in again.";
const CHOOSE_AGAIN: &str = "{Bank} didn't share these accounts. Choose them again.";
const NONE_SHARED: &str = "No checking or savings account was shared.";
const FETCHING: &str = "Still fetching. This can take a few minutes.";
const NOT_ANSWERING: &str = "{Bank} isn't answering. We'll keep trying; nothing is lost.";
const ENDED: &str = "This connection has ended. Link the bank again.";
const OUR_SIDE: &str = "Something is wrong on our side. We've been told.";

words! {
    /// What kind of trouble: what to do follows from it alone.
    pub enum TroubleKind (Code::OptionUnknown) {
        /// The person must sign in at the bank again.
        NeedsLogin = "needs_login", "Sign in at the bank";
        /// The person did not share what is needed.
        NeedsConsent = "needs_consent", "Choose accounts";
        /// Still being fetched: later.
        NotReady = "not_ready", "Being fetched";
        /// The bank does not answer: later, by itself.
        InstitutionDown = "institution_down", "Bank not answering";
        /// Too many requests: later, and nobody needs to know.
        RateLimited = "rate_limited", "Waiting";
        /// We asked wrongly: somebody of ours must look.
        BadRequest = "bad_request", "Our side";
        /// The connection has ended.
        Gone = "gone", "Ended";
    }
}

impl TroubleKind {
    /// What a person reads, where only the kind is known. Nothing for what is tried again without a word.
    pub fn sentence(self, bank: &str) -> Option<String> {
        Trouble::of(self).sentence(bank)
    }

    /// True when only the person can put it right.
    pub const fn needs_person(self) -> bool {
        matches!(self, Self::NeedsLogin | Self::NeedsConsent | Self::Gone)
    }
}

/// A kind of trouble and the sentence for this case of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What to do.
    pub kind: TroubleKind,
    sentence: Option<&'static str>,
}

impl Trouble {
    /// The usual case of a kind.
    pub const fn of(kind: TroubleKind) -> Self {
        let sentence = match kind {
            TroubleKind::NeedsLogin => Some(SIGN_IN),
            TroubleKind::NeedsConsent => Some(CHOOSE_AGAIN),
            TroubleKind::NotReady => Some(FETCHING),
            TroubleKind::InstitutionDown => Some(NOT_ANSWERING),
            TroubleKind::RateLimited => None,
            TroubleKind::BadRequest => Some(OUR_SIDE),
            TroubleKind::Gone => Some(ENDED),
        };
        Self { kind, sentence }
    }

    /// The person shared no account that can be paid from, and nothing else is wrong.
    pub const fn none_shared() -> Self {
        Self { kind: TroubleKind::NeedsConsent, sentence: Some(NONE_SHARED) }
    }

    /// What a person reads, with the bank's name in it. Nothing for what is tried again without a word.
    pub fn sentence(&self, bank: &str) -> Option<String> {
        let bank = if bank.trim().is_empty() { "Your bank" } else { bank };
        self.sentence.map(|sentence| sentence.replace("{Bank}", bank))
    }
}

/// Reads Plaid's `error_type` and `error_code`. What is not known is our fault until somebody has looked.
pub fn plaid_trouble(error_type: &str, error_code: &str) -> Trouble {
    let kind = match error_code {
        "NO_ACCOUNTS" | "NO_AUTH_ACCOUNTS" => {
            return Trouble::none_shared();
        }
        _ if error_type == "RATE_LIMIT_EXCEEDED" => TroubleKind::RateLimited,
        "ITEM_LOGIN_REQUIRED"
        | "INVALID_CREDENTIALS"
        | "INVALID_MFA"
        | "ITEM_LOCKED"
        | "USER_SETUP_REQUIRED" => TroubleKind::NeedsLogin,
        "ACCESS_NOT_GRANTED" | "INSUFFICIENT_CREDENTIALS" => TroubleKind::NeedsConsent,
        "PRODUCT_NOT_READY" => TroubleKind::NotReady,
        "INSTITUTION_DOWN" | "INSTITUTION_NOT_RESPONDING" => TroubleKind::InstitutionDown,
        "ITEM_NOT_FOUND" | "INVALID_ACCESS_TOKEN" | "INSTITUTION_NO_LONGER_SUPPORTED" => {
            TroubleKind::Gone
        }
        _ => TroubleKind::BadRequest,
    };
    Trouble::of(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_kind_and_its_sentence() {
        let sign_in = "First Harbor needs you to sign in again.";
        let choose = "First Harbor didn't share these accounts. Choose them again.";
        let none = "No checking or savings account was shared.";
        let down = "First Harbor isn't answering. We'll keep trying; nothing is lost.";
        let ended = "This connection has ended. Link the bank again.";
        let ours = "Something is wrong on our side. We've been told.";
        let cases = [
            ("ITEM_ERROR", "ITEM_LOGIN_REQUIRED", "needs_login", sign_in),
            ("ITEM_ERROR", "INVALID_CREDENTIALS", "needs_login", sign_in),
            ("ITEM_ERROR", "INVALID_MFA", "needs_login", sign_in),
            ("ITEM_ERROR", "ITEM_LOCKED", "needs_login", sign_in),
            ("ITEM_ERROR", "USER_SETUP_REQUIRED", "needs_login", sign_in),
            ("ITEM_ERROR", "ACCESS_NOT_GRANTED", "needs_consent", choose),
            ("ITEM_ERROR", "INSUFFICIENT_CREDENTIALS", "needs_consent", choose),
            (
                "ITEM_ERROR",
                "PRODUCT_NOT_READY",
                "not_ready",
                "Still fetching. This can take a few minutes.",
            ),
            ("INSTITUTION_ERROR", "INSTITUTION_DOWN", "institution_down", down),
            ("INSTITUTION_ERROR", "INSTITUTION_NOT_RESPONDING", "institution_down", down),
            ("RATE_LIMIT_EXCEEDED", "TRANSACTIONS_SYNC_LIMIT", "rate_limited", ""),
            ("RATE_LIMIT_EXCEEDED", "ITEM_LOGIN_REQUIRED", "rate_limited", ""),
            ("ITEM_ERROR", "NO_ACCOUNTS", "needs_consent", none),
            ("ITEM_ERROR", "NO_AUTH_ACCOUNTS", "needs_consent", none),
            ("INVALID_INPUT", "ITEM_NOT_FOUND", "gone", ended),
            ("INVALID_INPUT", "INVALID_ACCESS_TOKEN", "gone", ended),
            ("INSTITUTION_ERROR", "INSTITUTION_NO_LONGER_SUPPORTED", "gone", ended),
            ("INVALID_REQUEST", "MISSING_FIELDS", "bad_request", ours),
            ("INVALID_INPUT", "INVALID_API_KEYS", "bad_request", ours),
            ("TRANSACTIONS_ERROR", PAGES_CHANGED, "bad_request", ours),
            ("", "", "bad_request", ours),
        ];
        for (error_type, code, kind, sentence) in cases {
            let trouble = plaid_trouble(error_type, code);
            assert_eq!(trouble.kind.as_str(), kind, "{code}");
            assert_eq!(trouble.sentence("First Harbor").unwrap_or_default(), sentence, "{code}");
        }
    }

    #[test]
    fn a_kind_alone_has_a_sentence_too() {
        for kind in TroubleKind::ALL {
            let is_silent = *kind == TroubleKind::RateLimited;
            assert_eq!(kind.sentence("First Harbor").is_none(), is_silent, "{kind}");
        }
        let nameless = TroubleKind::NeedsLogin.sentence(" ").unwrap();
        assert_eq!(nameless, "Your bank needs you to sign in again.");
    }

    #[test]
    fn only_some_kinds_wait_for_the_person() {
        let waiting: Vec<&str> = TroubleKind::ALL
            .iter()
            .filter(|kind| kind.needs_person())
            .map(|kind| kind.as_str())
            .collect();
        assert_eq!(waiting, ["needs_login", "needs_consent", "gone"]);
    }
}
