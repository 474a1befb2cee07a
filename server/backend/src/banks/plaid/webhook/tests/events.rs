//! What a webhook says once it is believed.

use super::*;

fn event(body: &str) -> BankEvent {
    read_event(body.as_bytes())
}

#[test]
fn every_event_of_the_table_says_what_it_should() {
    use EventKind::{
        Expiring, Ignored, LoginRepaired, LoginRequired, NewAccounts, NumbersChanged, Revoked,
        RowsAvailable, VerificationExpired, Verified,
    };
    let cases = [
        (
            recorded_plaid!("webhooks/transactions.sync_updates_available"),
            RowsAvailable { history_complete: false },
        ),
        (
            recorded_plaid!("webhooks/transactions.sync_updates_available.history"),
            RowsAvailable { history_complete: true },
        ),
        (recorded_plaid!("webhooks/transactions.initial_update"), Ignored),
        (recorded_plaid!("webhooks/transactions.historical_update"), Ignored),
        (recorded_plaid!("webhooks/transactions.default_update"), Ignored),
        (recorded_plaid!("webhooks/transactions.transactions_removed"), Ignored),
        (recorded_plaid!("webhooks/transactions.recurring_transactions_update"), Ignored),
        (recorded_plaid!("webhooks/item.error"), LoginRequired),
        (recorded_plaid!("webhooks/item.error.other"), Ignored),
        (recorded_plaid!("webhooks/item.login_repaired"), LoginRepaired),
        (
            recorded_plaid!("webhooks/item.pending_disconnect"),
            Expiring { on: parse_iso("2026-05-11") },
        ),
        (
            recorded_plaid!("webhooks/item.pending_expiration"),
            Expiring { on: parse_iso("2026-06-15") },
        ),
        (recorded_plaid!("webhooks/item.user_permission_revoked"), Revoked),
        (recorded_plaid!("webhooks/item.user_account_revoked"), Revoked),
        (recorded_plaid!("webhooks/item.new_accounts_available"), NewAccounts),
        (recorded_plaid!("webhooks/item.webhook_update_acknowledged"), Ignored),
        (recorded_plaid!("webhooks/auth.automatically_verified"), Verified),
        (recorded_plaid!("webhooks/auth.sms_microdeposits_verification"), Verified),
        (recorded_plaid!("webhooks/auth.sms_microdeposits_verification.failed"), Ignored),
        (recorded_plaid!("webhooks/auth.verification_expired"), VerificationExpired),
        (recorded_plaid!("webhooks/auth.default_update"), NumbersChanged),
        (recorded_plaid!("webhooks/holdings.default_update"), Ignored),
    ];
    for (body, kind) in cases {
        let event = event(body);
        assert_eq!((event.item_id.as_deref(), &event.kind), (Some(ITEM), &kind), "{}", event.name);
    }
}

#[test]
fn an_event_has_a_name_for_the_log_and_may_be_about_no_connection() {
    let synced = event(recorded_plaid!("webhooks/transactions.sync_updates_available"));
    let linked = event(recorded_plaid!("webhooks/link.item_add_result"));

    assert_eq!(synced.name, "TRANSACTIONS/SYNC_UPDATES_AVAILABLE");
    assert_eq!((linked.item_id, linked.kind), (None, EventKind::Ignored));
    assert_eq!(linked.name, "LINK/ITEM_ADD_RESULT");
}

#[test]
fn an_end_without_a_day_is_an_end_all_the_same() {
    for time in ["null", "\"soon\"", "\"\""] {
        let body = format!(
            r#"{{"webhook_type":"ITEM","webhook_code":"PENDING_DISCONNECT","item_id":"i","disconnect_time":{time}}}"#
        );
        assert_eq!(event(&body).kind, EventKind::Expiring { on: None }, "{time}");
    }
}

#[test]
fn a_signed_body_that_cannot_be_read_says_nothing() {
    for body in ["", "[]", "{}", r#"{"webhook_type":7,"webhook_code":"X"}"#] {
        let event = event(body);
        assert_eq!(
            (event.item_id, event.kind, &*event.name),
            (None, EventKind::Ignored, "UNREADABLE")
        );
    }
    let odd = event(r#"{"webhook_type":"a\r\nb","webhook_code":"<b>","item_id":"a b"}"#);
    assert_eq!((&*odd.name, odd.item_id), ("UNKNOWN/UNKNOWN", None));
}
