use proptest::prelude::*;
use time::macros::date;

use super::*;

fn cursor() -> Cursor {
    Cursor {
        date: date!(2026 - 05 - 04),
        id: TransactionId::new("0197f0c2-7c1a-7cc0-8000-1234567890ab"),
        direction: Direction::Next,
        filter: 7,
    }
}

fn request(query: &str) -> Result<PageRequest, Vec<String>> {
    PageRequest::from_query(&query::parse(query), 7)
        .map_err(|errors| errors.into_iter().map(|error| error.code).collect())
}

fn refused(code: &str) -> Result<PageRequest, Vec<String>> {
    Err(vec![code.to_owned()])
}

#[test]
fn nothing_asked_for_is_the_first_fifty() {
    assert_eq!(request(""), Ok(PageRequest::default()));
    assert_eq!(request("page=&limit="), Ok(PageRequest::Page { page: 1, limit: 50 }));
    assert_eq!(request("page=3&limit=20").unwrap().offset(), 40);
}

#[test]
fn numbers_out_of_range_have_their_codes() {
    for limit in ["0", "-1", "201", "ten", "1.5", "99999999999999999999"] {
        assert_eq!(request(&format!("limit={limit}")), refused("limit_range"), "{limit}");
    }
    for page in ["0", "-1", "one", "1e3"] {
        assert_eq!(request(&format!("page={page}")), refused("page_range"), "{page}");
    }
    assert_eq!(
        request("page=x&limit=x"),
        Err(vec!["limit_range".to_owned(), "page_range".to_owned()])
    );
}

#[test]
fn numbered_pages_end_after_ten_thousand_rows() {
    assert_eq!(request("page=50&limit=200"), Ok(PageRequest::Page { page: 50, limit: 200 }));
    assert_eq!(request("page=51&limit=200"), refused("page_too_deep"));
    assert_eq!(request("page=9223372036854775807&limit=200"), refused("page_too_deep"));
}

#[test]
fn a_cursor_wins_over_a_page() {
    let query = format!("page=4&limit=20&cursor={}", cursor().encode());
    assert_eq!(request(&query), Ok(PageRequest::Cursor { cursor: cursor(), limit: 20 }));
}

#[test]
fn a_cursor_of_other_filters_is_a_mismatch() {
    let other = Cursor { filter: 8, ..cursor() };
    assert_eq!(request(&format!("cursor={}", other.encode())), refused("cursor_mismatch"));
}

#[test]
fn garbage_is_not_a_cursor() {
    let mut bytes = URL_SAFE_NO_PAD.decode(cursor().encode()).unwrap();
    bytes[0] = 2;
    let newer = URL_SAFE_NO_PAD.encode(&bytes);
    let short = URL_SAFE_NO_PAD.encode(&bytes[..14]);
    let long = "A".repeat(5000);
    let quote = Cursor { id: TransactionId::new("a'b"), ..cursor() }.encode();
    for text in ["x", "====", "AAAA", newer.as_str(), short.as_str(), long.as_str(), quote.as_str()]
    {
        assert_eq!(Cursor::decode(text), Err(Code::CursorInvalid), "{text}");
    }
}

#[test]
fn the_last_page_may_be_short() {
    assert_eq!(total_pages(0, 50), 0);
    assert_eq!(total_pages(50, 50), 1);
    assert_eq!(total_pages(51, 50), 2);
    assert_eq!(total_pages(1, 0), 0);
}

proptest! {
    #[test]
    fn a_cursor_survives_the_way_through_an_address(
        day in 2_415_021_i32..2_524_594, id in "[a-zA-Z0-9_-]{1,64}", back in any::<bool>(), filter in any::<u64>()
    ) {
        let cursor = Cursor {
            date: Date::from_julian_day(day).unwrap(),
            id: TransactionId::new(id),
            direction: if back { Direction::Previous } else { Direction::Next },
            filter,
        };

        prop_assert_eq!(Cursor::decode(&cursor.encode()), Ok(cursor.clone()));
        prop_assert!(cursor.encode().bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
    }

    #[test]
    fn any_text_is_answered_without_a_panic(text in "\\PC{0,60}") {
        let _ = Cursor::decode(&text);
    }
}
