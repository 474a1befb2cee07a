//! What a webhook says. It is believed by now; all of them mean: look again.

use domain::{Date, day::parse_iso};
use serde::Deserialize;

use crate::banks::{
    BankEvent, EventKind, TroubleKind,
    plaid::{
        error::{ErrorBody, code_word},
        ident,
    },
};

#[derive(Deserialize)]
struct Webhook {
    #[serde(rename = "webhook_type")]
    area: String,
    #[serde(rename = "webhook_code")]
    code: String,
    item_id: Option<String>,
    error: Option<ErrorBody>,
    #[serde(default)]
    historical_update_complete: bool,
    disconnect_time: Option<String>,
    consent_expiration_time: Option<String>,
    status: Option<String>,
}

/// Reads a body that was verified before. One that cannot be read says nothing that we act on.
pub(in crate::banks::plaid) fn read_event(body: &[u8]) -> BankEvent {
    let Ok(webhook) = serde_json::from_slice::<Webhook>(body) else {
        tracing::error!("a signed webhook of Plaid cannot be read");
        return BankEvent {
            item_id: None,
            kind: EventKind::Ignored,
            name: "UNREADABLE".to_owned(),
        };
    };
    let (kind, code) = (code_word(&webhook.area), code_word(&webhook.code));
    let name = format!("{kind}/{code}");
    let item_id = webhook.item_id.as_deref().and_then(ident);
    BankEvent { item_id, kind: webhook.kind(), name }
}

impl Webhook {
    fn kind(&self) -> EventKind {
        match (&*self.area, &*self.code) {
            ("TRANSACTIONS", "SYNC_UPDATES_AVAILABLE") => {
                EventKind::RowsAvailable { history_complete: self.historical_update_complete }
            }
            ("ITEM", "ERROR") if self.needs_login() => EventKind::LoginRequired,
            ("ITEM", "LOGIN_REPAIRED") => EventKind::LoginRepaired,
            ("ITEM", "PENDING_DISCONNECT") => {
                EventKind::Expiring { on: self.disconnect_time.as_deref().and_then(day) }
            }
            ("ITEM", "PENDING_EXPIRATION") => {
                EventKind::Expiring { on: self.consent_expiration_time.as_deref().and_then(day) }
            }
            ("ITEM", "USER_PERMISSION_REVOKED" | "USER_ACCOUNT_REVOKED") => EventKind::Revoked,
            ("ITEM", "NEW_ACCOUNTS_AVAILABLE") => EventKind::NewAccounts,
            ("AUTH", "AUTOMATICALLY_VERIFIED") => EventKind::Verified,
            ("AUTH", "SMS_MICRODEPOSITS_VERIFICATION") if self.is_verified() => EventKind::Verified,
            ("AUTH", "VERIFICATION_EXPIRED") => EventKind::VerificationExpired,
            ("AUTH", "DEFAULT_UPDATE") => EventKind::NumbersChanged,
            _ => EventKind::Ignored,
        }
    }

    fn needs_login(&self) -> bool {
        let trouble = self.error.as_ref().map(ErrorBody::trouble);
        trouble.is_some_and(|trouble| trouble.kind == TroubleKind::NeedsLogin)
    }

    /// It says so of tries that all failed, too.
    fn is_verified(&self) -> bool {
        self.status.as_deref() != Some("VERIFICATION_FAILED")
    }
}

/// The day of an instant of ISO 8601, in UTC as it is written there.
fn day(instant: &str) -> Option<Date> {
    parse_iso(instant.get(..10)?)
}
