use time::macros::{date, datetime};

use crate::{Timestamp, both_engines, fetch_one};

#[derive(sqlx::FromRow)]
struct Values {
    at: Timestamp,
    missing: Option<Timestamp>,
    day: time::Date,
    sum: i64,
    yes: bool,
    bytes: Vec<u8>,
}

both_engines! {
    async fn each_kind_of_value_comes_back_as_it_went_in(db: TestDb) {
        let at = datetime!(2026-05-04 12:00:00.405 UTC);
        let mut tx = db.db.system().read().await.unwrap();

        let row: Values = fetch_one!(
            tx,
            sqlite: r#"select $1 as "at", $2 as "missing", $3 as "day", cast($4 as bigint) as "sum", $5 as "yes", $6 as "bytes""#,
            postgres: r#"select $1::timestamptz as "at", $2::timestamptz as "missing", $3::date as "day",
                                $4::bigint as "sum", $5::boolean as "yes", $6::bytea as "bytes""#,
            Timestamp::from(at),
            None::<Timestamp>,
            date!(2026 - 02 - 28),
            i64::MIN,
            true,
            vec![0_u8, 255],
        ).unwrap();

        assert_eq!(time::OffsetDateTime::from(row.at), at);
        assert_eq!(row.missing, None);
        assert_eq!(row.day, date!(2026 - 02 - 28));
        assert_eq!(row.sum, i64::MIN);
        assert!(row.yes);
        assert_eq!(row.bytes, [0, 255]);
    }
}
