use time::macros::date;

use super::*;

#[test]
fn json_is_in_camel_case_with_plain_dates() {
    let view = TransactionView {
        id: "t1".into(),
        account_id: "a1".into(),
        account_name: "Bills".to_owned(),
        account_mask: Some("6789".to_owned()),
        date: date!(2026 - 05 - 04),
        description: "SQ *BLUE BOTTLE".to_owned(),
        merchant: None,
        category: "food.coffee".to_owned(),
        r#type: TransactionType::of(-450),
        status: TransactionStatus::Completed,
        amount_cents: 450,
        signed_amount_cents: -450,
        currency: "USD".to_owned(),
        note: None,
        tags: vec!["trip".to_owned()],
        split: false,
        excluded: false,
        invented: false,
    };

    let json = serde_json::to_value(&view).unwrap();

    assert_eq!(json["accountId"], "a1");
    assert_eq!(json["date"], "2026-05-04");
    assert_eq!(json["type"], "debit");
    assert_eq!(json["signedAmountCents"], -450);
    assert_eq!(view.amount().unwrap().format(), "−$4.50");
    assert_eq!(view.title(), "SQ *BLUE BOTTLE");
    assert_eq!(serde_json::from_value::<TransactionView>(json).unwrap(), view);
}
