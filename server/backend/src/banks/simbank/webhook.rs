//! What the bank tells us by itself. The signature is a sealed hash of the body, which only this program can make.

use domain::day;
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::Simbank;
use crate::banks::{BankEvent, EventKind};

/// Carries the signature.
const HEADER: &str = "simbank-signature";
const PLACE: &str = "simbank:webhook";

#[derive(Serialize, Deserialize)]
struct Body {
    item: Option<String>,
    event: String,
    #[serde(default, with = "day::iso::option", skip_serializing_if = "Option::is_none")]
    on: Option<domain::Date>,
}

/// The words of the events.
fn kind(word: &str, on: Option<domain::Date>) -> EventKind {
    match word {
        "rows" => EventKind::RowsAvailable { history_complete: true },
        "login_required" => EventKind::LoginRequired,
        "login_repaired" => EventKind::LoginRepaired,
        "expiring" => EventKind::Expiring { on },
        "revoked" => EventKind::Revoked,
        "new_accounts" => EventKind::NewAccounts,
        "verified" => EventKind::Verified,
        "verification_expired" => EventKind::VerificationExpired,
        "numbers_changed" => EventKind::NumbersChanged,
        _ => EventKind::Ignored,
    }
}

impl Simbank {
    /// The body of a webhook and the header that signs it: `rows`, `login_required`, `login_repaired`, `expiring`,
    /// `revoked`, `new_accounts`, `verified`, `verification_expired`, `numbers_changed`.
    pub fn webhook(
        &self,
        item: Option<&str>,
        event: &str,
        on: Option<domain::Date>,
    ) -> (&'static str, String, String) {
        let body = Body { item: item.map(str::to_owned), event: event.to_owned(), on };
        let body = serde_json::to_string(&body).unwrap_or_default();
        let signature = self.vault.seal_waiting(PLACE, &hash(body.as_bytes()));
        (HEADER, signature, body)
    }

    /// What a webhook is about; nothing when it is not the bank's.
    pub(super) fn read_webhook(&self, headers: &HeaderMap, body: &[u8]) -> Option<BankEvent> {
        let signature = headers.get(HEADER)?.to_str().ok()?;
        let signed = self.vault.open_waiting(PLACE, signature).ok()?;
        if !bool::from(signed.as_bytes().ct_eq(hash(body).as_bytes())) {
            return None;
        }
        let body: Body = serde_json::from_slice(body).ok()?;
        Some(BankEvent { item_id: body.item, kind: kind(&body.event, body.on), name: body.event })
    }
}

fn hash(body: &[u8]) -> String {
    hex::encode(Sha256::digest(body))
}
